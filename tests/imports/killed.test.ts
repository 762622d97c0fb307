import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { Context } from 'koishi'
import { parseDay } from '@space-assistant/core/scheme/calendar'
import { loadServices } from './app'

const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'space-imports-'))
const path = join(folder, 'space.db')
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the importing process and kills it so long after it says that it begins to store. */
function importAndKill(number: number, delay: number): Promise<string> {
  const tsx = createRequire(import.meta.url).resolve('tsx/cjs')
  const args = [
    '-C',
    'development',
    '-r',
    tsx,
    join(import.meta.dirname, 'killed.process.ts'),
    path,
    String(number),
  ]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  return new Promise((done) => {
    child.stdout.on('data', (piece: Buffer) => {
      if (!said.includes('storing') && (said + piece.toString()).includes('storing'))
        setTimeout(() => child.kill('SIGKILL'), delay)
      said += piece.toString()
    })
    child.on('close', () => done(said))
  })
}

describe('a process that is killed while it stores', () => {
  it('leaves an import whole or not at all, and keeps what it has acknowledged', async () => {
    const acknowledged: number[] = []
    let kills = 0
    for (const [at, delay] of [0, 5, 15, 30, 60, 120, 400].entries()) {
      const said = await importAndKill(at + 1, delay)
      expect(said).toContain('storing')
      if (said.includes('stored')) acknowledged.push(at + 1)
      else kills++
    }
    const app = new Context()
    const database = app.plugin(sqlite, { path })
    loadServices(app)
    await app.start()
    await new Promise<void>((done) => app.inject(['imports'], () => done()))
    const rows = await app.database.get('space_import', { kind: 'records' })
    const days = rows.map((row) => Number(row.name))
    expect(days).toEqual(expect.arrayContaining(acknowledged))
    const year = { from: parseDay('2022-01-01')!, to: parseDay('2022-12-31')! }
    // Every stored import is one day with one action of each of the 400 members; nothing of the others is there.
    for (const { account } of app.roster.members()) {
      const counts = app.scoreboard.board.counts(account, { window: year })
      expect([...counts.values()]).toEqual(days.length ? [days.length] : [])
      expect((await app.scoreboard.records(account)).length).toBe(days.length)
    }
    expect(app.roster.members()).toHaveLength(400)
    expect(kills).toBeGreaterThan(0)
    database.dispose()
    await app.stop()
  }, 180_000)
})
