import { setImmediate } from 'node:timers/promises'
import { TextDecoder } from 'node:util'
import { Parser } from 'htmlparser2'
import { RefusedCell } from './cells'
import type { Cell, Merge, Sheet, SheetRow } from './cells'
import { encodingOf } from './encoding'
import type { FileLimits } from './limits'

const CHUNK = 64 * 1024
const DEEPEST = 500

/**
 * The tables of a web page, which many platforms export under the name of a spreadsheet. Cells are texts, as a browser
 * shows them; a table inside a cell is a table of its own. Cells over several rows or columns stand in the first.
 */
export async function readWebTables(bytes: Uint8Array, limits: FileLimits): Promise<Sheet[]> {
  const page = new PageScan(limits)
  const parser = new Parser(
    {
      onopentag: (name, attributes) => page.open(name, attributes),
      ontext: (text) => page.text(text),
      onclosetag: (name) => page.close(name),
    },
    { decodeEntities: true },
  )
  const decoder = new TextDecoder(encodingOfPage(bytes))
  for (let at = 0; at < bytes.length; at += CHUNK) {
    parser.write(decoder.decode(bytes.subarray(at, at + CHUNK), { stream: true }))
    await setImmediate()
  }
  parser.end()
  // A page that is put together of frames, or by a script, has no rows of its own.
  if (!page.tables.some(({ rows }) => rows.length)) throw new RefusedCell('web-page')
  if (page.tables.length > limits.sheets) throw new RefusedCell('too-many-sheets', { limit: limits.sheets })
  return page.tables.map(({ rows, merges }, at) => ({
    name: page.tables.length > 1 ? String(at + 1) : '',
    from1904: false,
    rows: once(rows),
    merges: () => merges,
  }))
}

async function* once(rows: SheetRow[]): AsyncGenerator<SheetRow[]> {
  for (let at = 0; at < rows.length; at += 250) {
    yield rows.slice(at, at + 250)
    await setImmediate()
  }
}

/** The bytes speak first: what a page says of its encoding is often wrong. */
function encodingOfPage(bytes: Uint8Array): string {
  const found = encodingOf(bytes)
  if (found !== 'gb18030') return found
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 4096))
  const stated = /charset\s*=\s*["']?\s*(big5|shift_jis|utf-16\w*)/i.exec(start)?.[1]
  return stated ?? 'gb18030'
}

interface WebTable {
  rows: SheetRow[]
  merges: Merge[]
  /** Rows that a cell above still reaches into, by column. */
  reach: Map<number, number>
}

interface OpenCell {
  text: string
  columns: number
  rows: number
}

interface OpenTable extends WebTable {
  cells: (Cell | undefined)[] | undefined
  row: number
  cell: OpenCell | undefined
}

class PageScan {
  readonly tables: WebTable[] = []
  readonly #open: OpenTable[] = []
  #skipped = 0
  #depth = 0
  #rows = 0

  constructor(private readonly limits: FileLimits) {}

  open(name: string, attributes: Record<string, string>): void {
    if (++this.#depth > DEEPEST) throw new RefusedCell('broken-file')
    const table = this.#open.at(-1)
    switch (name) {
      case 'script':
      case 'style':
      case 'title':
        this.#skipped++
        return
      case 'table':
        this.#openTable()
        return
      case 'tr':
        if (table) this.#openRow(table)
        return
      case 'td':
      case 'th':
        if (table) this.#openCell(table, attributes)
        return
      case 'br':
      case 'p':
      case 'div':
        if (table?.cell?.text) table.cell.text += '\n'
    }
  }

  text(text: string): void {
    const cell = this.#open.at(-1)?.cell
    if (!cell || this.#skipped) return
    cell.text += text
    if (cell.text.length > this.limits.cell * 2) this.#refuseLength()
  }

  close(name: string): void {
    this.#depth--
    const table = this.#open.at(-1)
    if (name === 'script' || name === 'style' || name === 'title')
      this.#skipped = Math.max(0, this.#skipped - 1)
    else if (!table) return
    else if (name === 'td' || name === 'th') this.#closeCell(table)
    else if (name === 'tr') this.#closeRow(table)
    else if (name === 'table') {
      this.#closeRow(table)
      this.#open.pop()
    }
  }

  #openTable(): void {
    const table: OpenTable = {
      rows: [],
      merges: [],
      reach: new Map(),
      cells: undefined,
      row: 0,
      cell: undefined,
    }
    this.tables.push(table)
    this.#open.push(table)
    if (this.tables.length > this.limits.sheets)
      throw new RefusedCell('too-many-sheets', { limit: this.limits.sheets })
  }

  #openRow(table: OpenTable): void {
    this.#closeRow(table)
    table.row++
    table.cells = []
    if (++this.#rows > this.limits.rows) throw new RefusedCell('too-many-rows', { limit: this.limits.rows })
  }

  #openCell(table: OpenTable, attributes: Record<string, string>): void {
    this.#closeCell(table)
    if (!table.cells) this.#openRow(table)
    const span = (text: string | undefined, most: number) =>
      Math.min(Math.max(1, Math.floor(Number(text)) || 1), most)
    const columns = span(attributes['colspan'], this.limits.columns)
    table.cell = { text: '', columns, rows: span(attributes['rowspan'], this.limits.rows) }
  }

  #closeCell(table: OpenTable): void {
    const { cell, cells } = table
    table.cell = undefined
    if (!cell || !cells) return
    let column = cells.length
    while ((table.reach.get(column) ?? 0) >= table.row) column++
    const text = cell.text.replace(/[ \t\r\n\u00a0]+/g, ' ').trim()
    if (text.length > this.limits.cell) this.#refuseLength()
    if (column + (text ? 1 : 0) > this.limits.columns)
      throw new RefusedCell('too-many-columns', { columns: column + 1, limit: this.limits.columns })
    while (cells.length < column) cells.push(null)
    cells.push(text || null)
    for (let more = 1; more < cell.columns; more++) cells.push(null)
    if (cell.rows === 1) return
    for (let more = 0; more < cell.columns; more++) table.reach.set(column + more, table.row + cell.rows - 1)
    table.merges.push({ column, firstRow: table.row - 1, lastRow: table.row + cell.rows - 2 })
  }

  #closeRow(table: OpenTable): void {
    this.#closeCell(table)
    const { cells } = table
    table.cells = undefined
    if (cells?.some((cell) => cell !== null && cell !== undefined)) table.rows.push({ row: table.row, cells })
  }

  #refuseLength(): never {
    throw new RefusedCell('cell-too-long', { row: this.#open.at(-1)?.row ?? 0, limit: this.limits.cell })
  }
}
