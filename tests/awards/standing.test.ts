import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AwardEvidence } from '@space-assistant/core/awards/evidence'
import { AwardStandings } from '@space-assistant/core/awards/standing'
import { tallySheets } from '@space-assistant/core/awards/tally'
import { parseDay } from '@space-assistant/core/calendar/day'
import type { Member, School } from '@space-assistant/core/roster/member'
import type { Award, AwardCondition, Scheme } from '@space-assistant/core/scheme/scheme'
import { Board } from '@space-assistant/core/scoring/board'
import { encode } from '@space-assistant/core/scoring/tallies'
import { plainCandidates } from './reference'
import type { PlainWorld } from './reference'

const day = (text: string) => parseDay(text)!
const period = { from: day('2022-01-01'), to: day('2022-12-31') }
const window = { from: day('2022-03-10'), to: day('2022-05-31') }

const usual: Omit<Award, 'name' | 'subject' | 'conditions'> = {
  among: 'all',
  tie: 'staff',
  source: 'computed',
  publicity: { days: 5, count: 'working' },
  sheets: { least: 3, trimFrom: 5 },
}
const rank = (of: 'school' | 'teacher', first: number): AwardCondition => ({
  kind: 'rank',
  of,
  first,
  window,
})
const award = (
  subject: Award['subject'],
  conditions: AwardCondition[],
  more: Partial<Award> = {},
): Award => ({ name: '奖项', subject, conditions, ...usual, ...more })

function schemeOf(...awards: Award[]): Scheme {
  const indicator = { group: '组', role: 'teacher', rule: { kind: 'action', points: 1 }, action: '' } as const
  return {
    id: 'test',
    name: 'test',
    platform: 'test',
    period,
    windows: [],
    indicators: [{ name: '登录', ...indicator }],
    schoolScore: [{ kind: 'mean', role: 'teacher' }],
    tasks: 'room',
    phases: [],
    awards,
    rubrics: [],
  }
}

const noEvidence = { nominees: new Map(), rubrics: new Map(), judgement: () => undefined }

function standings(world: PlainWorld, awards: Award[], more: Partial<AwardEvidence> = {}) {
  const scheme = schemeOf(...awards)
  const board = new Board(scheme)
  board.setRoster(world.members, world.schools)
  for (const [account, count] of Object.entries(world.points)) {
    // What lies outside the window never counts, however much it is.
    const tallies = [
      { indicator: board.dictionary.add('登录'), day: day('2022-03-09'), count: 99 },
      ...(count ? [{ indicator: board.dictionary.add('登录'), day: window.from, count }] : []),
    ]
    board.load(account, encode(tallies))
  }
  return new AwardStandings(scheme, { board, ...noEvidence, ...more })
}

const teacher = (account: string, school: string, more: Partial<Member> = {}): Member => ({
  account,
  name: `教师${account}`,
  school,
  roles: ['teacher'],
  state: 'active',
  opened: true,
  ...more,
})
/** Without a key for what the roster does not say. */
function plainMember(
  of: Partial<Member> & { account: string; school: string },
  opened: boolean | undefined,
): Member {
  const member = teacher(of.account, of.school, of)
  delete member.opened
  return opened === undefined ? member : { ...member, opened }
}
const school = (code: string, stage?: string, more: Partial<School> = {}): School => ({
  code,
  name: `学校${code}`,
  ...(stage !== undefined && { stage }),
  ...more,
})

/** One teacher a school, with so many points. */
function schoolsWith(points: Record<string, number>, stages: Record<string, string> = {}): PlainWorld {
  const codes = Object.keys(points)
  return {
    schools: codes.map((code) => school(code, stages[code] ?? '小学')),
    members: codes.map((code) => teacher(`t${code}`, code)),
    points: Object.fromEntries(codes.map((code) => [`t${code}`, points[code]!])),
  }
}

const selectedOf = (world: PlainWorld, one: Award, more: Partial<AwardEvidence> = {}) => {
  const [standing] = standings(world, [one], more).all
  return [...standing!.candidates()].map(({ code, rank, selected }) => [code, rank, selected])
}

describe('the first N', () => {
  const tied = schoolsWith({ A: 30, B: 20, C: 20, D: 20, E: 10 })

  it.each([
    ['staff', null],
    ['include', true],
    ['exclude', false],
  ] as const)('with a tie over the last place under %s', (tie, outcome) => {
    const one = award('school', [rank('school', 3)], { tie })
    expect(selectedOf(tied, one)).toEqual([
      ['A', 1, true],
      ['B', 2, outcome],
      ['C', 2, outcome],
      ['D', 2, outcome],
      ['E', 5, false],
    ])
    expect(standings(tied, [one]).all[0]).toMatchObject({ population: 5, overBy: 1 })
  })

  it('with a tie that fits is no tie to decide', () => {
    const one = award('school', [rank('school', 4)])
    expect(standings(tied, [one]).all[0]!.overBy).toBe(0)
    expect(selectedOf(tied, one).filter(([, , selected]) => selected)).toHaveLength(4)
  })

  it('are fewer where there are fewer', () => {
    const one = award('school', [rank('school', 10)])
    expect(standings(tied, [one]).all[0]!.count()).toEqual({ selected: 5, open: 0 })
  })
})

describe('the population', () => {
  const world = schoolsWith({ A: 50, B: 40, V: 60, C: 30 }, { V: '职校' })

  it('loses excluded stages before it is ranked', () => {
    const one = award('school', [{ kind: 'not-stage', stages: ['职校'] }, rank('school', 2)])
    expect(selectedOf(world, one)).toEqual([
      ['A', 1, true],
      ['B', 2, true],
      ['C', 3, false],
    ])
  })

  it('may lose its only school', () => {
    const one = award('school', [{ kind: 'not-stage', stages: ['小学', '职校'] }, rank('school', 2)])
    expect(standings(world, [one]).all[0]).toMatchObject({ population: 0, overBy: 0 })
  })

  it('keeps a school whose stage is unknown, which stays open', () => {
    const unknown = { ...world, schools: world.schools.map((one) => (one.code === 'A' ? school('A') : one)) }
    const one = award('school', [{ kind: 'not-stage', stages: ['职校'] }, rank('school', 2)])
    expect(selectedOf(unknown, one)[0]).toEqual(['A', 1, null])
  })

  it('has no school without an active teacher, and nobody who is not active', () => {
    const retired = {
      ...world,
      members: world.members.map((one) => (one.school === 'A' ? { ...one, state: 'retired' as const } : one)),
    }
    expect(selectedOf(retired, award('school', [rank('school', 9)])).map(([code]) => code)).toEqual([
      'V',
      'B',
      'C',
    ])
    expect(selectedOf(retired, award('teacher', [rank('teacher', 9)])).map(([code]) => code)).toEqual([
      'tV',
      'tB',
      'tC',
    ])
  })

  const activated = {
    ...world,
    schools: [
      school('A', '小学', { students: 9, studentsOpened: 0 }),
      school('B', '小学', { students: 9, studentsOpened: 8 }),
      school('C', '小学', { students: 9, studentsOpened: 9 }),
      school('V', '小学'),
    ],
  }

  it.each([
    [
      'all',
      [
        ['V', 1, null],
        ['A', 2, false],
        ['B', 3, false],
        ['C', 4, false],
      ],
    ],
    [
      'eligible',
      [
        ['B', 1, true],
        ['C', 2, true],
      ],
    ],
  ] as const)('is narrowed by activation only where the award says so: %s', (among, expected) => {
    const one = award('school', [{ kind: 'activation', min: 0.9 }, rank('school', 2)], { among })
    expect(selectedOf(activated, one)).toEqual(expected)
  })
})

describe('a condition', () => {
  it('has a gap in places and points, and in spaces to be opened', () => {
    const world = schoolsWith({ A: 30, B: 20, C: 7 })
    const schools = [...world.schools.slice(0, 2), school('C', '小学', { students: 39, studentsOpened: 31 })]
    const one = award('school', [{ kind: 'activation', min: 0.9 }, rank('school', 2)])
    // 32 of 40 are opened, 36 are needed.
    expect(
      standings({ ...world, schools, points: { tA: 30, tB: 20, tC: 7 } }, [one]).all[0]!.candidate('C')
        ?.conditions,
    ).toEqual([
      { kind: 'activation', needed: 0.9, value: 0.8, met: false, gap: { spaces: 4 } },
      { kind: 'rank', needed: 2, value: 3, met: false, gap: { places: 1, points: 13 } },
    ])
  })

  it('of activation is met by exactly the share that is asked for, and open while it may still be', () => {
    const metOf = (opened: (boolean | undefined)[]) => {
      const world: PlainWorld = {
        schools: [school('A', '小学', { students: 0, studentsOpened: 0 })],
        members: opened.map((one, at) => plainMember({ account: `t${at}`, school: 'A' }, one)),
        points: {},
      }
      const one = award('school', [{ kind: 'activation', min: 0.9 }, rank('school', 1)])
      return standings(world, [one]).all[0]!.candidate('A')?.conditions[0]?.met
    }
    const ten = (yes: number, unknown: number) =>
      Array.from({ length: 10 }, (_, at) => (at < yes ? true : at < yes + unknown ? undefined : false))
    expect([metOf(ten(9, 0)), metOf(ten(8, 0)), metOf(ten(8, 1)), metOf(ten(7, 1))]).toEqual([
      true,
      false,
      null,
      false,
    ])
  })

  it('of judgement is what staff have decided', () => {
    const one = award('school', [rank('school', 2), { kind: 'judgement', text: '应用有特色' }])
    const decided: Record<string, boolean> = { A: true, B: false }
    const judgement = (_: string, code: string) => decided[code]
    expect(selectedOf(schoolsWith({ A: 3, B: 2, C: 1 }), one, { judgement })).toEqual([
      ['A', 1, true],
      ['B', 2, false],
      ['C', 3, false],
    ])
  })

  it('of the own school’s award waits for it', () => {
    const schools = { ...award('school', [rank('school', 2)]), name: '学校奖' }
    const people = award('teacher', [{ kind: 'school-awarded', award: '学校奖' }, rank('teacher', 9)])
    const world = schoolsWith({ A: 3, B: 2, C: 2 })
    const [, standing] = standings(world, [schools, people]).all
    expect([...standing!.candidates()].map(({ code, selected }) => [code, selected])).toEqual([
      ['tA', true],
      ['tB', null],
      ['tC', null],
    ])
  })
})

it('administrators stand where their school stands, by account where schools are the same', () => {
  const world = schoolsWith({ A: 30, B: 20, C: 20 })
  const admins = ['b2', 'b1', 'a1', 'c1'].map((account) =>
    teacher(account, account[0]!.toUpperCase(), { roles: ['administrator'] }),
  )
  const one = award('administrator', [rank('school', 2)])
  const all = { ...world, members: [...world.members, ...admins] }
  expect(selectedOf(all, one)).toEqual([
    ['a1', 1, true],
    ['b1', 2, null],
    ['b2', 2, null],
    ['c1', 2, null],
  ])
  // Places are those of schools: three schools have a rank up to two.
  expect(standings(all, [one]).all[0]).toMatchObject({ population: 4, overBy: 1 })
})

describe('the platform’s report', () => {
  const world = schoolsWith({ A: 30, B: 20, C: 10 })
  const snapshot = {
    day: day('2022-05-31'),
    members: new Map(),
    schools: new Map([
      ['C', 99.5],
      ['A', 7.25],
    ]),
  }
  const one = award('school', [rank('school', 1)], { source: 'snapshot' })

  it('is the only source of scores where the award goes by it', () => {
    const [standing] = standings(world, [one], { snapshot }).all
    expect([...standing!.candidates()].map(({ code, score }) => [code, score])).toEqual([
      ['C', 99.5],
      ['A', 7.25],
    ])
    expect(standing!.reportDay).toBe(snapshot.day)
  })

  it('ranks nobody when it has not come', () => {
    expect(standings(world, [one]).all[0]!.population).toBe(0)
  })
})

describe('an award by rubric', () => {
  const rubric = { criteria: [{ name: '布局', max: 100, text: '' }] }
  const one = award(
    'teacher',
    [
      { kind: 'not-stage', stages: ['职校'] },
      { kind: 'rubric', rubric: '评审表' },
    ],
    { first: 1 },
  )
  const world = schoolsWith({ A: 1, B: 1, C: 1, V: 1 }, { V: '职校' })
  const sheets = (nominee: string, ...totals: number[]) => ({
    nominee,
    sheets: totals.length,
    counted: totals.map((total, at) => ({ judge: `j${at}`, points: [total] })),
  })
  const evidence = (...list: ReturnType<typeof sheets>[]) => ({
    nominees: new Map([['奖项', ['tC', 'tB', 'tA', 'tV', 'nobody']]]),
    rubrics: new Map([
      ['奖项', new Map(tallySheets(list, rubric, one.sheets).map((result) => [result.nominee, result]))],
    ]),
  })

  it('has the nominees who may get it, open while sheets are missing', () => {
    expect(selectedOf(world, one, evidence(sheets('tA', 80, 80), sheets('tB', 90, 90, 90)))).toEqual([
      ['tB', 1, true],
      ['tA', null, null],
      ['tC', null, null],
    ])
  })

  it('leaves a tie that the criteria cannot tell apart to staff', () => {
    expect(selectedOf(world, one, evidence(sheets('tA', 80, 80, 80), sheets('tB', 80, 80, 80)))).toEqual([
      ['tA', 1, null],
      ['tB', 1, null],
      ['tC', null, null],
    ])
  })
})

describe('candidates', () => {
  const codes = ['S1', 'S2', 'S3', 'S4', 'S5']
  const schools = fc.tuple(
    ...codes.map((code) =>
      fc
        .record({
          stage: fc.constantFrom('小学', '初中', '职校', undefined),
          students: fc.constantFrom(undefined, 0, 5, 10),
          opened: fc.constantFrom(undefined, 0, 5, 9),
        })
        .map(({ stage, students, opened }) =>
          school(code, stage, {
            ...(students !== undefined && { students }),
            ...(students !== undefined &&
              opened !== undefined && { studentsOpened: Math.min(opened, students) }),
          }),
        ),
    ),
  )
  const members = fc
    .array(
      fc.record({
        school: fc.constantFrom(...codes),
        roles: fc.constantFrom<Member['roles'][]>(
          ['teacher'],
          ['administrator'],
          ['administrator', 'teacher'],
        ),
        state: fc.constantFrom<Member['state'][]>('active', 'active', 'active', 'retired'),
        opened: fc.constantFrom(true, true, false, undefined),
        points: fc.integer({ min: 0, max: 4 }),
      }),
      { maxLength: 25 },
    )
    .map((list) => list.map((one, at) => ({ ...one, account: `t${String(at).padStart(2, '0')}` })))
  const awards = fc
    .record({
      pair: fc.constantFrom<['school' | 'teacher' | 'administrator', 'school' | 'teacher'][]>(
        ['school', 'school'],
        ['teacher', 'teacher'],
        ['administrator', 'school'],
      ),
      first: fc.integer({ min: 1, max: 5 }),
      tie: fc.constantFrom('include' as const, 'exclude' as const, 'staff' as const),
      among: fc.constantFrom('all' as const, 'eligible' as const),
      conditions: fc.subarray<AwardCondition>([
        { kind: 'activation', min: 0.9 },
        { kind: 'not-stage', stages: ['职校'] },
        { kind: 'judgement', text: '有特色' },
      ]),
    })
    .map(({ pair: [subject, of], first, tie, among, conditions }) =>
      award(subject, [...conditions, rank(of, first)], { first, tie, among }),
    )

  it('are those of a plain count, whatever the district and the award', () => {
    fc.assert(
      fc.property(schools, members, awards, (schools, people, one) => {
        const world: PlainWorld = {
          schools,
          members: people.map(({ account, school, roles, state, opened }) =>
            plainMember({ account, school, roles, state }, opened),
          ),
          points: Object.fromEntries(people.map(({ account, points }) => [account, points])),
        }
        const [standing] = standings(world, [one]).all
        const expected = plainCandidates(one, world)
        const found = [...standing!.candidates()].map(({ code, rank, score, conditions, selected }) => {
          return { code, rank, score, met: conditions.map(({ met }) => met), selected }
        })
        expect(found).toEqual(expected.list)
        expect([standing!.population, standing!.overBy]).toEqual([expected.list.length, expected.overBy])
        for (const { code, selected } of expected.list) expect(standing!.selected(code)).toBe(selected)
        const counted = (outcome: boolean | null) =>
          expected.list.filter(({ selected }) => selected === outcome).length
        expect(standing!.count()).toEqual({ selected: counted(true), open: counted(null) })
      }),
      { numRuns: 300 },
    )
  })
})
