import fc from 'fast-check'
import { utils, write } from '@e965/xlsx'
import { streamXlsxRows, writeXlsx } from 'hucre'
import { describe, expect, it } from 'vitest'
import { encodeGbk } from '@space-assistant/core/text/gbk'
import { defaultLimits } from '@space-assistant/core/formats/limits'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import { parseMoment } from '@space-assistant/core/formats/moments'
import type { RecordRow } from '@space-assistant/core/formats/rows'
import { readWorkbook } from '@space-assistant/core/formats/workbook'
import { civilOf, formatDay } from '@space-assistant/core/calendar/day'
import { bookParts, csv, headers, parse, parsed, scheme, sheetXml, xlsx, zip } from './fixture'

/** Understood or refused with a sentence, and nothing else. */
async function isAnswered(bytes: Uint8Array): Promise<void> {
  const file = await parse(bytes)
  const problems = file.kind === 'refusal' ? [file] : file.problems
  for (const problem of problems) expect(describeRowProblem(problem)).not.toMatch(/\{\w+\}/)
}

describe('arbitrary bytes are answered', () => {
  const header = csv(['账号', '指标', '时间', '次数'])
  it('as they are', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), isAnswered), { numRuns: 500 })
  })

  it('after a signature or a header', async () => {
    const start = fc.constantFrom(
      Buffer.from('PK\x03\x04', 'latin1'),
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.from(header),
    )
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 600 }), (a, b) => isAnswered(Buffer.concat([a, b]))),
      { numRuns: 500 },
    )
  })

  it('in a real file with some bytes changed or cut off', async () => {
    const sheet = [
      ['账号', '指标', '时间'],
      ...Array.from({ length: 20 }, (_, i) => [`u${i}`, '空间登录', '2022-03-09']),
    ]
    const book = utils.book_new()
    utils.book_append_sheet(book, utils.aoa_to_sheet(sheet), 'S')
    const files = [
      await xlsx(...sheet),
      zip(bookParts(sheetXml(sheet))),
      new Uint8Array(write(book, { type: 'array', bookType: 'biff8' }) as ArrayBuffer),
      encodeGbk(sheet.map((row) => row.join(',')).join('\n')),
    ]
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat(255) })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(change, { maxLength: 8 }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (file, changes, length) => {
          const bytes = Uint8Array.from(file.subarray(0, Math.ceil(file.length * length)))
          for (const { at, byte } of changes) bytes[Math.floor(at * (bytes.length - 1))] = byte
          return isAnswered(bytes)
        },
      ),
      { numRuns: 600 },
    )
  }, 60_000)

  it('as the XML of a sheet', async () => {
    const piece = fc.constantFrom(
      '<row>',
      '</row>',
      '<row r="9"',
      '>',
      '<c',
      ' r="B2"',
      ' t="s"',
      '<v>',
      '1',
      '</v>',
      '</c>',
      '<is><t>',
      '</t>',
      '<f>',
      '<!--',
      ']]>',
      '<![CDATA[',
      '&#x0;',
      '&amp;',
      '/>',
      '账号',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), (pieces) =>
        isAnswered(zip(bookParts(`<worksheet><sheetData>${pieces.join('')}`))),
      ),
      { numRuns: 500 },
    )
  })
})

describe('what is written comes back', () => {
  const text = fc.string({
    unit: fc.constantFrom(...'张三abAZ09-_ ,;"\n=＝é𠮷'),
    minLength: 1,
    maxLength: 12,
  })
  const account = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,10}$/)
  const record = fc.record({
    account,
    indicator: fc.constantFrom(...scheme.indicators.map(({ name }) => name)),
    day: fc.integer({ min: scheme.period.from, max: scheme.period.to }),
    minute: fc.option(fc.integer({ min: 0, max: 1439 }), { nil: undefined }),
    count: fc.nat(1000),
  })
  const written = ({ day, minute }: Pick<RecordRow, 'day' | 'minute'>) =>
    formatDay(day) +
    (minute === undefined ? '' : ` ${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`)

  it('records through every container', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), text, async (records, remark) => {
        const table: (string | number)[][] = [
          ['备注', '账号', '指标', '时间', '次数'],
          ...records.map((one) => [remark, one.account, one.indicator, written(one), one.count]),
        ]
        const quoted = table
          .map((row) => row.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(','))
          .join('\n')
        const book = utils.book_new()
        utils.book_append_sheet(book, utils.aoa_to_sheet(table), 'S')
        for (const bytes of [
          Buffer.from(quoted),
          await xlsx(...table),
          await writeXlsx({ sheets: [{ name: 'S', rows: table }], stringMode: 'inline' }),
          new Uint8Array(write(book, { type: 'array', bookType: 'biff8' }) as ArrayBuffer),
        ]) {
          const file = await parsed('records', bytes)
          expect(file.problems).toEqual([])
          const rows = file.rows.map(({ account, indicator, day, minute, count }) => ({
            account,
            indicator,
            day,
            minute,
            count,
          }))
          expect(rows).toEqual(records)
        }
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('every day in every form', () => {
    const { dates } = headers
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30_000 }), fc.nat(1439), (day, minute) => {
        const { year, month, day: date } = civilOf(day)
        const [hour, rest] = [Math.floor(minute / 60), minute % 60]
        const time = `${hour}:${String(rest).padStart(2, '0')}`
        for (const form of [
          `${formatDay(day)} ${time}`,
          `${year}/${month}/${date} ${time}:30`,
          `${year}年${month}月${date}日 ${time}`,
          `${year}年${month}月${date}日${hour}时${rest}分`,
        ]) {
          expect(parseMoment(form, false, dates)).toEqual({ day, minute })
        }
        // A serial without a fraction says nothing about the time.
        const serial = parseMoment(day + 25_569 + minute / 1440, false, dates)
        expect(serial).toEqual(minute ? { day, minute } : { day })
      }),
    )
  })
})

describe('the scanner reads what the library reads', () => {
  const cell = fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
    fc.string({ unit: fc.constantFrom(...'中文<>&"\'_x0041_\n\t '), maxLength: 12 }),
    fc.integer({ min: -1e14, max: 1e14 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  )
  it.each(['shared', 'inline'] as const)(
    '%s strings',
    async (stringMode) => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 12 }), async (rows) => {
          const bytes = await writeXlsx({ sheets: [{ name: 'S', rows }], stringMode })
          expect(await scanned(bytes)).toEqual(await byLibrary(bytes))
        }),
        { numRuns: 150 },
      )
    },
    60_000,
  )

  it('20,000 rows of Chinese text, cell for cell, wherever the file is cut into pieces', async () => {
    const words = '深度应用空间登录资源建设互动授课练习批阅𠮷😀'
    const at = (i: number) => [...words].slice(i % 7, (i % 7) + 1 + (i % 11)).join('')
    const rows = Array.from({ length: 20_000 }, (_, i) => [`${at(i)}${i}`, at(i * 3), i, `${at(i * 5)}`])
    for (const stringMode of ['shared', 'inline'] as const) {
      const bytes = await writeXlsx({ sheets: [{ name: 'S', rows }], stringMode })
      expect(await scanned(bytes)).toEqual(rows.map((row) => row))
    }
  })

  async function scanned(bytes: Uint8Array): Promise<unknown[][]> {
    const rows: unknown[][] = []
    for await (const sheet of readWorkbook(bytes, defaultLimits)) {
      for await (const batch of sheet.rows)
        for (const { row, cells } of batch) rows[row - 1] = cells.map((c) => c ?? null)
    }
    return trimmed(rows)
  }

  async function byLibrary(bytes: Uint8Array): Promise<unknown[][]> {
    const rows: unknown[][] = []
    for await (const { index, values } of streamXlsxRows(bytes)) {
      rows[index] = values.map((value) => (value === '' ? null : value))
    }
    return trimmed(rows)
  }

  function trimmed(rows: unknown[][]): unknown[][] {
    const full = Array.from(rows, (row) => {
      const cells = [...(row ?? [])]
      while (cells.length && cells.at(-1) === null) cells.pop()
      return cells
    })
    while (full.length && !full.at(-1)!.length) full.pop()
    return full
  }
})
