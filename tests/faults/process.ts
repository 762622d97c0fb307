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
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.child.stdout.on('data', (data: Buffer) => (this.output += data.toString()))
    // What is written to one that has just ended is lost, and nobody minds.
    this.child.stdin.on('error', () => undefined)
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

  /** Gives an order, see `sender.ts`. */
  order(line: string): void {
    if (this.alive) this.child.stdin.write(`${line}\n`)
  }

  /** Messages that it was told to take back, and has, before they had begun. */
  get cancelled(): Set<string> {
    const done = this.lines.filter((line) => line.startsWith('cancelled 1 '))
    return new Set(done.map((line) => line.slice('cancelled 1 '.length)))
  }

  /** SIGKILL; waits until it is dead. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.exited
  }

  /** Waits until everything is sent. */
  async finish(): Promise<Remainder> {
    await this.exited
    const rest = this.lines.find((line) => line.startsWith('rest '))
    if (!rest) throw new Error('a sender ended without a word')
    return JSON.parse(rest.slice('rest '.length)) as Remainder
  }
}
