import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Settings {
  host: string
  port: number
  user: string
  password: string
  database: string
}

/** A private MariaDB server on loopback with a data folder of its own; nothing of it is left after `stop`. */
export interface MariaDB {
  settings: Settings
  /** A fresh, empty database on the server, and its settings. */
  database(): Promise<Settings>
  /** SIGKILL, as a power loss of the database server looks to its clients. */
  kill(): Promise<void>
  /** Starts the killed server again, on the same port and data. */
  start(): Promise<void>
  stop(): Promise<void>
}

const START_MS = 60_000

export async function launchMariaDB(): Promise<MariaDB> {
  const server = find('mariadbd') ?? find('mysqld')
  const installer = find('mariadb-install-db') ?? find('mysql_install_db')
  const client = find('mariadb') ?? find('mysql')
  if (!server || !installer || !client) {
    throw new Error('no MariaDB server found (mariadbd, mariadb-install-db, mariadb): install mariadb-server')
  }
  const folder = mkdtempSync(join(tmpdir(), 'space-mariadb-'))
  const data = join(folder, 'data')
  const socket = join(folder, 's')
  const log = join(folder, 'log')
  // A server that starts removes what it takes for left-over temporary tables, also those of one that runs beside it.
  const tables = join(folder, 'tmp')
  mkdirSync(tables)
  const root = process.getuid?.() === 0 ? ['--user=root'] : []
  run(installer, [
    '--no-defaults',
    `--datadir=${data}`,
    `--tmpdir=${tables}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...root,
  ])
  const port = await freePort()
  let process_: ChildProcess | undefined
  let guard: ChildProcess | undefined
  let count = 0

  const sql = (text: string) =>
    run(client, ['--no-defaults', `--socket=${socket}`, '--user=root', '-e', text])

  async function start(): Promise<void> {
    const child = spawn(
      server!,
      [
        '--no-defaults',
        `--datadir=${data}`,
        `--tmpdir=${tables}`,
        `--socket=${socket}`,
        `--pid-file=${join(folder, 'pid')}`,
        `--log-error=${log}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--innodb-buffer-pool-size=64M',
        '--innodb-log-file-size=16M',
        '--max-connections=100',
        ...root,
      ],
      { stdio: 'ignore' },
    )
    process_ = child
    guard?.kill()
    guard = guardOver(child, folder)
    const deadline = Date.now() + START_MS
    while (!(await answers(port))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`MariaDB did not start:\n${existsSync(log) ? readFileSync(log, 'utf8') : ''}`)
      }
      await sleep(100)
    }
  }

  async function kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = process_
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exit = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await exit
  }

  await start()
  sql(`CREATE USER 'space'@'%' IDENTIFIED BY 'secret'; GRANT ALL ON *.* TO 'space'@'%'; FLUSH PRIVILEGES`)
  const settings = { host: '127.0.0.1', port, user: 'space', password: 'secret', database: 'space' }
  return {
    settings,
    async database() {
      const database = `space_${process.pid}_${++count}`
      sql(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`)
      return Promise.resolve({ ...settings, database })
    },
    kill: () => kill(),
    start,
    async stop() {
      await kill('SIGTERM')
      guard?.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** However this process ends: the end of its pipe takes the server and its data along. */
function guardOver(server: ChildProcess, folder: string): ChildProcess {
  const script = 'cat > /dev/null; kill -9 "$0"; sleep 1; rm -rf "$1"'
  const guard = spawn('sh', ['-c', script, String(server.pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  guard.unref()
  return guard
}

function find(program: string): string | undefined {
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    '/usr/sbin',
    '/sbin',
    '/usr/local/sbin',
    '/usr/libexec',
  ]
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
}

function run(program: string, args: string[]): void {
  const { status, stderr, stdout, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? ''}${stderr}${stdout}`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    // The server speaks first, once it is ready to.
    socket.once('data', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}
