// What must hold in the database after every step of a round, written as plainly as can be.
import type { Context, Tables } from 'koishi'
import { expect } from 'vitest'

type AwardTable = Extract<keyof Tables, `space_award_${string}`>

const tables = [
  'round',
  'nomination',
  'judge',
  'judge_unit',
  'conflict',
  'sheet',
  'point',
  'verdict',
  'result',
  'certificate',
  'objection',
  'log',
] as const

export type AwardRows = Awaited<ReturnType<typeof readRows>>

/** Everything that the awards have stored, in an order of its own. */
export async function readRows({ bulk }: Context) {
  const get = async <T extends AwardTable>(table: T): Promise<Tables[T][]> => {
    const rows = await bulk.rows<Tables[T]>(`SELECT * FROM ${table}`)
    return rows
      .map((row) => [JSON.stringify(row), row] as const)
      .sort(byText)
      .map(([, row]) => row)
  }
  return {
    round: (await get('space_award_round'))[0],
    nominations: await get('space_award_nomination'),
    units: await get('space_award_judge_unit'),
    judges: await get('space_award_judge'),
    conflicts: await get('space_award_conflict'),
    verdicts: await get('space_award_verdict'),
    sheets: await get('space_award_sheet'),
    points: await get('space_award_point'),
    results: await get('space_award_result'),
    certificates: await get('space_award_certificate'),
    objections: await get('space_award_objection'),
    log: await get('space_award_log'),
  }
}

const byText = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1)

/** All rows as one text, without the counter that every writer moves. */
export function fingerprintOf({ round, ...rows }: AwardRows): string {
  return JSON.stringify({ ...rows, round: { ...round, edit: 0 } })
}

export async function fingerprint(app: Context): Promise<string> {
  return fingerprintOf(await readRows(app))
}

export async function clearAwards({ bulk }: Context): Promise<void> {
  for (const table of tables) await bulk.run(`DELETE FROM space_award_${table}`)
  await bulk.run('DELETE FROM space_announcement')
}

/** What a state must come after. */
const secret = ['judging', 'tallied']
const open = ['received', 'investigating']

export interface Quota {
  award: string
  places: number
  reserve: number
}

/** Throws where something does not hold. `before` are the rows before the step. */
export function checkRows(
  before: AwardRows,
  after: AwardRows,
  { app, quota }: { app: Context; quota: Quota },
): void {
  const state = after.round?.state ?? 'draft'
  // Nothing is decided while an objection is open.
  if (state !== before.round?.state && state === 'decided')
    expect(after.objections.filter((one) => open.includes(one.state))).toEqual([])
  // Points are whole and within the rubric.
  for (const { award, criterion, points } of after.points) {
    const rubric = app.schemes.active.rubrics.find(({ name }) => name === award)!
    expect(Number.isInteger(points) && points >= 0 && points <= rubric.criteria[criterion]!.max).toBe(true)
  }
  // A submitted sheet is filled in, and was submitted by nobody of the nominee's school.
  for (const sheet of after.sheets) {
    const was = before.sheets.find((one) => sameSheet(one, sheet))
    if (sheet.state !== 'submitted' || was?.state === 'submitted') continue
    const filled = after.points.filter((one) => sameSheet(one, sheet))
    expect(filled).toHaveLength(
      app.schemes.active.rubrics.find(({ name }) => name === sheet.award)!.criteria.length,
    )
    expect(
      schoolsOf(app, sheet.nominee).filter((one) => unitsOf(after, app, sheet.judge).includes(one)),
    ).toEqual([])
  }
  // Nobody wins by a rubric without a rank, which needs enough sheets.
  for (const { award, selected, place, code } of after.results) {
    if (selected !== 1 || !app.schemes.active.rubrics.some(({ name }) => name === award)) continue
    expect(place).toBeGreaterThan(0)
    if (before.results.length || state !== 'tallied') continue
    const counted = after.sheets.filter(
      (one) =>
        one.award === award &&
        one.nominee === code &&
        one.state === 'submitted' &&
        !schoolsOf(app, code).some((school) => unitsOf(after, app, one.judge).includes(school)) &&
        !after.conflicts.some(({ judge, nominee }) => judge === one.judge && nominee === code),
    )
    expect(counted.length).toBeGreaterThanOrEqual(3)
  }
  // Quotas hold for every unit.
  const used = new Map<string, number>()
  for (const { award, unit, state: one } of after.nominations) {
    if (award === quota.award && ['submitted', 'returned', 'accepted'].includes(one))
      used.set(unit, (used.get(unit) ?? 0) + 1)
  }
  for (const count of used.values()) expect(count).toBeLessThanOrEqual(quota.places + quota.reserve)
  checkDecision(before, after)
  // Sheets that were shared out now are nobody's in conflict, and no judge has a number twice.
  for (const sheet of after.sheets) {
    if (sheet.state === 'assigned' && !before.sheets.some((one) => sameSheet(one, sheet)))
      expect(
        schoolsOf(app, sheet.nominee).filter((one) => unitsOf(after, app, sheet.judge).includes(one)),
      ).toEqual([])
  }
  const numbers = after.sheets.map(({ judge, number }) => `${judge} ${number}`)
  expect(new Set(numbers).size).toBe(numbers.length)
  // One valid certificate a winner, and no number twice.
  const valid = after.certificates
    .filter(({ replacedBy, revokedAt }) => !replacedBy && !Number(revokedAt))
    .map(({ award, code }) => `${award} ${code}`)
  expect(new Set(valid).size).toBe(valid.length)
  expect(new Set(after.certificates.map(({ number }) => number)).size).toBe(after.certificates.length)
  // What is published does not change but by a step back.
  if (before.round?.state === state && !secret.includes(state) && before.results.length)
    expect(after.results.map(({ code, selected }) => [code, selected])).toEqual(
      before.results.map(({ code, selected }) => [code, selected]),
    )
  // Whoever is commended has a certificate, and nobody else.
  if (state === 'commended' || state === 'exhibited') {
    const winners = after.results.filter(({ selected }) => selected === 1)
    expect(valid.sort()).toEqual(winners.map(({ award, code }) => `${award} ${code}`).sort())
  }
  // Whatever is changed leaves a line, and the log has every line in order.
  if (fingerprintOf({ ...before, log: [] }) !== fingerprintOf({ ...after, log: [] }))
    expect(after.log.length).toBeGreaterThan(before.log.length)
  expect(after.log.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(
    after.log.map((_, at) => at + 1),
  )
}

/** What has to be so before anything is decided. */
function checkDecision(before: AwardRows, { round, objections, results }: AwardRows): void {
  if (round?.state !== 'decided' || before.round?.state === 'decided') return
  expect(round.publicTo).toBeGreaterThan(0)
  const since = objections.filter(({ answeredAt }) => Number(answeredAt) >= Number(round.publicAt))
  expect(since.filter(({ state }) => state === 'upheld')).toEqual([])
  expect(results.filter(({ selected }) => selected === 2)).toEqual([])
}

interface SheetKey {
  judge: string
  award: string
  nominee: string
}

const sameSheet = (a: SheetKey, b: SheetKey) =>
  a.judge === b.judge && a.award === b.award && a.nominee === b.nominee

function schoolsOf(app: Context, code: string): string[] {
  const school = app.roster.school(app.roster.member(code)?.school ?? code)
  return school ? [school.code, school.name] : []
}

function unitsOf({ units, judges }: AwardRows, app: Context, judge: string): string[] {
  const account = judges.find(({ name }) => name === judge)?.account
  const own = account ? app.roster.member(account)?.school : undefined
  return [...units.filter((one) => one.judge === judge).map(({ unit }) => unit), ...(own ? [own] : [])]
}
