import { describe, expect, it } from 'vitest'
import { formatDay, instantOf, parseDay } from '@space-assistant/core/calendar/day'
import { defaultTimes, isOccasionOpen, occasionsOn, weeklyDay } from '@space-assistant/core/nudges/occasion'
import { plainCalendar } from '@space-assistant/core/calendar/school-calendar'
import type { SchoolCalendar } from '@space-assistant/core/calendar/school-calendar'
import type { Phase } from '@space-assistant/core/scheme/scheme'

const day = (text: string) => parseDay(text)!
const period = { from: day('2022-01-01'), to: day('2022-12-31') }
const phase: Phase = {
  name: '评选',
  window: { from: day('2022-06-01'), to: day('2022-06-20') },
  todo: '评分',
}
const scheme = { id: 'made-up', period, phases: [phase] }
const summer: SchoolCalendar = {
  ...plainCalendar,
  vacations: [{ name: '暑假', window: { from: day('2022-07-01'), to: day('2022-08-31') } }],
}

describe('the day of the weekly nudge', () => {
  // Public holidays of 2022 as the State Council announced them.
  const cases: [string, string, string][] = [
    ['is Monday in an ordinary week', '2022-03-09', '2022-03-07'],
    ['moves behind Labour Day (30 April to 4 May)', '2022-05-02', '2022-05-05'],
    ['moves behind the Tomb-Sweeping days (3 to 5 April)', '2022-04-04', '2022-04-06'],
    ['moves to the make-up Saturday when National Day takes the whole week', '2022-10-03', '2022-10-08'],
    ['is Tuesday when New Year takes the Monday', '2022-01-03', '2022-01-04'],
  ]
  it.each(cases)('%s', (_, asked, expected) => {
    const found = weeklyDay(scheme, plainCalendar, day(asked))
    expect('day' in found && formatDay(found.day)).toBe(expected)
  })

  it('does not exist in school vacations', () => {
    expect(weeklyDay(scheme, summer, day('2022-07-18'))).toEqual({ none: 'vacation' })
  })

  it('does not exist in a week that is off from the nudge day on', () => {
    const off = ['2022-03-07', '2022-03-08', '2022-03-09', '2022-03-10', '2022-03-11'].map(day)
    const calendar = { ...plainCalendar, holidays: new Set(off) }
    expect(weeklyDay(scheme, calendar, day('2022-03-07'))).toEqual({ none: 'no-workday' })
  })

  it('does not exist outside the scoring period', () => {
    const late = { period: { from: day('2022-01-01'), to: day('2022-06-30') } }
    expect(weeklyDay(late, plainCalendar, day('2022-07-04'))).toEqual({ none: 'outside-period' })
  })
})

describe('what there is to say on a day', () => {
  const kinds = (text: string) =>
    occasionsOn(scheme, plainCalendar, day(text)).map((occasion) =>
      occasion.kind === 'phase-deadline' ? `${occasion.kind} ${occasion.daysLeft}` : occasion.kind,
    )

  it.each([
    ['2022-06-01', ['phase-start']],
    ['2022-06-06', ['weekly', 'phase-deadline 14']],
    ['2022-06-13', ['weekly', 'phase-deadline 7']],
    ['2022-06-17', ['phase-deadline 3']],
    ['2022-06-20', ['weekly', 'phase-deadline 0']],
    ['2022-06-21', []],
  ])('%s: %j', (text, expected) => expect(kinds(text)).toEqual(expected))

  it('has the same keys whatever time of day is set', () => {
    const early = occasionsOn(scheme, plainCalendar, day('2022-06-13'))
    const late = occasionsOn(scheme, plainCalendar, day('2022-06-13'), { ...defaultTimes, minute: 600 })
    expect(late.map(({ key }) => key)).toEqual(early.map(({ key }) => key))
    expect(new Set(early.map(({ key }) => key)).size).toBe(early.length)
  })

  it('is open from its minute until the evening, and never on a later day', () => {
    const [weekly] = occasionsOn(scheme, plainCalendar, day('2022-03-07'))
    const at = (text: string, minute: number) => isOccasionOpen(weekly!, instantOf(day(text), minute))
    expect(at('2022-03-07', 8 * 60 + 29)).toBe(false)
    expect(at('2022-03-07', 8 * 60 + 30)).toBe(true)
    expect(at('2022-03-07', 19 * 60 + 59)).toBe(true)
    expect(at('2022-03-07', 20 * 60)).toBe(false)
    expect(at('2022-03-10', 9 * 60)).toBe(false)
  })
})
