import { workdaysSince } from '@space-assistant/core/bulletins/age'
import { compareFacts, firstOf, lastOf, risersOf } from '@space-assistant/core/bulletins/facts'
import type { BulletinFacts, BulletinRow } from '@space-assistant/core/bulletins/facts'
import { bulletinActs, bulletinStates, stepBulletin } from '@space-assistant/core/bulletins/life'
import type { BulletinAct, BulletinStanding, BulletinState } from '@space-assistant/core/bulletins/life'
import { numbersIn, strangeNumbers } from '@space-assistant/core/bulletins/strange'
import { parseDay } from '@space-assistant/core/calendar/day'
import { plainCalendar } from '@space-assistant/core/calendar/school-calendar'
import { describe, expect, it } from 'vitest'
import { parseBulletinCommand } from '../../plugins/bulletins/command'

const minute = 60_000
const standing = (state: BulletinState, more: Partial<BulletinStanding> = {}): BulletinStanding => ({
  ...{ state, author: 'a', submitter: 'a', submittedAt: 0, content: 'c', approvedContent: 'c' },
  ...{ data: 'd', newestData: 'd', age: 1 },
  ...more,
})
const actOf = (person: string, now = 60 * minute, selfApproveMs = 0) => ({
  actor: { person, now },
  rules: { maxAge: 3, selfApproveMs },
})

/** What each act makes of each state, done by another person with fresh data; a code where it is refused. */
const table: Record<BulletinState, Record<BulletinAct, string>> = {
  drafted: {
    edit: 'edited',
    refresh: 'drafted',
    submit: 'submitted',
    return: '!not-submitted',
    approve: '!not-submitted',
    schedule: '!not-approved',
    publish: '!not-approved',
    drop: 'dropped',
  },
  edited: {
    edit: 'edited',
    refresh: 'edited',
    submit: 'submitted',
    return: '!not-submitted',
    approve: '!not-submitted',
    schedule: '!not-approved',
    publish: '!not-approved',
    drop: 'dropped',
  },
  submitted: {
    edit: 'edited',
    refresh: 'edited',
    submit: '!already-submitted',
    return: 'edited',
    approve: 'approved',
    schedule: '!not-approved',
    publish: '!not-approved',
    drop: 'dropped',
  },
  approved: {
    edit: 'edited',
    refresh: 'edited',
    submit: '!already-submitted',
    return: 'edited',
    approve: '!already-submitted',
    schedule: 'scheduled',
    publish: 'published',
    drop: 'dropped',
  },
  scheduled: {
    edit: 'edited',
    refresh: 'edited',
    submit: '!already-submitted',
    return: 'edited',
    approve: '!already-submitted',
    schedule: 'scheduled',
    publish: 'published',
    drop: 'dropped',
  },
  published: all('!already-published'),
  corrected: all('!already-published'),
  dropped: all('!already-dropped'),
}

function all(text: string): Record<BulletinAct, string> {
  return Object.fromEntries(bulletinActs.map((act) => [act, text])) as Record<BulletinAct, string>
}

describe.each(bulletinStates)('a bulletin that is %s', (state) => {
  it.each(bulletinActs)('%s', (act) => {
    const step = stepBulletin(standing(state), act, actOf('b'))
    expect(step.ok ? step.state : `!${step.code}`).toBe(table[state][act])
  })
})

describe('approval', () => {
  it.each([
    ['of the author', 'a', 60, 0, 'own-bulletin'],
    ['of the author before ten minutes are over', 'a', 9, 10, 'too-early'],
    ['of the author after ten minutes', 'a', 10, 10, 'approved'],
    ['of another at once', 'b', 0, 10, 'approved'],
  ])('%s', (_, person, minutes, own, expected) => {
    const step = stepBulletin(standing('submitted'), 'approve', actOf(person, minutes * minute, own * minute))
    expect(step.ok ? step.state : step.code).toBe(expected)
  })

  it.each([
    ['other words', { content: 'new' }, 'content-changed'],
    ['other data', { newestData: 'new' }, 'data-changed'],
    ['old data', { age: 4 }, 'data-too-old'],
    ['data of three working days ago', { age: 3 }, 'published'],
  ])('does not hold for %s', (_, more, expected) => {
    const step = stepBulletin(standing('approved', more), 'publish', actOf('b'))
    expect(step.ok ? step.state : step.code).toBe(expected)
  })
})

const day = (text: string) => parseDay(text) ?? NaN

it.each([
  ['2022-05-13', '2022-05-18', 3],
  ['2022-05-13', '2022-05-16', 1],
  ['2022-05-13', '2022-05-15', 0],
  ['2022-05-18', '2022-05-18', 0],
  // The May holiday of 2022 went from 30 April to 4 May; 7 May, a Saturday, was a working day.
  ['2022-04-29', '2022-05-07', 3],
])('from %s until %s there are %d working days', (from, to, count) => {
  expect(workdaysSince(day(from), day(to), plainCalendar)).toBe(count)
})

const row = (code: string, rank: number | null, more: Partial<BulletinRow> = {}): BulletinRow => ({
  ...{ code, name: `学校${code}`, town: '', rank, score: rank === null ? null : 100 - rank, change: null },
  ...{ activation: null, silent: false },
  ...more,
})
const facts = (rows: BulletinRow[]): BulletinFacts => ({
  stamp: {
    ...{ window: { from: day('2022-01-01'), to: day('2022-05-17') }, dataUntil: day('2022-05-17') },
    ...{ scheme: 's', schemeName: 's', version: 1, imports: '3/0' },
  },
  numbers: {
    ...{
      schools: rows.length,
      ranked: rows.length,
      teachers: 40,
      active: 30,
      activity: 75,
      mean: 52.4,
      best: 99,
    },
    ...{ opened: 10, spaces: 20, activation: 50, award: 90, 'below-award': 0, silent: 0 },
  },
  rows,
  since: null,
})

describe('facts', () => {
  const twelve = Array.from({ length: 12 }, (_, i) => row(`S${i}`, i === 10 ? 10 : i + 1))

  it('the first ten are eleven where the tenth place is shared, and the last are not among them', () => {
    expect(firstOf(facts(twelve)).map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10])
    expect(lastOf(facts(twelve)).map(({ rank }) => rank)).toEqual([12])
    expect(lastOf(facts(twelve.slice(0, 8)))).toEqual([])
    expect(firstOf(facts([row('S1', null)]))).toEqual([])
  })

  it('schools that are new or not ranked have not risen', () => {
    const rows = [
      row('A', 1, { change: 2 }),
      row('B', 2, { change: null }),
      row('C', 3, { change: -1 }),
      row('D', null),
    ]
    expect(risersOf(facts(rows)).map(({ code }) => code)).toEqual(['A'])
  })

  it('a later import is compared number by number', () => {
    const [before, after] = [facts([row('A', 1), row('B', 2)]), facts([row('B', 1), row('C', 2)])]
    expect(compareFacts(before, after).map(({ key, before: old, after: now }) => [key, old, now])).toEqual([
      ['A rank', 1, null],
      ['A score', 99, null],
      ['B rank', 2, 1],
      ['B score', 98, 99],
      ['C rank', null, 2],
      ['C score', null, 98],
    ])
    expect(compareFacts(before, before)).toEqual([])
  })
})

describe('numbers in no fact', () => {
  it.each([
    ['平均 52.4 分', []],
    ['平均 52.40 分，５２.４', []],
    ['2022-05-17 的数据', []],
    ['第 3 名和 12 所', ['3', '12']],
    ['截至 5 月 31 日', ['31']],
    ['1,234 人', ['1,234']],
    ['没有数字', []],
  ])('%s', (text, strange) => {
    expect(strangeNumbers(text, facts([row('A', 1)]), '')).toEqual(strange)
  })

  it('what the draft said is known', () => {
    expect(strangeNumbers('前 10 名', facts([]), '前 10 名')).toEqual([])
    expect(numbersIn('-3.50 与 3')).toEqual([
      { shown: '3.50', value: 3.5 },
      { shown: '3', value: 3 },
    ])
  })
})

it.each([
  ['', { kind: 'view' }],
  ['3', { kind: 'show', id: 3 }],
  ['＃3', { kind: 'show', id: 3 }],
  ['起草 本月', { kind: 'draft', text: '本月' }],
  ['改 要求 请各校，\n尽快。', { kind: 'edit', section: 'demands', text: '请各校，\n尽快。' }],
  ['改 5 请', { kind: 'edit', section: 'demands', text: '请' }],
  ['改 第九 请', { kind: 'edit-what' }],
  ['批准 3', { kind: 'approve', id: 3 }],
  ['批准', { kind: 'approve' }],
  ['批准 3 谢谢', { kind: 'unknown' }],
  ['退回 3 数字不对', { kind: 'return', id: 3, text: '数字不对' }],
  ['定时 3 明天 8:30', { kind: 'schedule', id: 3, text: '明天 8:30' }],
  ['定时 明天 8:30', { kind: 'schedule', text: '明天 8:30' }],
  ['后五名 不要', { kind: 'last', on: false }],
  ['文号 新教通〔2022〕3号', { kind: 'set', setting: 'number', text: '新教通〔2022〕3号' }],
])('/通报 %s', (text, command) => {
  expect(parseBulletinCommand(text)).toEqual(command)
})
