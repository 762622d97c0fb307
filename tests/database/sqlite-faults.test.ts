import { Context } from 'koishi'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ready } from './stores'

const root = resolve(import.meta.dirname, '../..')
const node = ['-r', 'tsx/cjs', '-C', 'development', resolve(import.meta.dirname, 'writer.ts')]
const KILLS = 20

let folder: string
let path: string
const open: Context[] = []
const children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'space-faults-'))
  path = join(folder, 'data', 'space.db')
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const app of open.splice(0)) await close(app)
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<Context> {
  const app = new Context()
  open.push(app)
  const failed = new Promise<never>((_, reject) => app.on('internal/error' as never, reject as never))
  failed.catch(() => {})
  app.plugin(sqlite, { path })
  await app.start()
  await Promise.race([ready(app), failed])
  return app
}

async function close(app: Context): Promise<void> {
  if (open.includes(app)) open.splice(open.indexOf(app), 1)
  app.registry.delete(sqlite as never)
  await sleep(20)
  await app.stop()
}

/** A writing process, and the last batch that it said was stored. */
function writer(): {
  child: ChildProcess
  acknowledged: () => number
  first: Promise<void>
  errors: () => string
} {
  const child = spawn(process.execPath, [...node, path], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let [output, errors] = ['', '']
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const first = new Promise<void>((found, failed) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (/^\d+\n/.test(output)) found()
    })
    child.once('exit', () => failed(new Error(`the writer ended: ${errors}`)))
  })
  const acknowledged = () => Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1))
  return { child, acknowledged, first, errors: () => errors }
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = new Promise((found) => child.once('close', found))
  child.kill('SIGKILL')
  await exit
}

describe('the database file', () => {
  it(`keeps all that was acknowledged, whole, through ${KILLS} kills, and opens by itself after each`, async () => {
    let last = 0
    for (let round = 0; round < KILLS; round++) {
      const { child, acknowledged, first } = writer()
      await first
      await sleep(Math.random() * 250)
      await kill(child)
      const app = await start()
      const [check] = await app.bulk.rows<{ integrity_check: string }>('PRAGMA integrity_check')
      expect(check?.integrity_check).toBe('ok')
      const batches = await app.bulk.rows<{ batch: number; lines: number }>(
        'SELECT batch, count(*) AS lines FROM test_line GROUP BY batch ORDER BY batch',
      )
      expect(batches.length).toBeGreaterThanOrEqual(acknowledged())
      expect(acknowledged()).toBeGreaterThan(last)
      expect(batches.map(({ batch }) => batch)).toEqual(batches.map((_, index) => index + 1))
      for (const { batch, lines } of batches) expect(lines).toBe(batch % 7 === 0 ? 3000 : 3)
      last = batches.length
      await close(app)
    }
  }, 400_000)

  it('is refused to a second process, in one sentence that names the first', async () => {
    const { child, first } = writer()
    await first
    const refused = start()
    await expect(refused).rejects.toBeInstanceOf(sqlite.DatabaseInUseError)
    await expect(refused).rejects.toMatchObject({ code: 'database-in-use', params: { path, pid: child.pid } })
    await expect(refused).rejects.toThrow(new RegExp(`^[^\\n]*${child.pid}[^\\n]*$`))
    const second = writer()
    await expect(second.first).rejects.toThrow('the writer ended')
    expect(second.errors()).toContain(String(child.pid))
    await kill(child)
    await start()
  }, 60_000)

  it('is refused while this process holds it already, and free once it is closed', async () => {
    const app = await start()
    const waiting = start()
    await sleep(100)
    await close(app)
    await waiting
  })

  it.each([
    ['of a process that is no more', (pid: number) => ({ pid, started: '1' })],
    ['of a pid that another process has now', () => ({ pid: 1, started: '99999999999' })],
    ['of this pid, from before the container started again', () => ({ pid: process.pid, started: '1' })],
  ])('opens over the lock %s', async (_, owner) => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid
    const { hostname } = await import('node:os')
    mkdirSync(join(folder, 'data', 'space.db.lock'), { recursive: true })
    writeFileSync(`${path}.pid`, JSON.stringify({ host: hostname(), id: 'x', ...owner(gone) }))
    await start()
    expect(JSON.parse(readFileSync(`${path}.pid`, 'utf8'))).toMatchObject({ pid: process.pid })
  })

  it('opens over a lock file that a power loss has cut off', async () => {
    mkdirSync(join(folder, 'data'))
    writeFileSync(`${path}.pid`, '')
    await start()
  })

  describe('on a disk that several hosts share', () => {
    const elsewhere = { pid: 1, host: 'elsewhere', started: '1', id: 'x' }

    it('stays closed as long as its owner gives signs of life', async () => {
      mkdirSync(join(folder, 'data'))
      writeFileSync(`${path}.pid`, JSON.stringify(elsewhere))
      const beat = setInterval(() => utimesSync(`${path}.pid`, new Date(), new Date()), 300)
      await expect(start()).rejects.toThrow('elsewhere')
      clearInterval(beat)
    })

    it('opens when there has been none for a while', async () => {
      mkdirSync(join(folder, 'data'))
      writeFileSync(`${path}.pid`, JSON.stringify(elsewhere))
      const past = new Date(Date.now() - 19_000)
      utimesSync(`${path}.pid`, past, past)
      await start()
    })
  })

  it('leaves nothing beside itself when it is closed', async () => {
    await close(await start())
    expect(readdirSync(join(folder, 'data'))).toEqual(['space.db'])
  })

  it('says what is wrong with a file that is no database', async () => {
    mkdirSync(join(folder, 'data'))
    writeFileSync(path, 'this is a spreadsheet, really '.repeat(100))
    await expect(start()).rejects.toThrow(`数据库文件 ${path} 打不开（file is not a database）`)
    expect(existsSync(`${path}.pid`)).toBe(false)
  })

  it('is told to write through to the disk', async () => {
    const app = await start()
    const [row] = await app.bulk.rows<{ synchronous: number }>('PRAGMA synchronous')
    expect(row?.synchronous).toBe(2)
  })

  it('is synced at every commit, seen by the kernel', async () => {
    if (spawnSync('strace', ['-V']).status !== 0) return
    const log = join(folder, 'strace')
    const child = spawn(
      'strace',
      ['-f', '-e', 'trace=fsync,fdatasync,write', '-o', log, process.execPath, ...node, path],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'ignore'],
        detached: true,
      },
    )
    let lines = 0
    await new Promise<void>((found) => {
      child.stdout.on('data', (chunk: Buffer) => {
        lines += chunk.toString().split('\n').length - 1
        if (lines >= 20) found()
      })
    })
    process.kill(-child.pid!, 'SIGKILL')
    await new Promise((found) => child.once('close', found))
    // Between two acknowledgements on standard output there is a sync.
    const calls = readFileSync(log, 'utf8').split('\n')
    const events = calls.flatMap((call) =>
      /write\(1, "\d+\\n"/.test(call) ? 'told' : /f(data)?sync\(/.test(call) ? 'synced' : [],
    )
    expect(events.filter((event) => event === 'told').length).toBeGreaterThanOrEqual(15)
    expect(events.join(' ')).not.toContain('told told')
  }, 60_000)

  it('reports a commit that fails, stores nothing of it, and goes on', async () => {
    const app = await start()
    await app.bulk.run('PRAGMA foreign_keys = ON')
    await app.bulk.run('CREATE TABLE parent (id INTEGER PRIMARY KEY)')
    await app.bulk.run('CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)')
    const failing = app.database.withTransaction(async () => {
      await app.bulk.run('INSERT INTO child VALUES (?)', [1])
    })
    await expect(failing).rejects.toThrow('FOREIGN KEY')
    await app.database.withTransaction(async () => {
      await app.bulk.run('INSERT INTO parent VALUES (?)', [1])
    })
    expect(await app.bulk.rows('SELECT * FROM child')).toEqual([])
    expect(await app.bulk.rows('SELECT * FROM parent')).toEqual([{ id: 1 }])
  })
})
