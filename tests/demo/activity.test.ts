import type { DayOfActions } from '@space-assistant/core/demo/activity'
import { activity, NO_VALUE } from '@space-assistant/core/demo/activity'
import { recordsCsv, rosterCsv, schoolsCsv } from '@space-assistant/core/demo/csv'
import { makeDistrict } from '@space-assistant/core/demo/district'
import { recordId } from '@space-assistant/core/demo/exports'
import { mondayOf, parseDay, weekdayOf } from '@space-assistant/core/calendar/day'
import { describe, expect, it } from 'vitest'
import { weekly } from './schemes'

const district = makeDistrict()
const year = [...activity(district, weekly, { window: weekly.period })]
const login = 0

function total(days: DayOfActions[]): number {
  return days.reduce((sum, { length }) => sum + length, 0)
}

describe('a year of activity', () => {
  it('has about 800 records and 570 tallies per member', () => {
    const tallies = year.reduce((sum, day) => {
      return (
        sum +
        new Set(Array.from({ length: day.length }, (_, at) => day.member[at]! * 64 + day.indicator[at]!)).size
      )
    }, 0)
    expect(total(year) / 300).toBeGreaterThan(740)
    expect(total(year) / 300).toBeLessThan(860)
    expect(tallies / 300).toBeGreaterThan(520)
    expect(tallies / 300).toBeLessThan(610)
  })

  it('is quieter on weekends and holidays', () => {
    const workday = total(year.filter(({ day }) => weekdayOf(day) < 6))
    const weekend = total(year.filter(({ day }) => weekdayOf(day) > 5))
    expect(weekend / 2).toBeLessThan(workday / 5 / 2)
    const spring = year.find(({ day }) => day === parseDay('2022-02-02'))!
    const march = year.find(({ day }) => day === parseDay('2022-03-16'))!
    expect(spring.length).toBeLessThan(march.length / 3)
  })

  it('has login runs of more than 30 days, weeks over the cap and attributes that fail', () => {
    const longest = new Map<number, { run: number; day: number; best: number }>()
    const weeks = new Map<string, number>()
    let low = 0
    for (const day of year) {
      for (let at = 0; at < day.length; at++) {
        const member = day.member[at]!
        if (day.indicator[at] === 2) {
          const key = `${member} ${mondayOf(day.day)}`
          weeks.set(key, (weeks.get(key) ?? 0) + 1)
        }
        if (day.indicator[at] === 6 && day.value[at] !== NO_VALUE && day.value[at]! < 15) low++
        if (day.indicator[at] !== login) continue
        const known = longest.get(member) ?? { run: 0, day: -1, best: 0 }
        if (known.day !== day.day) known.run = known.day === day.day - 1 ? known.run + 1 : 1
        longest.set(member, { ...known, day: day.day, best: Math.max(known.best, known.run) })
      }
    }
    expect([...longest.values()].filter(({ best }) => best > 30).length).toBeGreaterThan(5)
    expect([...weeks.values()].filter((count) => count > 5).length).toBeGreaterThan(100)
    expect(low).toBeGreaterThan(50)
  })

  it('gives a day the same alone as within the year', () => {
    const day = year[100]!
    const [alone] = activity(district, weekly, { window: { from: day.day, to: day.day } })
    expect(alone).toEqual(day)
  })

  it('has no records of who has left long ago', () => {
    const gone = district.members.findIndex(({ state }) => state === 'retired')
    const last = year.slice(200)
    expect(last.some((day) => day.member.subarray(0, day.length).includes(gone))).toBe(false)
  })
})

describe('files as text', () => {
  const window = { from: parseDay('2022-03-07')!, to: parseDay('2022-03-08')! }

  it('writes records in order of time, with and without ids', () => {
    const text = [...recordsCsv(district, weekly, { window })].join('')
    const [header, ...rows] = text.trimEnd().split('\n')
    expect(header).toBe('账号,指标,时间,次数,记录编号,时长,人数,资源数,作品数,天数,完善项数')
    const cells = rows.map((row) => row.split(','))
    expect(cells.every(({ length }) => length === 11)).toBe(true)
    const times = cells.map((row) => row[2]!)
    expect([...times].sort()).toEqual(times)
    expect(cells[0]![4]).toBe(recordId(window.from, 0))
    const plain = [...recordsCsv(district, weekly, { window, ids: false })].join('').trimEnd().split('\n')
    expect(plain).toHaveLength(rows.length + 1)
    expect(plain[1]!.split(',')).toHaveLength(10)
  })

  it('stops at the limit', () => {
    const text = [...recordsCsv(district, weekly, { limit: 1234 })].join('')
    expect(text.trimEnd().split('\n')).toHaveLength(1235)
  })

  it('writes the roster and the schools', () => {
    const roster = [...rosterCsv(district)].join('').trimEnd().split('\n')
    expect(roster).toHaveLength(301)
    expect(roster.some((row) => row.includes('管理员、教师'))).toBe(true)
    expect([...schoolsCsv(district)].join('').trimEnd().split('\n')).toHaveLength(13)
  })
})
