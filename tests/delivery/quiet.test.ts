import { describe, expect, test } from 'vitest'
import { priorities } from '@space-assistant/core/delivery/message'
import { parseMinute } from '@space-assistant/core/calendar/clock'
import { goesAnytime, quietUntil } from '@space-assistant/core/delivery/quiet'

const at = (text: string) => new Date(`${text}+08:00`).getTime()
const hours = (from: string, to: string) => ({ from: parseMinute(from)!, to: parseMinute(to)! })

describe('the quiet hours end', () => {
  test.each([
    // hours, now, the end (undefined: not quiet)
    ['21:30', '07:00', '2022-03-09T21:29:59', undefined],
    ['21:30', '07:00', '2022-03-09T21:30:00', '2022-03-10T07:00:00'],
    ['21:30', '07:00', '2022-03-09T23:59:59', '2022-03-10T07:00:00'],
    ['21:30', '07:00', '2022-03-10T00:00:00', '2022-03-10T07:00:00'],
    ['21:30', '07:00', '2022-03-10T06:59:59', '2022-03-10T07:00:00'],
    ['21:30', '07:00', '2022-03-10T07:00:00', undefined],
    ['21:30', '07:00', '2022-03-10T12:00:00', undefined],
    ['21:30', '07:00', '2022-02-28T22:00:00', '2022-03-01T07:00:00'],
    ['21:30', '07:00', '2022-12-31T22:00:00', '2023-01-01T07:00:00'],
    // a rest at noon: not over midnight
    ['12:00', '14:00', '2022-03-09T11:59:00', undefined],
    ['12:00', '14:00', '2022-03-09T12:00:00', '2022-03-09T14:00:00'],
    ['12:00', '14:00', '2022-03-09T14:00:00', undefined],
    // from midnight, and until midnight
    ['00:00', '06:00', '2022-03-09T00:00:00', '2022-03-09T06:00:00'],
    ['22:00', '00:00', '2022-03-09T23:00:00', '2022-03-10T00:00:00'],
    ['22:00', '00:00', '2022-03-10T00:00:00', undefined],
    // the same time twice: there are none
    ['07:00', '07:00', '2022-03-09T07:00:00', undefined],
    ['07:00', '07:00', '2022-03-09T23:00:00', undefined],
  ])('%s-%s at %s: %s', (from, to, now, end) => {
    expect(quietUntil(hours(from, to), at(now))).toBe(end && at(end))
  })
})

test.each([
  ['21:30', 1290],
  ['7:00', 420],
  ['07:00', 420],
  ['0:00', 0],
  ['23:59', 1439],
  ['24:00', undefined],
  ['7', undefined],
  ['7:5', undefined],
  ['', undefined],
])('%j is minute %s', (text, minute) => {
  expect(parseMinute(text)).toBe(minute)
})

describe('goes out in the quiet hours', () => {
  test.each([
    // kind, priority, the sender's word, kinds of the configuration, whether
    ['ticket', 'answer', undefined, [], true],
    ['binding', 'answer', undefined, [], true],
    ['announcement', 'announcement', undefined, [], false],
    ['nudge', 'nudge', undefined, [], false],
    ['bulletin', 'bulletin', undefined, [], false],
    ['announcement', 'announcement', true, [], true],
    ['announcement', 'announcement', undefined, ['announcement'], true],
    ['nudge', 'nudge', undefined, ['announcement'], false],
    ['ticket', 'answer', false, ['ticket'], false],
  ] as const)('%s of priority %s, asked %s, configured %j: %s', (kind, priority, anytime, kinds, goes) => {
    expect(goesAnytime({ kind, priority: priorities[priority], anytime }, kinds)).toBe(goes)
  })
})
