import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignSheets } from '@space-assistant/core/awards/assignment'
import { conflictOf } from '@space-assistant/core/awards/conflict'
import type { JudgedNominee, PanelJudge } from '@space-assistant/core/awards/conflict'

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}${at}`)
const never = () => false

function judgesOf(sheets: ReadonlyMap<string, readonly string[]>) {
  const found = new Map<string, string[]>()
  for (const [judge, nominees] of sheets) {
    for (const nominee of nominees) found.set(nominee, [...(found.get(nominee) ?? []), judge])
  }
  return found
}

describe('the assignment', () => {
  it('gives up to 30 nominees to everybody but those in conflict', () => {
    const nominees = names('n', 30)
    const isConflict = (judge: string, nominee: string) => judge === 'j0' && nominee === 'n7'
    const { sheets } = assignSheets({ nominees, judges: names('j', 4), isConflict, seed: 1 })
    expect(sheets.get('j0')).toEqual(nominees.filter((one) => one !== 'n7'))
    expect(sheets.get('j3')).toEqual(nominees)
  })

  it('gives 5 judges to each of more than 30, with loads within 1', () => {
    const { sheets, short, isEven } = assignSheets({
      nominees: names('n', 31),
      judges: names('j', 8),
      isConflict: never,
      seed: 7,
    })
    const loads = [...sheets.values()].map(({ length }) => length)
    expect(loads.reduce((sum, load) => sum + load, 0)).toBe(155)
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1)
    expect([...judgesOf(sheets).values()].every((judges) => judges.length === 5)).toBe(true)
    expect([short, isEven]).toEqual([[], true])
  })

  it('says who gets too few judges for a result', () => {
    const isConflict = (judge: string, nominee: string) => nominee === 'n3' && judge !== 'j1'
    const { short } = assignSheets({ nominees: names('n', 40), judges: names('j', 4), isConflict, seed: 1 })
    expect(short).toEqual([{ nominee: 'n3', judges: 1 }])
  })

  it('leaves what judges have begun, and shares the rest out around it evenly', () => {
    const nominees = names('n', 40)
    const begun = new Map([
      ['j0', nominees.slice(0, 12)],
      ['j1', ['n0']],
    ])
    const question = { nominees, judges: names('j', 8), isConflict: never }
    for (const seed of [1, 2, 3]) {
      const { sheets, isEven } = assignSheets({ ...question, begun, seed })
      for (const [judge, own] of begun) expect(sheets.get(judge)).toEqual(expect.arrayContaining([...own]))
      expect([...judgesOf(sheets).values()].every((judges) => judges.length === 5)).toBe(true)
      expect(isEven).toBe(true)
    }
  })

  it('finds another judge for whom one has recused', () => {
    const nominees = names('n', 40)
    const question = { nominees, judges: names('j', 8), seed: 1 }
    const before = assignSheets({ ...question, isConflict: never }).sheets
    const lost = before.get('j0')?.[0] ?? ''
    const begun = new Map([...before].map(([judge, own]) => [judge, own.filter((one) => one !== lost)]))
    const isConflict = (judge: string, nominee: string) => judge === 'j0' && nominee === lost
    const after = judgesOf(assignSheets({ ...question, begun, isConflict }).sheets)
    expect(after.get(lost)).toHaveLength(5)
    expect(after.get(lost)).not.toContain('j0')
  })

  it('has nothing to share out without judges or nominees', () => {
    expect(
      assignSheets({ nominees: names('n', 40), judges: [], isConflict: never, seed: 1 }).short,
    ).toHaveLength(40)
    expect(assignSheets({ nominees: [], judges: ['j'], isConflict: never, seed: 1 }).sheets.get('j')).toEqual(
      [],
    )
  })

  it('is the same for the same seed and another for another', () => {
    const question = { nominees: names('n', 60), judges: names('j', 9), isConflict: never }
    const first = assignSheets({ ...question, seed: 3 })
    expect(assignSheets({ ...question, seed: 3 })).toEqual(first)
    expect(assignSheets({ ...question, seed: 4 })).not.toEqual(first)
  })

  it('never puts a judge before a conflict, keeps nominees at 5 where it can and loads even where conflicts permit', () => {
    const questions = fc.record({
      nominees: fc.integer({ min: 31, max: 70 }),
      judges: fc.integer({ min: 1, max: 10 }),
      conflicts: fc.array(fc.tuple(fc.nat(9), fc.nat(69)), { maxLength: 60 }),
      seed: fc.integer(),
    })
    fc.assert(
      fc.property(questions, ({ nominees, judges, conflicts, seed }) => {
        const pairs = new Set(conflicts.map(([judge, nominee]) => `j${judge} n${nominee}`))
        const isConflict = (judge: string, nominee: string) => pairs.has(`${judge} ${nominee}`)
        const panel = names('j', judges)
        const all = names('n', nominees)
        const { sheets, isEven } = assignSheets({ nominees: all, judges: panel, isConflict, seed })
        const byNominee = judgesOf(sheets)
        for (const nominee of all) {
          const given = byNominee.get(nominee) ?? []
          const permitted = panel.filter((judge) => !isConflict(judge, nominee))
          expect(given.filter((judge) => isConflict(judge, nominee))).toEqual([])
          expect(given).toHaveLength(Math.min(5, permitted.length))
        }
        // With few conflicts among many judges there is always a way to be even.
        if (!pairs.size) expect(isEven).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('shares 2,000 nominees among 60 judges of 60 schools evenly', () => {
    const isConflict = (judge: string, nominee: string) =>
      Number(judge.slice(1)) === Number(nominee.slice(1)) % 60
    const { sheets, short, isEven } = assignSheets({
      nominees: names('n', 2000),
      judges: names('j', 60),
      isConflict,
      seed: 2022,
    })
    expect([short, isEven]).toEqual([[], true])
    expect([...sheets].every(([judge, list]) => list.every((nominee) => !isConflict(judge, nominee)))).toBe(
      true,
    )
  })
})

describe('a conflict of interest', () => {
  const judge = (more: Partial<PanelJudge> = {}): PanelJudge => ({
    id: '王专家',
    affiliations: ['区电教馆'],
    ...more,
  })
  const nominee: JudgedNominee = { code: 't1', schools: [{ code: 'S1', name: '第一小学' }] }

  it.each<[title: string, judge: PanelJudge, reason: string | undefined]>([
    ['none', judge(), undefined],
    ['the school by code', judge({ affiliations: ['S1'] }), 'same-school'],
    ['the school by name, spaces and width aside', judge({ affiliations: [' 第一 小学'] }), 'same-school'],
    ['the school by code in full width and small letters', judge({ affiliations: ['ｓ１'] }), 'same-school'],
    ['a school left during the year', judge({ affiliations: ['S9', 'S1'] }), 'same-school'],
    [
      'a school whose name only begins alike is another',
      judge({ affiliations: ['第一小学分校'] }),
      undefined,
    ],
    ['the judge is the nominee', judge({ account: 't1' }), 'own-nomination'],
    ['the nominee under another account', judge({ account: 't8', otherAccounts: ['t1'] }), 'own-nomination'],
    ['declared by staff', judge({ declared: ['t1'] }), 'declared'],
  ])('%s', (_, who, reason) => {
    expect(conflictOf(who, nominee)).toBe(reason)
  })

  it('holds for a school that the nominee has left during the year', () => {
    const moved = { ...nominee, schools: [{ code: 'S2', name: '第二中学' }, ...nominee.schools] }
    expect(conflictOf(judge({ affiliations: ['第一小学'] }), moved)).toBe('same-school')
  })
})
