import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseUpcoming } from '@space-assistant/core/nudges/upcoming'
import { formatDay, parseDay } from '@space-assistant/core/calendar/day'

const headers = parse(readFileSync('config/headers.yml', 'utf8')) as { dates: Record<string, string> }
const dates = Object.entries(headers.dates)
const words = { dates, days: { 今天: 0, 明天: 1 }, spans: { 天: 1, 周: 7 } }

it.each([
  ['3月20日', '2022-03-20'],
  ['3月20号', '2022-03-20'],
  ['3/20', '2022-03-20'],
  ['3-20', '2022-03-20'],
  ['2022-03-20', '2022-03-20'],
  ['2022年3月20日', '2022-03-20'],
  ['1月5日', '2023-01-05'],
  ['2021-03-20', '2021-03-20'],
  ['3月20日 8:30', '2022-03-20 510'],
  ['3月20日8点30分', '2022-03-20 510'],
  ['3月20日 8点', '2022-03-20 480'],
  ['3/20 08:30', '2022-03-20 510'],
  ['明天', '2022-03-10'],
  ['明天 8:30', '2022-03-10 510'],
  ['明天8点', '2022-03-10 480'],
  ['明天 下午3点', '2022-03-10 900'],
  ['今天 20：00', '2022-03-09 1200'],
  ['３天', '2022-03-12'],
  ['2周', '2022-03-23'],
  ['2月30日', undefined],
  ['明天 25点', undefined],
  ['以后', undefined],
  ['', undefined],
  ['8', undefined],
])('%s', (text, expected) => {
  const moment = parseUpcoming(text, parseDay('2022-03-09')!, words)
  const minute = moment?.minute === undefined ? '' : ` ${moment.minute}`
  expect(moment && `${formatDay(moment.day)}${minute}`).toBe(expected)
})
