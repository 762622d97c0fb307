import { utils, write } from '@e965/xlsx'
import type { BookType } from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import type { Cell } from '@space-assistant/core/formats/cells'
import { defaultLimits } from '@space-assistant/core/formats/limits'
import { sheetsIn } from '@space-assistant/core/formats/parse'
import { shownText } from '@space-assistant/core/formats/number-format'
import { Dice } from './dice'

type Written = string | number | boolean | null | Date

const letters = [...'张三李四空间登录abXY019 ,;<>&"\'_-+:.😀𠮷é']
const SHOWN_DATE = 'yyyy-mm-dd hh:mm'

function rowsOf(dice: Dice): Written[][] {
  const value = (): Written => {
    switch (dice.from(0, 6)) {
      case 0:
        return null
      case 1:
        return dice.pick([
          0,
          -5,
          1001,
          0.25,
          1e15,
          123456.789,
          dice.from(-1e9, 1e9),
          dice.from(-9999, 9999) / 8,
        ])
      case 2:
        return dice.oneIn(2)
      case 3:
        return new Date(
          Date.UTC(2022, dice.from(0, 11), dice.from(1, 28), dice.from(0, 23), dice.from(0, 59)),
        )
      default:
        return textOf(dice)
    }
  }
  return Array.from({ length: dice.from(1, 12) }, () => Array.from({ length: dice.from(0, 8) }, value))
}

/** A text without spaces around it, which some of these formats do not keep, and that is no formula of theirs. */
function textOf(dice: Dice): string | null {
  const text = dice.text(letters, 10).replace(/ +/g, ' ')
  return text.replace(/^[ ='+-]+/, '').trim() || null
}

function bookOf(sheets: Written[][][], bookType: BookType): Uint8Array {
  const book = utils.book_new()
  // The writer of .ods knows no other dates than its own.
  const dates = { dateNF: bookType === 'ods' ? 'm/d/yy' : SHOWN_DATE, cellDates: true, UTC: true }
  for (const [at, rows] of sheets.entries())
    utils.book_append_sheet(book, utils.aoa_to_sheet(rows, dates), `S${at}`)
  const written = write(book, { type: 'array', bookType, cellDates: true }) as ArrayBuffer
  return new Uint8Array(written)
}

async function readCells(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  const sheets: Record<string, unknown>[] = []
  for await (const { rows } of sheetsIn(bytes, {}, defaultLimits)) {
    const cells: Record<string, unknown> = {}
    for await (const batch of rows)
      for (const { row, cells: line } of batch)
        line.forEach((cell, column) => {
          const value = readValue(cell)
          if (value !== null) cells[`${row - 1}:${column}`] = value
        })
    sheets.push(cells)
  }
  return sheets
}

function readValue(cell: Cell | undefined): unknown {
  if (typeof cell !== 'object' || cell === null) return cell ?? null
  return cell.kind === 'shown' ? minuteShown(cell.value, cell.isDate) : cell
}

function minuteShown(value: number, isDate: boolean): unknown {
  return isDate ? shownText({ kind: 'shown', value: value + 1e-7, isDate, pattern: SHOWN_DATE }) : value
}

function writtenValue(value: Written): unknown {
  return value instanceof Date ? value.toISOString().slice(0, 16).replace('T', ' ') : value
}

function expected(sheets: Written[][][], shown: (value: Written) => unknown): Record<string, unknown>[] {
  return sheets.map((rows) =>
    Object.fromEntries(
      rows.flatMap((row, at) =>
        row.flatMap((value, column) => (value === null ? [] : [[`${at}:${column}`, shown(value)]])),
      ),
    ),
  )
}

describe('what a library writes in the formats that it also reads comes back cell by cell', () => {
  it.each(['biff8', 'xlsb', 'ods', 'xlml'] as const)(
    '%s',
    async (bookType) => {
      for (let seed = 1; seed <= 60; seed++) {
        const dice = new Dice(seed)
        const sheets = Array.from({ length: dice.from(1, 3) }, () => rowsOf(dice))
        const read = await readCells(bookOf(sheets, bookType))
        expect(read, `seed ${seed}`).toEqual(expected(sheets, writtenValue))
      }
    },
    60_000,
  )

  it('html, where everything is a text', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const rows = rowsOf(new Dice(seed))
      const shown = (value: Written) => {
        if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
        const anyText: unknown = expect.any(String)
        return typeof value === 'number' ? anyText : writtenValue(value)
      }
      const [read = {}] = await readCells(bookOf([[...rows, ['end']]], 'html'))
      expect(read, `seed ${seed}`).toEqual(expected([[...rows, ['end']]], shown)[0])
    }
  })
})
