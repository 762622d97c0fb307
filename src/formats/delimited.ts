import { formulaCell, RefusedCell } from './cells'
import type { Cell, Sheet, SheetRow } from './cells'
import { CsvRecords } from './csv-records'
import { decodeText } from './encoding'
import type { FileLimits } from './limits'

const BATCH = 250
const LINE_END = /\r\n|\n|\r/

/** A text table (comma, tab or semicolon) as a sheet. */
export async function readDelimited(bytes: Uint8Array, limits: FileLimits): Promise<Sheet> {
  const pieces = decodeText(bytes)
  const first = await pieces.next()
  const start = first.done ? '' : first.value
  if (!start.trim() && start.length === 0) throw new RefusedCell('empty-file')
  return { name: '', from1904: false, merges: () => [], rows: rowsOf(start, pieces, limits) }
}

async function* rowsOf(
  start: string,
  rest: AsyncIterable<string>,
  limits: FileLimits,
): AsyncGenerator<SheetRow[]> {
  let batch: SheetRow[] = []
  let row = 0
  for await (const records of recordsIn(joined(start, rest), delimiterOf(start), limits)) {
    for (const record of records) {
      row++
      if (row > limits.rows) throw new RefusedCell('too-many-rows', { limit: limits.rows })
      batch.push({ row, cells: cellsOf(record, row, limits) })
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
  }
  if (batch.length) yield batch
}

/** Records in groups. As long as there is no quote and no long line, lines are records and are only split. */
async function* recordsIn(
  pieces: AsyncGenerator<string>,
  delimiter: string,
  limits: FileLimits,
): AsyncGenerator<string[][]> {
  const longest = limits.cell
  let kept = ''
  for (;;) {
    const next = await pieces.next()
    const text = kept + (next.done ? '' : next.value)
    const lines = text.split(LINE_END)
    if (text.includes('"') || lines.some((line) => line.length > longest)) {
      yield* parsedRecords(joined(text, pieces), delimiter, limits)
      return
    }
    kept = lines.pop() ?? ''
    // A return at the end of a piece may be half of a line end.
    if (!next.done && text.endsWith('\r')) kept = `${lines.pop() ?? ''}\r`
    else if (next.done && kept) lines.push(kept)
    yield lines.map((line) => line.split(delimiter))
    if (next.done) return
  }
}

async function* parsedRecords(
  pieces: AsyncGenerator<string>,
  delimiter: string,
  limits: FileLimits,
): AsyncGenerator<string[][]> {
  const records = new CsvRecords(delimiter, limits)
  for await (const piece of pieces) yield records.write(piece)
  yield records.end()
}

async function* joined(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield start
  yield* rest
}

function cellsOf(record: string[], row: number, limits: FileLimits): Cell[] {
  const cells: Cell[] = record
  for (const [at, text] of record.entries()) {
    if (text.length > limits.cell) throw new RefusedCell('cell-too-long', { row, limit: limits.cell })
    if (text.startsWith('=')) cells[at] = quotedText(text) ?? formulaCell
  }
  let width = cells.length
  while (width > 0 && cells[width - 1] === '') width--
  if (width > limits.columns)
    throw new RefusedCell('too-many-columns', { columns: width, limit: limits.columns })
  cells.length = width
  return cells
}

/** `="00123"` is how exports keep Excel from dropping zeros: text, not a formula. */
function quotedText(text: string): string | undefined {
  return /^="+([^"]*)"+$/.exec(text)?.[1]
}

const SNIFFED = 1 << 16
const MARKS = [',', '\t', ';']

/**
 * The mark that splits the most of the first lines, then the one that splits most of them alike, then the one that
 * makes the most cells: a single cell or title full of other marks decides nothing. What stands between quotes, line
 * ends too, splits nothing.
 */
export function delimiterOf(text: string): string {
  const stated = /^\ufeff?sep=([,;\t])[\r\n]/.exec(text)?.[1]
  if (stated !== undefined) return stated
  const lines = text
    .slice(0, SNIFFED)
    .replace(/"[^"]*"/g, '')
    .split(/\r\n|\n|\r/, 30)
    .filter((line) => line.trim() !== '')
  const [best] = MARKS.map((mark) => splitBy(mark, lines)).sort(
    (a, b) => b.split - a.split || b.alike - a.alike || b.cells - a.cells,
  )
  return best?.mark ?? ','
}

function splitBy(mark: string, lines: readonly string[]) {
  const widths = lines.map((line) => line.split(mark).length).filter((width) => width > 1)
  const alike = Math.max(0, ...widths.map((width) => widths.filter((other) => other === width).length))
  return { mark, split: widths.length, alike, cells: widths.reduce((sum, width) => sum + width, 0) }
}
