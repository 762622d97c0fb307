import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayFromCivil, instantOf, parseDay } from '../../src/calendar/day'
import { afterWork, minutesPerDay, workMinutes } from '../../src/calendar/working-hours'
import type { WorkClock } from '../../src/calendar/working-hours'
import { clock } from './clock'

function instant(text: string): Date {
  const [date = '', time = '0:0'] = text.split(' ')
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return instantOf(parseDay(date)!, hour * 60 + minute)
}

const cases: [string, string, string, number][] = [
  ['within a morning', '2022-03-14 09:00', '2022-03-14 10:30', 90],
  ['over noon', '2022-03-14 11:30', '2022-03-14 14:30', 60],
  ['within noon', '2022-03-14 12:10', '2022-03-14 13:50', 0],
  ['before work', '2022-03-14 06:00', '2022-03-14 08:30', 0],
  ['a whole day', '2022-03-14 00:00', '2022-03-15 00:00', 420],
  ['over night', '2022-03-14 17:20', '2022-03-15 08:40', 20],
  ['over a weekend', '2022-03-11 17:00', '2022-03-14 09:00', 60],
  ['within a weekend', '2022-03-12 09:00', '2022-03-13 17:00', 0],
  ['over a holiday with a make-up day', '2022-04-01 17:00', '2022-04-06 09:00', 30 + 420 + 30],
  ['a make-up Saturday', '2022-04-02 09:00', '2022-04-02 10:00', 60],
  ['backwards', '2022-03-14 10:00', '2022-03-14 09:00', 0],
  ['nothing', '2022-03-14 10:00', '2022-03-14 10:00', 0],
]

describe('working hours', () => {
  it.each(cases)('%s', (_, from, to, minutes) => {
    expect(workMinutes(clock, instant(from), instant(to))).toBe(minutes)
  })

  it('a day has seven hours', () => expect(minutesPerDay(clock)).toBe(420))

  const due: [string, number, string][] = [
    ['2022-03-14 09:00', 120, '2022-03-14 11:00'],
    ['2022-03-14 11:00', 120, '2022-03-14 15:00'],
    ['2022-03-11 17:00', 60, '2022-03-14 09:00'],
    ['2022-03-12 10:00', 0, '2022-03-14 08:30'],
    ['2022-04-01 17:30', 420, '2022-04-02 17:30'],
    ['2022-04-02 17:30', 30, '2022-04-06 09:00'],
  ]
  it.each(due)('%s and %d minutes of work: %s', (from, minutes, to) => {
    expect(afterWork(clock, instant(from), minutes)).toEqual(instant(to))
  })

  it('counts what it promises: the due time lies exactly so many minutes of work ahead', () => {
    const start = dayFromCivil(2022, 1, 1)!
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 365 * 1440 }),
        fc.integer({ min: 0, max: 5000 }),
        (offset, minutes) => {
          const from = new Date(instantOf(start).getTime() + offset * 60_000)
          expect(workMinutes(clock, from, afterWork(clock, from, minutes))).toBeCloseTo(minutes, 6)
        },
      ),
    )
  })

  it('adds up over any instant between', () => {
    const base = instantOf(dayFromCivil(2022, 3, 28)!).getTime()
    const minute = fc.integer({ min: 0, max: 14 * 1440 })
    fc.assert(
      fc.property(minute, minute, minute, (...offsets) => {
        const [a, b, c] = offsets.sort((x, y) => x - y).map((offset) => new Date(base + offset * 60_000))
        const parts = workMinutes(clock, a!, b!) + workMinutes(clock, b!, c!)
        expect(parts).toBeCloseTo(workMinutes(clock, a!, c!), 6)
      }),
    )
  })

  it('says so when the calendar has no working day', () => {
    const idle: WorkClock = { ...clock, calendar: { isWorkday: () => false } }
    expect(() => afterWork(idle, instant('2022-03-14'), 1)).toThrow(/check calendar and hours/)
  })
})
