import { SSF, utils, write } from '@e965/xlsx'
import { writeXlsx } from 'hucre'
import { describe, expect, it } from 'vitest'
import type { Cell } from '@space-assistant/core/formats/cells'
import { defaultLimits } from '@space-assistant/core/formats/limits'
import { readWorkbook } from '@space-assistant/core/formats/workbook'
import { Dice } from './dice'
import { readPlainWorkbook } from './plain-workbook'
import type { PlainCell } from './plain-workbook'
import { makeWorkbook } from './random-workbook'
import type { MadeCell, MadeWorkbook } from './random-workbook'

/** Seeds that once were read wrongly, and a sample of all; SEEDS and FROM try others. */
const seeds = Array.from(
  { length: Number(process.env['SEEDS'] ?? 300) },
  (_, at) => at + Number(process.env['FROM'] ?? 1),
)

const formats = SSF as {
  format(this: void, pattern: string | number, value: number): string
  is_date(this: void, pattern: string): boolean
}

interface Found {
  name: string
  from1904: boolean
  cells: Record<string, unknown>
  /** Places of numbers that show something else than their digits. */
  unlike: string[]
  merges: unknown[]
}

/** Our reading, as plain values by place. */
async function oursOf(bytes: Uint8Array): Promise<Found[]> {
  const sheets: Found[] = []
  for await (const sheet of readWorkbook(bytes, defaultLimits)) {
    const { name, from1904, rows } = sheet
    const cells: Found['cells'] = {}
    const unlike: string[] = []
    for await (const batch of rows)
      for (const { row, cells: line } of batch)
        line.forEach((cell, column) => {
          const [value, place] = [plainValue(cell), `${row - 1}:${column}`]
          if (value !== null) cells[place] = value
          if (typeof cell === 'object' && cell?.kind === 'shown') unlike.push(place)
        })
    sheets.push({ name, from1904, cells, unlike, merges: [...sheet.merges()] })
  }
  return sheets
}

function plainValue(cell: Cell | undefined): unknown {
  if (typeof cell === 'number') return { number: cell, isDate: false }
  if (typeof cell !== 'object' || cell === null) return cell ?? null
  if (cell.kind === 'formula') return { formula: true }
  return cell.kind === 'error' ? { error: cell.text } : { number: cell.value, isDate: cell.isDate }
}

interface PlainFormat {
  id: number
  pattern: string | undefined
}

function patternOf({ id, pattern }: PlainFormat): string {
  return pattern ?? formatTable()[id] ?? 'General'
}

/** Whether numbers with the format are shown with other digits than they have: as dates, with zeros, in percent. */
function isUnlike(format: PlainFormat): boolean {
  const pattern = patternOf(format)
  const shown = [7, 1_234_567].map((number) => formats.format(pattern, number).replaceAll(',', '').trim())
  return (
    formats.is_date(pattern) || !/^7(\.0+)?$/.test(shown[0] ?? '') || !/^1234567(\.0+)?$/.test(shown[1] ?? '')
  )
}

/** Formats known by number; the library leaves out the Chinese ones (ECMA-376, 18.8.30). */
function formatTable(): Record<number, string> {
  return {
    ...(SSF as { get_table(): Record<number, string> }).get_table(),
    31: 'yyyy"\u5e74"m"\u6708"d"\u65e5"',
  }
}

function bySecond(bytes: Uint8Array): Found[] {
  return readPlainWorkbook(bytes).map(({ name, from1904, cells, merges }) => ({
    name,
    from1904,
    merges,
    cells: Object.fromEntries([...cells].map(([place, cell]) => [place, secondValue(cell)])),
    unlike: [...cells].flatMap(([place, cell]) =>
      cell.kind === 'number' && isUnlike(cell.format) ? [place] : [],
    ),
  }))
}

function secondValue(cell: PlainCell): unknown {
  switch (cell.kind) {
    case 'text':
      return cell.text
    case 'number':
      return { number: cell.value, isDate: formats.is_date(patternOf(cell.format)) }
    case 'boolean':
      return cell.value
    case 'error':
      return { error: cell.text }
    case 'formula':
      return { formula: true }
  }
}

/** All that both say, and of numbers whose digits are not what is shown, that ours looks at what is. */
function expectSame(ours: readonly Found[], second: readonly Found[], seed: number): void {
  const without = (found: readonly Found[]) => found.map((sheet) => ({ ...sheet, unlike: undefined }))
  expect(without(ours), `seed ${seed}`).toEqual(without(second))
  const unseen = second.map(({ unlike }, at) => unlike.filter((place) => !ours[at]?.unlike.includes(place)))
  expect(unseen.flat(), `seed ${seed}`).toEqual([])
}

function madeValue(cell: MadeCell, styles: MadeWorkbook['styles']): unknown {
  switch (cell.kind) {
    case 'number':
      return secondValue({
        kind: 'number',
        value: Number(cell.written),
        format: styles[cell.style] ?? { id: 0, pattern: undefined },
      })
    case 'nothing':
      return undefined
    default:
      return secondValue(cell)
  }
}

/** What was put into the file, of the sheets that are to be read. */
function asMade({ sheets, styles, from1904 }: MadeWorkbook): Omit<Found, 'merges' | 'unlike'>[] {
  const shown = sheets.filter(({ state }) => state === '' || state === 'visible')
  return (shown.length ? shown : sheets)
    .filter(({ isChart }) => !isChart)
    .map(({ name, cells }) => ({
      name,
      from1904,
      cells: Object.fromEntries([...cells].map(([place, cell]) => [place, madeValue(cell, styles)])),
    }))
}

describe('a workbook is read, cell by cell, as a second reader reads it', () => {
  it('whatever way of writing XML its program had', async () => {
    let cells = 0
    for (const seed of seeds) {
      const made = makeWorkbook(seed)
      const second = bySecond(made.bytes)
      expect(second, `the second reader, seed ${seed}`).toMatchObject(asMade(made))
      expectSame(await oursOf(made.bytes), second, seed)
      for (const sheet of second) cells += Object.keys(sheet.cells).length
    }
    expect(cells).toBeGreaterThan(seeds.length * 5)
  }, 120_000)

  it.each(['hucre', 'sheetjs'] as const)(
    'written by %s',
    async (writer) => {
      for (const seed of seeds.slice(0, 60)) {
        const bytes = await (writer === 'hucre' ? byHucre(new Dice(seed)) : bySheetJs(new Dice(seed)))
        expectSame(await oursOf(bytes), bySecond(bytes), seed)
      }
    },
    120_000,
  )
})

type Written = string | number | boolean | null | Date

function rowsOf(dice: Dice): Written[][] {
  const letters = [...'张三李四空间abXY019 <>&"\'\n\t_😀𠮷']
  const value = (): Written => {
    switch (dice.from(0, 6)) {
      case 0:
        return null
      case 1:
        return Number(dice.number())
      case 2:
        return dice.oneIn(2)
      case 3:
        return new Date(Date.UTC(2022, dice.from(0, 11), dice.from(1, 28), dice.from(0, 23), 30))
      default:
        return dice.text(letters, 10) || null
    }
  }
  return Array.from({ length: dice.from(1, 12) }, () => Array.from({ length: dice.from(0, 8) }, value))
}

function byHucre(dice: Dice): Promise<Uint8Array> {
  const sheets = Array.from({ length: dice.from(1, 2) }, (_, at) => ({ name: `S${at}`, rows: rowsOf(dice) }))
  return writeXlsx({
    sheets,
    stringMode: dice.pick(['shared', 'inline']),
    dateSystem: dice.pick(['1900', '1904']),
  })
}

function bySheetJs(dice: Dice): Promise<Uint8Array> {
  const book = utils.book_new()
  for (let at = dice.from(1, 2); at > 0; at--)
    utils.book_append_sheet(book, utils.aoa_to_sheet(rowsOf(dice), { UTC: true }), `S${at}`)
  const options = { bookSST: dice.oneIn(2), compression: dice.oneIn(2) }
  const bytes = write(book, {
    type: 'array',
    bookType: dice.pick(['xlsx', 'xlsm']),
    ...options,
  }) as ArrayBuffer
  return Promise.resolve(new Uint8Array(bytes))
}
