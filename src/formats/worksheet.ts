import { formulaCell, RefusedCell } from './cells'
import type { Cell, Merge, SheetRow } from './cells'
import type { FileLimits } from './limits'
import { formattedNumber } from './number-format'
import type { NumberFormat } from './number-format'
import { StringItem } from './shared-strings'
import { attributeOf, cellText, XmlPush } from './xml'
import type { XmlAttributes } from './xml'

const MERGES_KEPT = 200_000

/** What a workbook says of the cells of its sheets. */
export interface CellWords {
  strings: readonly string[]
  /** Number format by the index that a cell states. */
  formats: readonly NumberFormat[]
}

/** A worksheet that is read once, in pieces. */
export class Worksheet {
  /** Known once the rows have been read, because they stand behind them. */
  merges: readonly Merge[] = []

  constructor(
    private readonly pieces: AsyncIterable<Uint8Array>,
    private readonly words: CellWords,
    private readonly limits: FileLimits,
  ) {}

  /** A batch of rows for each piece of the file. */
  async *rows(): AsyncGenerator<SheetRow[]> {
    const scan = new SheetScan(this.words, this.limits)
    const xml = new XmlPush({
      open: (name, attributes) => scan.open(name, attributes),
      text: (text) => scan.text(text),
      close: (name) => scan.close(name),
    })
    for await (const piece of this.pieces) {
      xml.write(piece)
      const rows = scan.take()
      if (rows.length) yield rows
    }
    xml.end()
    const rows = scan.take()
    if (rows.length) yield rows
    this.merges = scan.merges
  }
}

/** A range of cells, 0-based, both ends included. */
interface Range {
  from: { row: number; column: number }
  to: { row: number; column: number }
}

/** Makes rows of the events of a sheet's XML. */
class SheetScan {
  readonly merges: Merge[] = []
  #rows: SheetRow[] = []
  #row = 0
  #count = 0
  #cells: (Cell | undefined)[] | undefined
  #column = -1
  #type = ''
  #format: NumberFormat | undefined
  #inCell = false
  #inValue = false
  #value = ''
  #isFormula = false
  /** Formulas that fill more cells than the one they stand in. */
  #arrays: Range[] = []
  readonly #inline = new StringItem()

  constructor(
    private readonly words: CellWords,
    private readonly limits: FileLimits,
  ) {}

  take(): SheetRow[] {
    const rows = this.#rows
    this.#rows = []
    return rows
  }

  open(name: string, attributes: XmlAttributes): void {
    switch (name) {
      case 'c':
        if (this.#cells) this.#openCell(attributes)
        return
      case 'v':
        this.#inValue = this.#inCell
        return
      case 'row':
        this.#row = rowNumber(attributes['r']) ?? this.#row + 1
        this.#cells = []
        this.#column = -1
        return
      case 'f':
        if (this.#inCell) this.#openFormula(attributes)
        return
      case 'mergeCell':
        this.#addMerge(attributes['ref'])
        return
      default:
        if (this.#inCell) this.#inline.open(name)
    }
  }

  text(text: string): void {
    if (!this.#inCell) return
    if (this.#inValue) this.#value += text
    else this.#inline.add(text)
    if (this.#value.length + this.#inline.length > this.limits.cell * 2) this.#refuseLength()
  }

  close(name: string): void {
    switch (name) {
      case 'c':
        if (this.#inCell) this.#closeCell()
        return
      case 'v':
        this.#inValue = false
        return
      case 'row':
        this.#closeRow()
        return
      default:
        if (this.#inCell) this.#inline.close(name)
    }
  }

  #openCell(attributes: XmlAttributes): void {
    this.#column = columnAt(attributes['r']) ?? this.#column + 1
    this.#type = attributes['t'] ?? ''
    const style = attributes['s']
    this.#format = style === undefined ? undefined : this.words.formats[Number(style)]
    this.#inCell = true
    this.#isFormula = false
    this.#value = ''
    this.#inline.take()
  }

  #openFormula(attributes: XmlAttributes): void {
    this.#isFormula = true
    const range = rangeOf(attributes['ref'])
    if (range && attributes['t'] !== 'shared' && this.#arrays.length < MERGES_KEPT) this.#arrays.push(range)
  }

  #closeCell(): void {
    this.#inCell = false
    const cell = this.#isFormula || this.#isInArray() ? formulaCell : this.#cell()
    if (cell === null || !this.#cells) return
    if (this.#column >= this.limits.columns) {
      throw new RefusedCell('too-many-columns', { columns: this.#column + 1, limit: this.limits.columns })
    }
    while (this.#cells.length < this.#column) this.#cells.push(null)
    this.#cells[this.#column] = cell
  }

  #closeRow(): void {
    const cells = this.#cells
    this.#cells = undefined
    this.#inCell = false
    if (this.#arrays.length) this.#arrays = this.#arrays.filter(({ to }) => to.row >= this.#row)
    // Formatted rows without content are common by the hundred thousand and cost nothing.
    if (!cells?.length) return
    if (++this.#count > this.limits.rows) throw new RefusedCell('too-many-rows', { limit: this.limits.rows })
    this.#rows.push({ row: this.#row, cells })
  }

  #isInArray(): boolean {
    if (!this.#arrays.length) return false
    const [row, column] = [this.#row - 1, this.#column]
    return this.#arrays.some(
      ({ from, to }) => row >= from.row && row <= to.row && column >= from.column && column <= to.column,
    )
  }

  #cell(): Cell {
    const raw = this.#value
    switch (this.#type) {
      case 's':
        return this.#shared(raw.trim())
      case 'inlineStr':
        return this.#checked(this.#inline.take())
      case 'b':
        return raw.trim() === '' ? null : raw.trim() === '1' || raw.trim() === 'true'
      case 'e':
        return { kind: 'error', text: raw.slice(0, 20) }
      case 'str':
      case 'd':
        return this.#checked(cellText(raw))
      default: {
        const number = Number(raw)
        if (raw.trim() === '') return null
        return Number.isFinite(number) ? formattedNumber(number, this.#format) : this.#checked(cellText(raw))
      }
    }
  }

  /** A cell that says which string it holds and names none holds nothing. */
  #shared(index: string): Cell {
    if (index === '') return null
    const text = this.words.strings[Number(index)]
    if (text === undefined) throw new RefusedCell('broken-file')
    return text || null
  }

  #checked(text: string): string | null {
    if (text.length > this.limits.cell) this.#refuseLength()
    return text || null
  }

  #refuseLength(): never {
    throw new RefusedCell('cell-too-long', { row: this.#row, limit: this.limits.cell })
  }

  /** Of merged ranges over several rows, the first column. */
  #addMerge(ref: string | undefined): void {
    const range = rangeOf(ref)
    if (!range || range.from.row === range.to.row) return
    if (range.from.column >= this.limits.columns || this.merges.length >= MERGES_KEPT) return
    this.merges.push({ column: range.from.column, firstRow: range.from.row, lastRow: range.to.row })
  }
}

function rowNumber(text: string | undefined): number | undefined {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 ? number : undefined
}

/** 0-based column of a place such as B7, without regular expressions: this runs once for every cell. */
function columnAt(place: string | undefined): number | undefined {
  if (place === undefined) return undefined
  let column = 0
  for (let at = 0; at < 3; at++) {
    const code = place.charCodeAt(at) & ~32
    if (!(code >= 65 && code <= 90)) break
    column = column * 26 + code - 64
  }
  return column ? column - 1 : undefined
}

function rangeOf(ref: string | undefined): Range | undefined {
  const match = /^\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$/i.exec(ref ?? '')
  const [, first, top, last = first, bottom = top] = match ?? []
  const [left, right] = [columnAt(first), columnAt(last)]
  if (left === undefined || right === undefined) return undefined
  return {
    from: { row: Number(top) - 1, column: left },
    to: { row: Number(bottom) - 1, column: right },
  }
}

/** The number formats of a workbook's cell styles, in their order. */
export class StyleScan {
  readonly formats: NumberFormat[] = []
  readonly #patterns = new Map<number, string>()
  #inCells = false

  constructor(private readonly formatOf: (id: number, pattern: string | undefined) => NumberFormat) {}

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'cellXfs') this.#inCells = true
    else if (name === 'numFmt')
      this.#patterns.set(
        Number(attributeOf(attributes, 'numFmtId')),
        attributeOf(attributes, 'formatCode') ?? '',
      )
    else if (name === 'xf' && this.#inCells) {
      const id = Number(attributeOf(attributes, 'numFmtId') ?? 0)
      this.formats.push(this.formatOf(id, this.#patterns.get(id)))
    }
  }

  close(name: string): void {
    if (name === 'cellXfs') this.#inCells = false
  }
}
