import { read, utils } from '@e965/xlsx'
import { makeDistrict } from '@space-assistant/core/demo/district'
import * as exports from '@space-assistant/core/demo/exports'
import { parseDay } from '@space-assistant/core/calendar/day'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { weekly } from './schemes'

const district = makeDistrict()
const of = { window: { from: parseDay('2022-03-07')!, to: parseDay('2022-03-13')! }, schools: ['4200001'] }

function rowsOf(bytes: Uint8Array): unknown[][] {
  const book = read(bytes, { type: 'array' })
  return utils.sheet_to_json(book.Sheets[book.SheetNames[0]!]!, { header: 1, blankrows: true })
}

afterEach(() => vi.useRealTimers())

describe('exports with the dirt of real ones', () => {
  it('are the same bytes whenever they are made', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const files = async (now: string) => {
      vi.setSystemTime(new Date(now))
      const made = [
        await exports.rosterExport(district),
        exports.schoolsExport(district),
        await exports.recordsExport(district, weekly, of),
        exports.oldRecordsExport(district, weekly, of),
      ]
      return made.map(({ bytes }) => Buffer.from(bytes).toString('base64'))
    }
    expect(await files('2022-03-14T08:00:00Z')).toEqual(await files('2026-11-26T09:30:00Z'))
  })

  it('roster: title rows, blank rows, spaced names, full-width codes, ruined accounts, totals', async () => {
    const rows = rowsOf((await exports.rosterExport(district)).bytes)
    expect(rows[0]).toEqual(['全区网络学习空间人员名册'])
    expect(rows[2]![5]).toBe('账号')
    expect(rows.filter((row) => row.length === 0).length).toBe(5)
    expect(rows.some((row) => /^. ./.test(String(row[4])))).toBe(true)
    expect(rows.some((row) => /[０-９]/.test(String(row[0])))).toBe(true)
    expect(rows.at(-3)![5]).toBe('1.23457E+17')
    expect(rows.at(-1)![0]).toBe('合计')
  })

  it('schools: a csv that is GBK and nothing else', () => {
    const { bytes } = exports.schoolsExport(district)
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow()
    const lines = new TextDecoder('gb18030', { fatal: true }).decode(bytes).trimEnd().split('\r\n')
    expect(lines).toHaveLength(15)
    expect(lines[1]).toBe('学校代码,学校名称,街镇,学段,学生数,学生开通数,学生参与数')
  })

  it('records: five forms of dates, an unknown indicator, an unknown account', async () => {
    const rows = rowsOf((await exports.recordsExport(district, weekly, of)).bytes)
    const dates = rows.slice(3).map((row) => row[2])
    expect(dates.some((date) => /^2022-03-07 \d\d:\d\d$/.test(String(date)))).toBe(true)
    expect(dates).toContain('2022/3/7')
    expect(dates).toContain('2022年3月7日')
    expect(dates.some((date) => typeof date === 'number' && !Number.isInteger(date))).toBe(true)
    expect(dates).toContain(44627)
    expect(rows.some((row) => row[1] === '资源检锁')).toBe(true)
    expect(rows.some((row) => row[0] === 'nobody0001')).toBe(true)
  })

  it('old records: an OLE2 file with the ids of the large export', () => {
    const { bytes } = exports.oldRecordsExport(district, weekly, of)
    expect([...bytes.subarray(0, 4)]).toEqual([0xd0, 0xcf, 0x11, 0xe0])
    expect(String(rowsOf(bytes)[2]![4])).toMatch(/^220307\d{6}$/)
  })

  it('snapshot: the total and a column per indicator', async () => {
    const day = parseDay('2022-03-13')!
    const { bytes } = await exports.snapshotExport(district, weekly, day, () => ({
      空间登录: 9,
      资源建设: 3,
    }))
    const rows = rowsOf(bytes)
    expect(rows[2]!.slice(0, 5)).toEqual(['账号', '姓名', '截止日期', '总分', '空间登录'])
    expect(rows[3]!.slice(2, 5)).toEqual(['2022-03-13', 12, 9])
    expect(rows).toHaveLength(303)
  })
})
