import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { Context } from 'koishi'
import { parseDay } from '@space-assistant/core/calendar/day'
import { runDoomed } from '../faults/doomed'
import { loadServices } from './app'

const folder = mkdtempSync(join(tmpdir(), 'space-imports-'))
const path = join(folder, 'space.db')
const script = join(import.meta.dirname, 'killed.process.ts')
afterAll(() => rmSync(folder, { recursive: true }))

describe('a process that is killed while it stores', () => {
  it('leaves an import whole or not at all, and keeps what it has acknowledged', async () => {
    const acknowledged: number[] = []
    let kills = 0
    for (const [at, delay] of [0, 5, 15, 30, 60, 120, 400].entries()) {
      const said = await runDoomed(script, [path, String(at + 1)], { word: 'storing', delay })
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
