import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')
const bin = resolve(root, 'plugins/cli/bin.cjs')

/** Nothing of the machine's own settings reaches the command line under test. */
const nothing = {
  MYSQL_HOST: '',
  QQ_ID: '',
  ONEBOT_SELF_ID: '',
  WECOM_BOT_ID: '',
  WECOM_WEBHOOKS: '',
  SPACE_DEMO: '',
  SPACE_LOCALE: '',
}

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

/** A `space` command that runs; `said` waits for a text of its output. */
export class Space {
  stdout = ''
  stderr = ''
  readonly ended: Promise<Outcome>
  private readonly child
  private readonly listeners = new Set<() => void>()

  constructor(args: string[], env: Record<string, string> = {}, program = bin) {
    this.child = spawn(process.execPath, [program, ...args], {
      cwd: root,
      env: { ...process.env, ...nothing, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout.on('data', (data: Buffer) => this.heard('stdout', data))
    this.child.stderr.on('data', (data: Buffer) => this.heard('stderr', data))
    this.ended = new Promise((done) => {
      this.child.on('close', (code) => done({ code, stdout: this.stdout, stderr: this.stderr }))
    })
  }

  get pid(): number {
    return this.child.pid!
  }

  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    this.child.kill(signal)
  }

  async said(text: string): Promise<void> {
    const heard = new Promise<void>((done) => {
      const look = () => {
        if (!`${this.stdout}${this.stderr}`.includes(text)) return
        this.listeners.delete(look)
        done()
      }
      this.listeners.add(look)
      look()
    })
    const over = this.ended.then(({ code, stdout, stderr }) => {
      throw new Error(`ended with ${code} before it said "${text}":\n${stdout}${stderr}`)
    })
    await Promise.race([heard, over])
  }

  private heard(stream: 'stdout' | 'stderr', data: Buffer): void {
    this[stream] += data.toString()
    for (const look of [...this.listeners]) look()
  }
}

/** Runs a `space` command to its end. */
export function space(args: string[], env?: Record<string, string>): Promise<Outcome> {
  return new Space(args, env).ended
}

/** A port of the loopback address that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => done(port))
    })
  })
}
