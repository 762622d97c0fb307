import {
  formatDate,
  formatMinute,
  formatMoment,
  formatNearMoment,
  parseMinute,
} from '@space-assistant/core/calendar/clock'
import { expect, it } from 'vitest'

it.each([
  ['2022-05-17T16:00:00Z', '2022-05-18 00:00', '05-18 00:00', '2022-05-18'],
  ['2022-05-18T15:59:59Z', '2022-05-18 23:59', '05-18 23:59', '2022-05-18'],
  ['2021-12-31T16:05:00Z', '2022-01-01 00:05', '01-01 00:05', '2022-01-01'],
  ['2024-02-28T16:00:00Z', '2024-02-29 00:00', '02-29 00:00', '2024-02-29'],
])('%s is written in the time of Shanghai, wherever the process runs', (at, moment, near, date) => {
  expect(formatMoment(new Date(at))).toBe(moment)
  expect(formatNearMoment(new Date(at))).toBe(near)
  expect(formatDate(new Date(at))).toBe(date)
})

it('every minute of a day is read back as it was written', () => {
  const minutes = Array.from({ length: 1440 }, (_, minute) => minute)
  expect(minutes.map((minute) => parseMinute(formatMinute(minute)))).toEqual(minutes)
})

it.each(['24:00', '8:60', '0830', '8', '08:30:00', ''])('%j is no time of day', (text) => {
  expect(parseMinute(text)).toBeUndefined()
})
