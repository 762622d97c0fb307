import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseDay } from '@space-assistant/core/calendar/day'
import { describe, expect, it, vi } from 'vitest'
import { planRows } from '../scoreboard/rows'
import { launchMariaDB } from '../database/mariadb'
import { runDoomed } from '../faults/doomed'
import { person, record } from '../scoreboard/district'
import { closeServices, openServices } from './services'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 240_000 })

const root = resolve(import.meta.dirname, '../..')
const script = join(import.meta.dirname, 'killed.process.ts')
const year = { from: parseDay('2022-01-01')!, to: parseDay('2022-12-31')! }
const delays = [0, 0, 1, 2, 4, 8, 500]

/** What the rules in force are, how many adoptions there were, and what a member has by them. */
async function look(database: string, dir: string, fill = false) {
  const app = await openServices(database, dir)
  if (fill) {
    const rows = [record('A1', '课件制作', parseDay('2022-03-09')!)]
    await app.database.withTransaction(() => app.roster.store(app.roster.planRoster([person('A1', 'S1')]), 1))
    const plan = await planRows(app, { rows, withIds: false })
    await app.database.withTransaction(() => app.scoreboard.store(plan, 2))
  }
  const rule = app.schemes.active.indicators.find(({ name }) => name === '课件制作')!.rule
  const rows = await app.database.get('space_scheme_adoption', {}, { sort: { number: 'asc' } })
  const points = app.scoreboard.board.points('A1', { role: 'teacher', window: year })
  await closeServices(app)
  return { each: rule.kind === 'action' ? rule.points : 0, numbers: rows.map(({ number }) => number), points }
}

async function campaign(database: string): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'space-adopt-'))
  cpSync(join(root, 'config'), dir, { recursive: true })
  const file = join(dir, 'schemes/xinzhou-2022.yml')
  const shipped = readFileSync(file, 'utf8')
  const give = (points: number) => {
    const text = shipped.replace(/(name: 课件制作[^]*?points: )\d+/, `$1${points}`)
    expect(text).toContain(`points: ${points}`)
    writeFileSync(file, text)
  }
  let before = await look(database, dir, true)
  expect(before).toEqual({ each: 10, numbers: [1], points: 10 })
  let kills = 0
  for (const [at, delay] of delays.entries()) {
    give(20 + at)
    const said = await runDoomed(script, [database, dir], { word: 'adopting', delay })
    expect(said).toContain('adopting')
    const after = await look(database, dir)
    if (said.includes('adopted')) expect(after.each).toBe(20 + at)
    else kills++
    // All of the new rules or all of the old ones, and every score by them.
    expect([before.each, 20 + at]).toContain(after.each)
    expect(after.points).toBe(after.each)
    const more = after.each === before.each ? [] : [before.numbers.length + 1]
    expect(after.numbers).toEqual([...before.numbers, ...more])
    before = after
  }
  expect(kills).toBeGreaterThan(0)
  expect(before.each).toBe(20 + delays.length - 1)
  rmSync(dir, { recursive: true })
}

describe('a process that is killed while it adopts leaves the old rules or the new ones', () => {
  it('in SQLite', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'space-adopt-db-'))
    await campaign(join(folder, 'space.db'))
    rmSync(folder, { recursive: true })
  })

  it('in MariaDB', async () => {
    const server = await launchMariaDB()
    await campaign(JSON.stringify(await server.database()))
    await server.stop()
  })
})
