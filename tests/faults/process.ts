import { buildSync } from 'esbuild'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import type { Job, Remainder } from './sender'

const root = resolve(import.meta.dirname ?? __dirname, '../..')
const built = join(root, 'node_modules/.cache/space-faults/sender.js')

/** One file, so that a process that is to be killed 200 times starts quickly. */
export function buildSender(): void {
  buildSync({
    entryPoints: [join(root, 'tests/faults/sender.ts')],
    outfile: built,
    bundle: true,
    platform: 'node',
    target: 'node20',
    conditions: ['development'],
    external: [
      'koishi',
      'minato',
      '@koishijs/*',
      '@minatojs/*',
      '@satorijs/*',
      '@wecom/*',
      '@vlasky/*',
    ].concat(['koishi-plugin-adapter-onebot', 'node-sqlite3-wasm', 'ws', 'mysql2']),
    logLevel: 'error',
  })
}

/** A process that sends. */
export class Sender {
  private readonly child
  private readonly exited
  private output = ''

  constructor(job: Job) {
    this.child = spawn(process.execPath, [built, JSON.stringify(job)], {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.child.stdout.on('data', (data: Buffer) => (this.output += data.toString()))
    this.exited = once(this.child, 'close')
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** The name under which it leases messages; undefined before it has an outbox. */
  get outbox(): string | undefined {
    return this.lines[0]
  }

  private get lines(): string[] {
    return this.output.split('\n').slice(0, -1)
  }

  /** SIGKILL; waits until it is dead. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.exited
  }

  /** Waits until everything is sent. */
  async finish(): Promise<Remainder> {
    await this.exited
    const rest = this.lines[1]
    if (!rest) throw new Error('a sender ended without a word')
    return JSON.parse(rest) as Remainder
  }
}
