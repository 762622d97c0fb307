import { formulaCell, RefusedCell } from './cells'
import type { Cell, Merge, SheetRow } from './cells'
import type { FileLimits } from './limits'
import { nextTag, sharedText } from './shared-strings'
import { attributeOf, cellText, elements, wholeElements } from './xml'

const MERGES_KEPT = 200_000
const LONGEST_TAIL = 8 * 2 ** 20

/** A worksheet that is read once, in pieces. */
export class Worksheet {
  /** Known once the rows have been read, because they stand behind them. */
  merges: readonly Merge[] = []

  constructor(
    private readonly pieces: AsyncIterable<Uint8Array>,
    private readonly strings: readonly string[],
    private readonly limits: FileLimits,
  ) {}

  /** A batch of rows for each piece of the file. */
  async *rows(): AsyncGenerator<SheetRow[]> {
    const { limits } = this
    const scan = new RowScan(this.strings, limits)
    // A row has at most so many cells, each with its tags and text; what follows the rows can be as long.
    const longest = limits.columns * 400 + limits.cell * 20
    let last = ''
    for await (const text of wholeElements(this.pieces, 'row', Math.max(longest, LONGEST_TAIL))) {
      const rows = scan.rows(text)
      if (rows.length) yield rows
      last = text
    }
    this.merges = mergesIn(last, limits)
  }
}

/** Of merged ranges over several rows, the first column. */
function mergesIn(text: string, limits: FileLimits): Merge[] {
  const merges: Merge[] = []
  for (const tag of elements(text, 'mergeCell')) {
    const match = /^([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})$/i.exec(attributeOf(tag, 'ref') ?? '')
    if (!match || match[2] === match[3]) continue
    const column = columnAt(match[1]!, 0) ?? 0
    if (column >= limits.columns || merges.length >= MERGES_KEPT) continue
    merges.push({ column, firstRow: Number(match[2]) - 1, lastRow: Number(match[3]) - 1 })
  }
  return merges
}

class RowScan {
  private row = 0
  private count = 0
  private readonly limits: FileLimits

  constructor(
    private readonly strings: readonly string[],
    limits: FileLimits,
  ) {
    this.limits = limits
  }

  rows(text: string): SheetRow[] {
    const rows: SheetRow[] = []
    let at = 0
    for (;;) {
      const open = nextTag(text, 'row', at)
      if (open < 0) return rows
      const tagEnd = text.indexOf('>', open)
      if (tagEnd < 0) return rows
      this.row = this.rowNumber(text.slice(open, tagEnd))
      at = tagEnd + 1
      if (text.charCodeAt(tagEnd - 1) === 47) continue
      const close = text.indexOf('</row>', at)
      const end = close < 0 ? text.length : close
      const cells = this.cells(text, at, end)
      at = end
      // Formatted rows without content are common by the hundred thousand and cost nothing.
      if (!cells.length) continue
      if (++this.count > this.limits.rows) throw new RefusedCell('too-many-rows', { limit: this.limits.rows })
      rows.push({ row: this.row, cells })
    }
  }

  private rowNumber(tag: string): number {
    const number = Number(/\sr=["'](\d+)["']/.exec(tag)?.[1])
    return Number.isInteger(number) && number > 0 ? number : this.row + 1
  }

  private cells(text: string, from: number, to: number): (Cell | undefined)[] {
    const cells: (Cell | undefined)[] = []
    let column = -1
    let at = from
    for (;;) {
      const open = nextTag(text, 'c', at)
      if (open < 0 || open >= to) return cells
      const tagEnd = text.indexOf('>', open)
      if (tagEnd < 0 || tagEnd >= to) return cells
      const tag = readTag(text, open, tagEnd)
      column = tag.column ?? column + 1
      at = tagEnd + 1
      if (text.charCodeAt(tagEnd - 1) === 47) continue
      let close = text.indexOf('</c>', at)
      if (close < 0 || close > to) close = to
      const cell = this.value(tag.type, text, at, close)
      at = close
      if (cell === null) continue
      if (column >= this.limits.columns) {
        throw new RefusedCell('too-many-columns', { columns: column + 1, limit: this.limits.columns })
      }
      while (cells.length < column) cells.push(null)
      cells[column] = cell
    }
  }

  private value(type: string, text: string, from: number, to: number): Cell {
    // Nearly every cell is `<v>...</v>`; a formula, where there is one, comes before the value.
    const plain = text.startsWith('<v>', from) && text.startsWith('</v>', to - 4)
    if (
      type === 'inlineStr' &&
      text.startsWith('<is><t>', from) &&
      text.indexOf('</t></is>', from) === to - 9
    ) {
      return this.checked(cellText(text.slice(from + 7, to - 9)))
    }
    const inner = plain ? '' : text.slice(from, to)
    if (nextTag(inner, 'f', 0) >= 0) return formulaCell
    if (type === 'inlineStr') return this.checked(sharedText(inner))
    return this.typed(
      type,
      plain ? text.slice(from + 3, to - 4) : (/<v[^>]*>([^<]*)<\/v>/.exec(inner)?.[1] ?? ''),
    )
  }

  private typed(type: string, raw: string): Cell {
    switch (type) {
      case 's':
        return this.strings[Number(raw)] || null
      case 'b':
        return raw === '1' || raw === 'true'
      case 'e':
        return { kind: 'error', text: raw.slice(0, 20) }
      case 'str':
      case 'd':
        return this.checked(cellText(raw))
      default: {
        const number = Number(raw)
        return raw.trim() === '' ? null : Number.isFinite(number) ? number : this.checked(cellText(raw))
      }
    }
  }

  private checked(text: string): string | null {
    if (text.length > this.limits.cell) {
      throw new RefusedCell('cell-too-long', { row: this.row, limit: this.limits.cell })
    }
    return text || null
  }
}

/** Position and type of a cell from its tag, without regular expressions: this runs once for every cell. */
function readTag(text: string, open: number, tagEnd: number): { column?: number | undefined; type: string } {
  let column: number | undefined
  let type = ''
  for (let at = open + 2; at < tagEnd; at++) {
    if (text.charCodeAt(at) !== 61) continue
    const quote = text[at + 1]!
    const end = text.indexOf(quote, at + 2)
    if (end < 0 || end > tagEnd) break
    const name = text[at - 1]
    const alone = text.charCodeAt(at - 2) <= 32
    if (name === 'r' && alone) column = columnAt(text, at + 2)
    else if (name === 't' && alone) type = text.slice(at + 2, end)
    at = end
  }
  return { column, type }
}

function columnAt(text: string, from: number): number | undefined {
  let column = 0
  for (let at = from; at < from + 4; at++) {
    const code = text.charCodeAt(at) & ~32
    if (code < 65 || code > 90) break
    column = column * 26 + code - 64
  }
  return column ? column - 1 : undefined
}
