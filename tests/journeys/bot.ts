import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, root, space } from '../cli/space'
import type { Settings } from '../database/mariadb'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot, SayOptions } from '../platforms/onebot'

/** Nothing of the machine's own settings reaches the bot under test. */
const nothing = { MYSQL_HOST: '', QQ_ID: '', WECOM_BOT_ID: '', WECOM_WEBHOOKS: '', SPACE_DEMO: '' }

/** How long a reply may take on a machine that has other things to do. */
const patient: SayOptions = { wait: 30_000, quiet: 400 }

export interface Wiring {
  scheme: string
  /** SQLite when there is none. */
  mysql?: Settings
}

/** The bot as `space start` runs it, in a process of its own, connected to a OneBot implementation on loopback. */
export class Bot {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'space-journey-'))
  /** Everything that the process wrote. */
  log = ''
  private process?: ChildProcess
  private starts = 0

  private constructor(
    readonly qq: FakeOneBot,
    private readonly wiring: Wiring,
  ) {}

  static async create(wiring: Wiring): Promise<Bot> {
    return new Bot(await startFakeOneBot({ selfId: '10001', token: 'loopback' }), wiring)
  }

  private get env(): Record<string, string> {
    const { mysql, scheme } = this.wiring
    return {
      ...nothing,
      DATA_DIR: this.dataDir,
      SCHEME: scheme,
      // The fake platform serves files on loopback.
      ATTACHMENT_HOSTS: '127.0.0.1',
      ...(mysql && {
        MYSQL_HOST: mysql.host,
        MYSQL_PORT: String(mysql.port),
        MYSQL_USER: mysql.user,
        MYSQL_PASSWORD: mysql.password,
        MYSQL_DATABASE: mysql.database,
      }),
    }
  }

  /** Runs a `space` command on the same database. */
  space(...args: string[]) {
    return space(args, this.env)
  }

  async start(): Promise<void> {
    const command = ['-r', 'tsx/cjs', '-C', 'development', 'plugins/cli/source.cjs', 'start']
    const child = spawn(process.execPath, command, {
      cwd: root,
      env: {
        ...process.env,
        ...this.env,
        NODE_OPTIONS: '',
        PORT: String(await freePort()),
        ONEBOT_SELF_ID: this.qq.selfId,
        ONEBOT_PROTOCOL: 'ws',
        ONEBOT_ENDPOINT: this.qq.endpoint,
        ONEBOT_TOKEN: 'loopback',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.process = child
    child.stdout.on('data', (data: Buffer) => (this.log += data.toString()))
    child.stderr.on('data', (data: Buffer) => (this.log += data.toString()))
    const ended = new Promise<never>((_, reject) =>
      child.once('exit', (code) => reject(new Error(`ended with ${code} at start:\n${this.log}`))),
    )
    ended.catch(() => undefined)
    await Promise.race([this.qq.online(++this.starts), ended])
    await Promise.race([this.listening(), ended])
  }

  /** The connection is there before the services have read the database; what is said until then is answered later. */
  private async listening(): Promise<void> {
    const heard = await this.qq.say('90001', '90000', '/帮助', { wait: 60_000, quiet: 50 })
    if (!heard.length) throw new Error(`nothing was answered after the start:\n${this.log}`)
  }

  get alive(): boolean {
    return this.process?.exitCode === null && this.process.signalCode === null
  }

  /** The exit code after SIGTERM; null after SIGKILL. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.process
    if (!child || !this.alive) return child?.exitCode ?? null
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
    child.kill(signal)
    return exit
  }

  /** Somebody says something in a group; all that the bot answers there, in one text. */
  async say(group: string, user: string, text: string, options: SayOptions = {}): Promise<string> {
    return (await this.qq.say(group, user, text, { ...patient, ...options })).join('\n---\n')
  }

  async whisper(user: string, text: string, options: SayOptions = {}): Promise<string> {
    return (await this.qq.whisper(user, text, { ...patient, ...options })).join('\n---\n')
  }

  /** Everything that somebody was told in private. */
  privately(user: string): string[] {
    return this.qq.delivered.filter((each) => !each.group && each.user === user).map(({ text }) => text)
  }

  /** Sends a file in private as the import command asks for it; the preview. */
  async hand(user: string, file: { name: string; bytes: Uint8Array }, command = '/导入'): Promise<string> {
    await this.whisper(user, command)
    // "Still reading" may come before the preview.
    const replies = await this.qq.whisperFile(user, file, { wait: 30_000, quiet: 1500 })
    return replies.at(-1) ?? ''
  }

  async close(): Promise<void> {
    await this.stop('SIGKILL')
    await this.qq.close()
    rmSync(this.dataDir, { recursive: true, force: true })
  }
}
