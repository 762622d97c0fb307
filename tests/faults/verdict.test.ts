import { describe, expect, test } from 'vitest'
import { judge } from './verdict'
import type { Run } from './verdict'

// Two messages to each of four groups: 0 and 4, 1 and 5, 2 and 6, 3 and 7; group 1 is QQ's.
const all = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => `text ${index}`)
const without = (...gone: number[]) => all.filter((_, index) => !gone.includes(index))
const run = (changes: Partial<Run>): Run => ({
  ...{ messages: 8, groups: 4, arrivals: all, faults: [], rest: [], unanswered: new Set<string>() },
  ...changes,
})
const unknown = (index: number, more = {}) => ({
  ...{ text: `text ${index}`, state: 'unknown', settledAt: 2_000, owner: 'A' },
  ...more,
})
const kill = (before: number, ...underway: number[]) => ({
  ...{ at: 1_000, before, killed: 'A', underway: new Set(underway.map((index) => `text ${index}`)) },
})
const cut = (before: number, more = {}) => ({ at: 1_900, before, platform: 'qq', ...more })

describe('the verdict of the campaign', () => {
  test('is clean when every message arrived once and in order', () => {
    expect(judge(run({}))).toMatchObject({ lost: 0, twice: 0, disorder: 0, unsettled: 0, outside: 0 })
  })

  const faulty: [title: string, changes: Partial<Run>, figures: object][] = [
    ['a message that never came is lost', { arrivals: without(5) }, { lost: 1, arrived: 7 }],
    ['one that came again is twice', { arrivals: [...all, 'text 2'] }, { twice: 1, disorder: 0 }],
    ['one that was overtaken in its group', { arrivals: [...without(0), 'text 0'] }, { disorder: 1 }],
    [
      'one that died is lost and unsettled',
      { arrivals: without(5), rest: [unknown(5, { state: 'failed' })] },
      { lost: 1, unsettled: 1 },
    ],
    [
      'one that arrived and is called dead',
      { rest: [unknown(5, { state: 'failed' })] },
      { lost: 0, unsettled: 1 },
    ],
    ['an unknown one without any fault', { rest: [unknown(5)] }, { unknown: 1, outside: 1 }],
    [
      'one of another process than the killed',
      { faults: [kill(6, 5)], rest: [unknown(5, { owner: 'B' })] },
      { outside: 1 },
    ],
    ['one that was not marked at the kill', { faults: [kill(6, 4)], rest: [unknown(5)] }, { outside: 1 }],
    [
      'one that was given up before the kill',
      { faults: [kill(6, 5)], rest: [unknown(5, { settledAt: 999 })] },
      { outside: 1 },
    ],
    [
      'one with another one on its way in the same group',
      { arrivals: without(1, 5), faults: [kill(6, 1, 5)], rest: [unknown(1), unknown(5)] },
      { outside: 1 },
    ],
    [
      'one behind a message that had not been sent',
      { arrivals: [...without(1, 5), 'text 1'], faults: [kill(6, 5)], rest: [unknown(5)] },
      { outside: 1 },
    ],
    ['one whose successor had arrived', { faults: [kill(8, 1)], rest: [unknown(1)] }, { outside: 1 }],
    ['one of another platform than the cut one', { faults: [cut(4)], rest: [unknown(4)] }, { outside: 1 }],
    [
      'one of the cut platform, but long after',
      { faults: [cut(4)], rest: [unknown(5, { settledAt: 6_000 })] },
      { outside: 1 },
    ],
    [
      'one whose own connection did not fall',
      { faults: [cut(4, { only: new Set(['text 1']) })], rest: [unknown(5)] },
      { outside: 1 },
    ],
  ]
  test.each(faulty)('%s', (_, changes, figures) => {
    expect(judge(run(changes))).toMatchObject(figures)
  })

  const excused: [title: string, changes: Partial<Run>][] = [
    [
      'on its way at the kill, and never arrived',
      { arrivals: without(5), faults: [kill(6, 5)], rest: [unknown(5)] },
    ],
    ['on its way at the kill, and arrived before it', { faults: [kill(8, 5)], rest: [unknown(5)] }],
    ['on its way at the kill, and arrived after it', { faults: [kill(5, 5)], rest: [unknown(5)] }],
    [
      'each at a kill of its own',
      { arrivals: without(1, 5), faults: [kill(4, 1), kill(5, 5)], rest: [unknown(1), unknown(5)] },
    ],
    ['when its connection fell', { arrivals: without(5), faults: [cut(4)], rest: [unknown(5)] }],
    ['without a word of the platform', { unanswered: new Set(['text 5']), rest: [unknown(5)] }],
  ]
  test.each(excused)('unknown is right for one %s', (_, changes) => {
    expect(judge(run(changes))).toMatchObject({ lost: 0, unsettled: 0, outside: 0 })
  })
})
