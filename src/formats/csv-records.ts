import { RefusedCell } from './cells'
import type { FileLimits } from './limits'

const QUOTE = 34
const RETURN = 13
const NEWLINE = 10

/**
 * Splits the text of a table into records as spreadsheets do (RFC 4180): a cell that begins with a quote goes on to
 * the next single one; what follows that up to the next mark belongs to the cell as it stands. Text comes in pieces.
 */
export class CsvRecords {
  readonly #mark: number
  #left = ''
  #records: string[][] = []
  #row = 0

  constructor(
    private readonly delimiter: string,
    private readonly limits: FileLimits,
  ) {
    this.#mark = delimiter.charCodeAt(0)
  }

  /** The records that end in this piece. */
  write(piece: string): string[][] {
    this.#left += piece
    return this.#read(false)
  }

  /** The last record, whose line end may be missing. */
  end(): string[][] {
    return this.#read(true)
  }

  #read(isEnd: boolean): string[][] {
    const text = this.#left
    let at = 0
    for (;;) {
      const end = this.#record(text, at, isEnd)
      if (end < 0) break
      at = end
    }
    this.#left = text.slice(at)
    if (this.#left.length > this.limits.cell * 4) this.#refuseLong()
    const records = this.#records
    this.#records = []
    return records
  }

  /** Reads one record and says where the next begins; -1 when it is not all there. */
  #record(text: string, start: number, isEnd: boolean): number {
    if (start >= text.length) return -1
    const cells: string[] = []
    let at = start
    for (;;) {
      const stop =
        text.charCodeAt(at) === QUOTE ? quotedEnd(text, at, this.#mark) : plainEnd(text, at, this.#mark)
      // An end of the text may be the middle of a line end, or of a doubled quote.
      if (stop < 0 || (!isEnd && stop + 1 >= text.length)) {
        if (isEnd) this.#refuseOpen()
        return -1
      }
      // Columns behind the last permitted one count only where something stands in them.
      const cell = cellOf(text.slice(at, stop))
      if (cells.length < this.limits.columns || cell.trim() !== '') cells.push(cell)
      if (cells.length > this.limits.columns + 1)
        throw new RefusedCell('too-many-columns', { columns: cells.length, limit: this.limits.columns })
      at = stop + 1
      if (text.charCodeAt(stop) === this.#mark && stop < text.length) continue
      this.#row++
      this.#records.push(cells)
      return text.charCodeAt(stop) === RETURN && text.charCodeAt(at) === NEWLINE ? at + 1 : at
    }
  }

  /** A record of which the end is not to be seen. */
  #refuseLong(): never {
    const columns = this.#left.split(this.delimiter).length
    if (this.#left.includes('"') || columns <= this.limits.columns) this.#refuseOpen()
    throw new RefusedCell('too-many-columns', { columns, limit: this.limits.columns })
  }

  #refuseOpen(): never {
    throw new RefusedCell('broken-quotes', { row: this.#row + 1 })
  }
}

/** Where a cell without quotes ends: at a mark, a line end or the end of the text. */
function plainEnd(text: string, from: number, mark: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === mark || code === RETURN || code === NEWLINE) return at
  }
  return text.length
}

/** Where a quoted cell ends; -1 when its quote is not closed. */
function quotedEnd(text: string, from: number, mark: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== QUOTE) return plainEnd(text, at + 1, mark)
  }
  return -1
}

/** The text of a cell: without its quotes, if it has them on both sides; a space behind them is no text. */
function cellOf(written: string): string {
  if (written.charCodeAt(0) !== QUOTE) return written
  const bare = written.trimEnd()
  const inner = bare.slice(1, -1)
  const isQuoted = bare.length > 1 && bare.endsWith('"') && !inner.replaceAll('""', '').includes('"')
  return isQuoted ? inner.replaceAll('""', '"') : written
}
