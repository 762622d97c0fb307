// A process killed by SIGKILL between any two acts, or amid one: what is stored holds, and the next one goes on.
import type { RosterRow } from '@space-assistant/core/formats/rows'
import { buildSync } from 'esbuild'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startAwards } from './app'
import { checkRows, readRows } from './invariants'
import type { AwardRows } from './invariants'

const root = resolve(import.meta.dirname, '../..')
const built = join(root, 'node_modules/.cache/space-awards/doomed.cjs')
const folder = mkdtempSync(join(tmpdir(), 'space-awards-'))
const path = join(folder, 'space.db')
const external = ['koishi', 'minato', '@koishijs/*', '@minatojs/*', '@satorijs/*', '@napi-rs/*', 'pdfkit']

beforeAll(() => {
  buildSync({
    ...{ entryPoints: [join(root, 'tests/award-commands/doomed.ts')], outfile: built, bundle: true },
    ...{ platform: 'node', target: 'node20', format: 'cjs', conditions: ['development'], logLevel: 'error' },
    external: [...external, 'node-sqlite3-wasm', 'openai', 'ws', 'mysql2'],
    define: {
      'import.meta.dirname': JSON.stringify(join(root, 'tests/reminders')),
      'import.meta.url': JSON.stringify(pathToFileURL(built).href),
    },
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

const ofFirstSchool = { schoolCode: 'S1', schoolName: '第一小学', roles: ['teacher' as const], opened: true }

/** Runs a process until it has done so many acts and then some time; whether it came to the end before. */
async function live(fill: string, acts: number, ms: number, file = path): Promise<boolean> {
  const child = spawn(process.execPath, [built, file, fill], {
    ...{ cwd: root, env: { ...process.env, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'inherit'] },
  })
  const closed = once(child, 'close')
  let output = ''
  child.stdout?.on('data', (data: Buffer) => {
    output += data.toString()
    if (output.split('act\n').length > acts) setTimeout(() => child.kill('SIGKILL'), ms)
  })
  const [code, signal] = (await closed) as [number | null, string | null]
  expect(signal ?? code, output).toBe(signal === null ? 0 : 'SIGKILL')
  return output.includes('over\n')
}

it('a round goes on where it was, whenever the process is killed', async () => {
  let before: AwardRows | undefined
  let lives = 0
  for (let isOver = false; !isOver; lives++) {
    // From 1 to 4 acts, and a time that falls into the middle of the next.
    isOver = await live(lives ? '' : 'fill', 1 + ((lives * 7) % 4), (lives * 3) % 11)
    const test = await startAwards('2022-05-25 10:00', { path, fill: false })
    try {
      const rows = await readRows(test.app)
      checkRows(before ?? rows, rows, {
        app: test.app,
        quota: { award: '优秀教师空间', places: 9, reserve: 0 },
      })
      before = rows
      if (!isOver) continue
      expect(rows.round?.state).toBe('exhibited')
      expect(rows.objections).toHaveLength(1)
      // Whatever was to be made known was, once.
      const proposals = await test.app.database.get('space_announcement', {})
      expect(proposals.map(({ origin }) => origin.split('/')[0]).sort()).toEqual([
        'award-publicity',
        'award-result',
      ])
    } finally {
      await test.stop()
    }
  }
  expect(lives).toBeGreaterThan(4)
}, 300_000)

it('a roster that comes after the tally changes no result, whenever the process is killed between', async () => {
  const file = join(folder, 'tallied.db')
  // The tally is the twentieth act.
  expect(await live('fill', 20, 0, file)).toBe(false)
  const roster: RosterRow[] = [
    { row: 1, account: '10002', name: '李四', state: 'retired', ...ofFirstSchool },
    { row: 2, account: '50001', name: '周新', state: 'active', ...ofFirstSchool },
  ]
  let before: AwardRows | undefined
  for (const isLate of [true, false]) {
    const test = await startAwards('2022-05-25 10:00', { path: file, fill: false })
    try {
      const { app } = test
      before ??= await readRows(app)
      expect(['tallied', 'publicity']).toContain(before.round?.state)
      expect(before.results.filter(({ selected }) => selected === 1).length).toBeGreaterThan(10)
      if (isLate) {
        expect(await test.say('boss', '/评优 进度')).not.toContain('会变')
        await app.database.withTransaction(() => app.roster.store(app.roster.planRoster(roster), 30))
      }
      expect(await test.say('boss', '/评优 进度')).toContain('数据已更新：按现在的数据，有 3 处会变。')
      expect((await readRows(app)).results).toEqual(before.results)
    } finally {
      await test.stop()
    }
  }
}, 120_000)
