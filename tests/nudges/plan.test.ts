import { describe, expect, it } from 'vitest'
import { candidates } from '@space-assistant/core/nudges/candidate'
import type { NudgeDistrict, Office } from '@space-assistant/core/nudges/candidate'
import { digestDay } from '@space-assistant/core/nudges/digest'
import { subjectKey } from '@space-assistant/core/nudges/nudge'
import type { KnownNudge, Nudge, Subject } from '@space-assistant/core/nudges/nudge'
import { occasionsOn } from '@space-assistant/core/nudges/occasion'
import type { Occasion } from '@space-assistant/core/nudges/occasion'
import type { AskGoal } from '@space-assistant/core/nudges/missing'
import { NudgePlan, subjectsOf } from '@space-assistant/core/nudges/plan'
import { defaultSettings, silencedBy } from '@space-assistant/core/nudges/settings'
import type { NudgeSettings } from '@space-assistant/core/nudges/settings'
import { plainCalendar } from '@space-assistant/core/calendar/school-calendar'
import { Standings } from '@space-assistant/core/ranking/standings'
import { formatDay, weekdayOf } from '@space-assistant/core/calendar/day'
import type { Phase, Scheme } from '@space-assistant/core/scheme/scheme'
import type { Member } from '@space-assistant/core/roster/member'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import { boardOf, day, members, schools, shishou, xinzhou } from '../tasks/district'
import type { Done } from '../tasks/district'

const offices: Office[] = [
  { kind: 'staff', id: 'group' },
  { kind: 'town', id: 'office', town: '城关镇' },
  { kind: 'judge', id: 'judge' },
]

interface Situation {
  scheme?: Scheme
  done?: Done
  on?: string
  phase?: Partial<Phase>
  people?: Member[]
  settings?: Record<string, Partial<NudgeSettings>>
  unreachable?: string[]
  /** The day before, unless said otherwise. */
  dataUntil?: number | undefined
  ask?: AskGoal
}

/** The verdicts of the first occasion of a day, as `key` of the subject: what, or why nothing. */
function plan(situation: Situation) {
  const { on = '2022-03-07', settings = {}, unreachable = [], phase, people = members } = situation
  const window = { from: day('2022-03-01'), to: day('2022-03-31') }
  const phases: Phase[] = phase ? [{ name: '阶段', window, todo: '做完', ...phase }] : []
  const scheme = { ...(situation.scheme ?? xinzhou), phases }
  const board = boardOf(scheme, situation.done ?? { '1': { 资源建设: ['2022-03-02'] } })
  const standings = new Standings(board)
  const counts = new BoardCounts(board)
  const district: NudgeDistrict = { scheme, members: people, schools, offices }
  const occasions = occasionsOn(scheme, plainCalendar, day(on))
  const occasion = (phase ? occasions.find(({ kind }) => kind !== 'weekly') : occasions[0]) as Occasion
  const made = new NudgePlan(occasion, {
    district,
    counts: (account) => counts.of(account),
    standing: (query) => standings.of(query),
    dataUntil: 'dataUntil' in situation ? situation.dataUntil : day(on) - 1,
    isWorkday: (each) => weekdayOf(each) <= 5,
    ...(situation.ask && { ask: situation.ask }),
  })
  const known = (subject: Subject): KnownNudge => ({
    settings: { ...defaultSettings, ...settings[subjectKey(subject)] },
    reachable: !unreachable.includes(subjectKey(subject)),
  })
  const said: Record<string, string> = {}
  const nudges: Nudge[] = []
  for (const candidate of candidates([occasion], district)) {
    for (const subject of subjectsOf(candidate)) expect(known(subject)).toBeDefined()
    for (const verdict of made.decide(candidate, known)) {
      if ('nudge' in verdict) nudges.push(verdict.nudge)
      const { audience, subject } = 'nudge' in verdict ? verdict.nudge : verdict.silence
      const what = 'nudge' in verdict ? verdict.nudge.content.kind : verdict.silence.reason
      expect(said[`${audience} ${subjectKey(subject)}`]).toBeUndefined()
      said[`${audience} ${subjectKey(subject)}`] = what
    }
  }
  return { said, nudges }
}

const nudgeOf = (nudges: Nudge[], key: string) => nudges.find((nudge) => nudge.key.endsWith(key))!

describe('the week', () => {
  it('tells teachers, administrators and staff, everybody once, whoever else is in the roster not at all', () => {
    expect(plan({}).said).toEqual({
      'administrator member:1': 'school-digest',
      'administrator school:B': 'nobody-there',
      'administrator school:C': 'nobody-there',
      'teacher member:1': 'own-tasks',
      'teacher member:2': 'own-tasks',
      'teacher member:3': 'own-tasks',
      'teacher member:5': 'own-tasks',
      'teacher member:6': 'own-tasks',
      'staff office:group': 'district-digest',
    })
  })

  it('keeps the keys whatever is planned how often', () => {
    const keys = () => plan({}).nudges.map(({ key }) => key)
    expect(keys()).toEqual(keys())
    expect(new Set(keys()).size).toBe(keys().length)
    expect(keys()[0]).toBe('week/xinzhou-2022/2022-03-07/administrator/member:1')
  })

  it('is silent to a teacher who has met every target', () => {
    const done: Done = { '2': {} }
    for (const { name, role } of shishou.indicators) {
      if (role === 'teacher') done['2']![name] = ['2022-03-07']
    }
    const { said } = plan({ scheme: shishou, done })
    expect(said['teacher member:2']).toBe('nothing-missing')
    expect(said['teacher member:3']).toBe('own-tasks')
  })

  it('counts who was behind in the week that is over, not in the one that begins', () => {
    const { nudges } = plan({
      done: { '2': { 资源建设: ['2022-03-02'] }, '3': { 资源建设: ['2022-03-07'] } },
    })
    const { content } = nudgeOf(nudges, 'administrator/member:1')
    if (content.kind !== 'school-digest') throw new Error(content.kind)
    expect(formatDay(content.day)).toBe('2022-03-06')
    expect(content.tasks.teacher.behind.map(({ member }) => member.account)).toEqual(['1', '3'])
    expect(content.rank).toEqual({ rank: 1, size: 2 })
  })

  it('compares a place with the week before once somebody had points then', () => {
    const rankOf = (done: Done) => {
      const { content } = nudgeOf(plan({ done }).nudges, 'administrator/member:1')
      return content.kind === 'school-digest' ? content.rank : undefined
    }
    // Of two schools without a point both were first.
    const own = { '1': { 资源建设: ['2022-03-02'] } }
    expect(rankOf({ ...own, '5': { 资源建设: ['2022-03-02'] } })).toEqual({ rank: 2, size: 2 })
    const early = { '2': { 资源建设: ['2022-02-20'] }, '5': { 资源建设: ['2022-03-02', '2022-03-03'] } }
    expect(rankOf({ ...own, ...early })).toEqual({ rank: 2, size: 2, change: -1 })
    expect(rankOf({ ...own, '2': { 资源建设: ['2022-02-20'] } })).toEqual({ rank: 1, size: 2, change: 0 })
  })

  it('sums the district up without people', () => {
    const { nudges } = plan({ done: { '5': { 资源建设: ['2022-03-02'] } } })
    const { content } = nudgeOf(nudges, 'staff/office:group')
    if (content.kind !== 'district-digest') throw new Error(content.kind)
    expect(content.digest).toMatchObject({ schools: 3, teachers: 5, teachersBehind: 4, schoolsBehind: 2 })
    expect(content.digest.worst.map(({ school, behind }) => [school.code, behind])).toEqual([
      ['A', 3],
      ['B', 1],
    ])
  })
})

describe('a week without data', () => {
  const week = { 'administrator member:1': 'no-data', 'staff office:group': 'import-missing' }
  const cases: [string, Situation, Record<string, string>][] = [
    ['nothing was ever imported', { done: {}, dataUntil: undefined }, week],
    ['the data end on Thursday', { dataUntil: day('2022-03-03') }, week],
    [
      'the data end on Friday, and nobody works at the weekend',
      { dataUntil: day('2022-03-04') },
      { 'administrator member:1': 'school-digest', 'staff office:group': 'district-digest' },
    ],
    [
      'the district has data, this school has none',
      { done: { '5': { 资源建设: ['2022-03-04'] } } },
      { 'administrator member:1': 'no-data', 'staff office:group': 'district-digest' },
    ],
    [
      'what can still be done this week needs none',
      { dataUntil: undefined },
      { 'teacher member:2': 'own-tasks' },
    ],
    [
      'the targets of a month do',
      {
        scheme: { ...shishou, indicators: shishou.indicators.filter(({ target }) => target?.per !== 'week') },
        dataUntil: undefined,
      },
      { 'teacher member:2': 'no-data' },
    ],
    [
      'in the first week of the period nobody is behind',
      {
        scheme: { ...xinzhou, period: { from: day('2022-03-07'), to: day('2022-12-31') } },
        dataUntil: undefined,
      },
      {
        'administrator member:1': 'nothing-missing',
        'staff office:group': 'nothing-missing',
        'teacher member:2': 'own-tasks',
      },
    ],
  ]
  it.each(cases)('%s', (_, situation, expected) => expect(plan(situation).said).toMatchObject(expected))

  it('names nobody beyond the last day with data', () => {
    const { nudges } = plan({ dataUntil: day('2022-03-04') })
    const { content } = nudgeOf(nudges, 'administrator/member:1')
    expect(content).toMatchObject({ kind: 'school-digest', day: day('2022-03-04') })
  })

  it('asks of a teacher nothing that older days decide', () => {
    const { nudges } = plan({ dataUntil: day('2022-02-20') })
    const { content } = nudgeOf(nudges, 'teacher/member:2')
    if (content.kind !== 'own-tasks' || content.tasks.kind !== 'room') throw new Error(content.kind)
    expect(content.tasks.once).toEqual([])
    expect(new Set(content.tasks.now.map(({ per }) => per))).toEqual(new Set(['day', 'week']))
  })
})

describe('who is told nothing, and why', () => {
  const both = members.map((member) =>
    member.account === '2' ? { ...member, roles: ['administrator', 'teacher'] as const } : member,
  )
  const cases: [string, Situation, Record<string, string>][] = [
    ['muted', { settings: { 'member:2': { weekly: false } } }, { 'teacher member:2': 'muted' }],
    [
      'deadlines off only',
      { settings: { 'member:2': { deadlines: false } } },
      { 'teacher member:2': 'own-tasks' },
    ],
    [
      'paused up to that day',
      { settings: { 'member:2': { pausedUntil: day('2022-03-07') } } },
      { 'teacher member:2': 'paused' },
    ],
    [
      'paused up to the day before',
      { settings: { 'member:2': { pausedUntil: day('2022-03-06') } } },
      { 'teacher member:2': 'own-tasks' },
    ],
    ['no chat', { unreachable: ['member:3'] }, { 'teacher member:3': 'no-channel' }],
    [
      'an administrator without chat: the group of the school',
      { unreachable: ['member:1'] },
      { 'administrator member:1': 'no-channel', 'administrator school:A': 'school-digest' },
    ],
    [
      'neither chat nor group',
      { unreachable: ['member:1', 'school:A'] },
      { 'administrator member:1': 'no-channel', 'administrator school:A': 'no-channel' },
    ],
    [
      'one of two administrators is enough',
      { people: both, unreachable: ['member:2'] },
      { 'administrator member:1': 'school-digest', 'administrator member:2': 'no-channel' },
    ],
    [
      'the group does not stand in for somebody who muted',
      { settings: { 'member:1': { weekly: false } } },
      { 'administrator member:1': 'muted' },
    ],
    [
      'a group that is muted by staff',
      { unreachable: ['member:1'], settings: { 'school:A': { weekly: false } } },
      { 'administrator school:A': 'muted' },
    ],
  ]
  it.each(cases)('%s', (_, situation, expected) => {
    const { said } = plan(situation)
    expect(said).toMatchObject(expected)
    if (!('administrator school:A' in expected)) expect(said['administrator school:A']).toBeUndefined()
  })

  it.each([
    ['weekly', { weekly: false }, 'muted'],
    ['phase-start', { weekly: false }, undefined],
    ['phase-deadline', { deadlines: false }, 'muted'],
  ] as const)('%s with %o', (kind, changed, expected) => {
    expect(silencedBy({ ...defaultSettings, ...changed }, { kind, day: 0 })).toBe(expected)
  })
})

describe('a phase', () => {
  const start = '2022-03-01'
  const deadline = '2022-03-24'
  const everyTarget: Done = {}
  for (const account of ['1', '2', '3', '5', '6']) {
    everyTarget[account] = Object.fromEntries(
      shishou.indicators.map(({ name }) => [name, ['2022-03-02', deadline]]),
    )
  }
  const cases: [string, Situation, Record<string, string | undefined>][] = [
    [
      'concerns administrators and staff unless it says otherwise',
      { on: start, phase: {} },
      { 'administrator member:1': 'phase', 'staff office:group': 'phase', 'teacher member:2': undefined },
    ],
    [
      'is told once to somebody who is teacher and administrator',
      { on: start, phase: { concerns: ['administrator', 'teacher'] } },
      { 'administrator member:1': 'phase', 'teacher member:1': undefined, 'teacher member:2': 'phase' },
    ],
    [
      'reminds while tasks are open',
      {
        on: deadline,
        scheme: shishou,
        phase: { concerns: ['administrator', 'teacher', 'townOffice'], goals: ['tasks'] },
      },
      { 'administrator member:1': 'phase', 'teacher member:2': 'phase', 'townOffice office:office': 'phase' },
    ],
    [
      'is silent once all tasks are done',
      {
        on: deadline,
        scheme: shishou,
        done: everyTarget,
        phase: { concerns: ['administrator', 'teacher', 'townOffice', 'staff'], goals: ['tasks'] },
      },
      {
        'administrator member:1': 'nothing-missing',
        'teacher member:2': 'nothing-missing',
        'townOffice office:office': 'nothing-missing',
        'staff office:group': 'nothing-missing',
      },
    ],
    [
      'asks teachers to open their spaces only when the roster says they have not',
      { on: deadline, phase: { concerns: ['teacher'], goals: ['activation'] } },
      {
        'teacher member:2': 'nothing-missing',
        'teacher member:3': 'phase',
        'teacher member:6': 'nothing-missing',
      },
    ],
    [
      'reminds judges when nobody can say what is missing',
      { on: deadline, phase: { concerns: ['judge'], goals: ['scores'] } },
      { 'judge office:judge': 'phase', 'staff office:group': undefined },
    ],
    [
      'that asks for nothing is told at its start only',
      { on: deadline, phase: { concerns: ['administrator', 'staff', 'teacher'] } },
      {
        'administrator member:1': 'nothing-missing',
        'staff office:group': 'nothing-missing',
        'teacher member:2': 'nothing-missing',
      },
    ],
    [
      'presses only those who have not nominated',
      {
        on: deadline,
        phase: { concerns: ['administrator', 'townOffice', 'staff'], goals: ['nominations'] },
        ask: (_, { audience }) => (audience === 'townOffice' ? 'missing' : 'reached'),
      },
      {
        'administrator member:1': 'nothing-missing',
        'townOffice office:office': 'phase',
        'staff office:group': 'nothing-missing',
      },
    ],
    [
      'counts nobody with data of more than a week ago',
      { on: deadline, scheme: shishou, phase: { goals: ['tasks'] }, dataUntil: day('2022-03-10') },
      { 'administrator member:1': 'phase' },
    ],
    [
      'that concerns offices alone looks at the schools and tells none of their administrators',
      { on: deadline, scheme: shishou, phase: { concerns: ['townOffice', 'staff'], goals: ['tasks'] } },
      {
        'townOffice office:office': 'phase',
        'staff office:group': 'phase',
        'administrator member:1': undefined,
        'administrator school:B': undefined,
        'teacher member:2': undefined,
      },
    ],
    [
      'before the scoring period begins counts as not done',
      {
        on: start,
        scheme: { ...xinzhou, period: { from: day('2022-04-01'), to: day('2022-12-31') } },
        phase: { concerns: ['administrator'], goals: ['tasks'] },
      },
      { 'administrator member:1': 'phase' },
    ],
  ]
  it.each(cases)('%s', (_, situation, expected) => {
    const { said } = plan(situation)
    for (const [key, what] of Object.entries(expected)) expect([key, said[key]]).toEqual([key, what])
  })

  it('says how many days are left and what is missing', () => {
    const { nudges } = plan({ on: deadline, scheme: shishou, phase: { goals: ['tasks', 'activation'] } })
    const { key, content } = nudgeOf(nudges, 'administrator/member:1')
    expect(key).toBe('phase/shishou-2021/阶段/7/administrator/member:1')
    expect(content).toMatchObject({
      kind: 'phase',
      moment: 7,
      missing: { behind: { teachers: 3, administrators: 1 }, activation: 97 / 103 },
    })
  })
})

it('somebody who is both comes right after the school, and once', () => {
  const district: NudgeDistrict = { scheme: xinzhou, members, schools, offices: [] }
  const [weekly] = occasionsOn({ ...xinzhou, phases: [] }, plainCalendar, day('2022-03-07'))
  const order = [...candidates([weekly as Occasion], district)].map((each) =>
    each.kind === 'school' ? each.school.code : each.kind === 'teacher' ? each.member.account : each.id,
  )
  expect(order).toEqual(['A', '1', 'B', 'C', '2', '3', '5', '6'])
})

it.each([
  ['2022-03-07', '2022-03-06'],
  ['2022-03-09', '2022-03-06'],
  ['2022-01-03', '2022-01-02'],
])('on %s a digest looks up to %s', (on, expected) => {
  expect(formatDay(digestDay(xinzhou, day(on)))).toBe(expected)
})

it('a week before which nothing was scored is looked at itself', () => {
  const scheme = { period: { from: day('2022-03-07'), to: day('2022-06-30') } }
  expect(digestDay(scheme, day('2022-03-07'))).toBe(day('2022-03-07'))
})
