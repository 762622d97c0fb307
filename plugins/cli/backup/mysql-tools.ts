import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { text as textOf } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { text } from '../text'

const setting = (name: string, otherwise = '') => process.env[name]?.trim() || otherwise

/** The database of the settings, as the server's own programs are told of it; the password is in no list of processes. */
function connection(): { args: string[]; env: NodeJS.ProcessEnv } {
  const args = [
    `--host=${setting('MYSQL_HOST')}`,
    `--port=${setting('MYSQL_PORT', '3306')}`,
    `--user=${setting('MYSQL_USER', 'root')}`,
    '--protocol=tcp',
    '--default-character-set=utf8mb4',
  ]
  return { args, env: { ...process.env, MYSQL_PWD: process.env['MYSQL_PASSWORD'] ?? '' } }
}

/** Runs the first of two programs that there is; both servers have the same under two names. */
async function start(names: readonly [string, string], args: readonly string[]): Promise<ChildProcess> {
  for (const name of names) {
    const { args: server, env } = connection()
    const child = spawn(name, ['--no-defaults', ...server, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] })
    const failed = await Promise.race([
      once(child, 'spawn').then(() => false),
      once(child, 'error').then(() => true),
    ])
    if (!failed) return child
  }
  throw new Error(text('mysql-no-tool', { name: names[0] }))
}

/** Waits for the end; a program that complains is quoted. */
async function finish(child: ChildProcess, complaint: Promise<string>): Promise<void> {
  const code = child.exitCode ?? ((await once(child, 'close')) as [number | null])[0]
  if (code === 0) return
  const lines = (await complaint).split('\n').filter((line) => line.trim())
  throw new Error(text('mysql-tool-failed', { reason: lines.at(-1) ?? String(code) }))
}

const streamsOf = ({ stdin, stdout, stderr }: ChildProcess) => {
  if (!stdin || !stdout || !stderr) throw new Error('a program was started without pipes')
  return { stdin, stdout, stderr }
}

/** Writes the database as it is at one moment, one row a line, while others go on. */
export async function dumpMysql(path: string): Promise<void> {
  const options = [
    '--single-transaction',
    '--quick',
    '--hex-blob',
    '--skip-extended-insert',
    '--no-autocommit',
  ]
  const also = [
    '--skip-lock-tables',
    '--skip-triggers',
    '--no-tablespaces',
    setting('MYSQL_DATABASE', 'space'),
  ]
  const child = await start(['mariadb-dump', 'mysqldump'], [...options, ...also])
  const { stdin, stdout, stderr } = streamsOf(child)
  stdin.end()
  const complaint = textOf(stderr)
  await pipeline(stdout, createWriteStream(path, { mode: 0o600 }))
  await finish(child, complaint)
}

/** Rows of each table in a dump; throws when it is not whole. */
export async function countDump(path: string): Promise<Record<string, number>> {
  const tables: Record<string, number> = {}
  let last = ''
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const made = /^CREATE TABLE `([^`]+)`/.exec(line)?.[1]
    if (made !== undefined) tables[made] ??= 0
    const filled = /^INSERT INTO `([^`]+)`/.exec(line.slice(0, 200))?.[1]
    if (filled !== undefined) tables[filled] = (tables[filled] ?? 0) + 1
    if (line) last = line.slice(0, 100)
  }
  if (!last.startsWith('-- Dump completed')) throw new Error(text('backup-cut-off'))
  return tables
}

/** What the database answers to statements, a line for each row, columns parted by tabs. */
export async function askMysql(sql: string): Promise<string[]> {
  const args = ['--batch', '--skip-column-names', setting('MYSQL_DATABASE', 'space'), '--execute', sql]
  const child = await start(['mariadb', 'mysql'], args)
  const { stdin, stdout, stderr } = streamsOf(child)
  stdin.end()
  const complaint = textOf(stderr)
  const answer = await textOf(stdout)
  await finish(child, complaint)
  return answer.split('\n').filter(Boolean)
}

/** Rows of each table of the database. */
export async function countMysql(): Promise<Record<string, number>> {
  const names = await askMysql(`SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'`)
  const tables: Record<string, number> = {}
  for (const line of names) {
    const name = line.split('\t')[0] ?? ''
    tables[name] = Number((await askMysql(`SELECT COUNT(*) FROM \`${name.replaceAll('`', '``')}\``))[0])
  }
  return tables
}

/** Runs a dump against the database. */
export async function loadDump(path: string): Promise<void> {
  const child = await start(['mariadb', 'mysql'], [setting('MYSQL_DATABASE', 'space')])
  const { stdin, stdout, stderr } = streamsOf(child)
  const complaint = textOf(stderr)
  stdout.resume()
  // A program that gives up closes its end first; what it says is more useful than that.
  await pipeline(createReadStream(path), stdin).catch(() => undefined)
  await finish(child, complaint)
}
