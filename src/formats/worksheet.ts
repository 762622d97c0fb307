import { formulaCell, Refused } from './cells'
import type { Cell, Merge, SheetRow } from './cells'
import type { Limits } from './limits'
import { nextTag, textOf } from './shared-strings'
import { attributeOf, cellText, elements, wholeElements } from './xml'

const MERGES_KEPT = 200_000

/** The merged ranges that span rows. They stand after the rows in the file, so they need a pass of their own. */
export async function readMerges(pieces: AsyncIterable<Uint8Array>, limits: Limits): Promise<Merge[]> {
  const tail = new Tail()
  for await (const piece of pieces) tail.add(piece)
  const merges: Merge[] = []
  for (const tag of elements(tail.text(), 'mergeCell')) {
    const match = /^([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})$/i.exec(attributeOf(tag, 'ref') ?? '')
    if (!match || match[2] === match[3]) continue
    const column = columnOf(match[1]!)
    if (column >= limits.columns || merges.length >= MERGES_KEPT) continue
    merges.push({ column, firstRow: Number(match[2]) - 1, lastRow: Number(match[3]) - 1 })
  }
  return merges
}

/** Keeps what follows the end of the rows, without decoding the rows. */
class Tail {
  private static readonly mark = Buffer.from('sheetData>')
  private kept: Buffer[] = []
  private found = false

  add(piece: Uint8Array): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    if (this.found) {
      this.kept.push(Buffer.from(bytes))
      return
    }
    const last = this.kept[0]
    const joint = last ? Buffer.concat([last, bytes]) : bytes
    const at = joint.lastIndexOf(Tail.mark)
    // The opening tag has the same ending; only what stands after the closing one counts.
    if (at > 1 && joint.subarray(Math.max(0, at - 8), at).includes('</')) {
      this.found = true
      this.kept = [Buffer.from(joint.subarray(at + Tail.mark.length))]
    } else {
      this.kept = [Buffer.from(joint.subarray(-32))]
    }
  }

  text(): string {
    return this.found ? Buffer.concat(this.kept).toString('utf8') : ''
  }
}

/** The rows of a worksheet, a batch for each piece of the file. */
export async function* readRows(
  pieces: AsyncIterable<Uint8Array>,
  strings: readonly string[],
  limits: Limits,
): AsyncGenerator<SheetRow[]> {
  const scan = new RowScan(strings, limits)
  // A row has at most so many cells, each with its tags and text.
  for await (const text of wholeElements(pieces, 'row', limits.columns * 400 + limits.cell * 20)) {
    const rows = scan.rows(text)
    if (rows.length) yield rows
  }
}

class RowScan {
  private row = 0
  private count = 0
  private readonly limits: Limits

  constructor(
    private readonly strings: readonly string[],
    limits: Limits,
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
      if (++this.count > this.limits.rows) throw new Refused('too-many-rows', { limit: this.limits.rows })
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
        throw new Refused('too-many-columns', { columns: column + 1, limit: this.limits.columns })
      }
      while (cells.length < column) cells.push(null)
      cells[column] = cell
    }
  }

  private value(type: string, text: string, from: number, to: number): Cell {
    // Nearly every cell is `<v>...</v>`; a formula, where there is one, comes before the value.
    const plain = text.startsWith('<v>', from) && text.startsWith('</v>', to - 4)
    const inner = plain ? '' : text.slice(from, to)
    if (nextTag(inner, 'f', 0) >= 0) return formulaCell
    if (type === 'inlineStr') return this.checked(textOf(inner))
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
      throw new Refused('cell-too-long', { row: this.row, limit: this.limits.cell })
    }
    return text || null
  }
}

/** Position and type of a cell from its tag, without regular expressions: this runs once for every cell. */
function readTag(text: string, open: number, tagEnd: number): { column?: number; type: string } {
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

function columnOf(letters: string): number {
  return columnAt(letters, 0) ?? 0
}
