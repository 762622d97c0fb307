import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { formulaCell, RefusedCell } from './cells'
import type { Cell, Sheet, SheetRow } from './cells'
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
  if (/^\s*<(!doctype|html|table|\?xml|head|meta|body)/i.test(start)) throw new RefusedCell('web-page')
  return { name: '', from1904: false, merges: () => [], rows: rowsOf(start, pieces, limits) }
}

async function* rowsOf(
  start: string,
  rest: AsyncIterable<string>,
  limits: FileLimits,
): AsyncGenerator<SheetRow[]> {
  let batch: SheetRow[] = []
  let row = 0
  try {
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
  } catch (error) {
    if (error instanceof CsvError) throw new RefusedCell('broken-quotes', { row: row + 1 })
    throw error
  }
  if (batch.length) yield batch
}

/** Records in groups. As long as there is no quote, lines are records and need no parser. */
async function* recordsIn(
  pieces: AsyncGenerator<string>,
  delimiter: string,
  limits: FileLimits,
): AsyncGenerator<string[][]> {
  const longest = limits.cell * 4
  let kept = ''
  for (;;) {
    const next = await pieces.next()
    const text = kept + (next.done ? '' : next.value)
    const lines = text.split(LINE_END)
    if (text.includes('"') || lines.some((line) => line.length > longest)) {
      yield* parsedRecords(joined(text, pieces), delimiter, longest)
      return
    }
    kept = lines.pop()!
    // A return at the end of a piece may be half of a line end.
    if (!next.done && text.endsWith('\r')) kept = `${lines.pop()!}\r`
    else if (next.done && kept) lines.push(kept)
    yield lines.map((line) => line.split(delimiter))
    if (next.done) return
  }
}

async function* parsedRecords(
  pieces: AsyncGenerator<string>,
  delimiter: string,
  longest: number,
): AsyncGenerator<string[][]> {
  const parser = parse({
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: longest,
  })
  const source = Readable.from(pieces)
  source.on('error', (error) => parser.destroy(error)).pipe(parser)
  try {
    for await (const record of parser as AsyncIterable<string[]>) yield [record]
  } finally {
    source.destroy()
  }
}

async function* joined(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield start
  yield* rest
}

function cellsOf(record: string[], row: number, limits: FileLimits): Cell[] {
  const cells: Cell[] = record
  for (let at = 0; at < record.length; at++) {
    const text = record[at]!
    if (text.length > limits.cell) throw new RefusedCell('cell-too-long', { row, limit: limits.cell })
    if (text.startsWith('=')) cells[at] = quotedText(text) ?? formulaCell
    // A space after the closing mark leaves the marks in the text.
    else if (text.startsWith('"')) cells[at] = text.replace(/^"([^"]*)"\s*$/, '$1')
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

/** The mark that splits the first lines into the most cells; what stands between quotes, line ends too, splits nothing. */
export function delimiterOf(text: string): string {
  const lines = text
    .slice(0, SNIFFED)
    .replace(/"[^"]*"/g, '')
    .split(/\r\n|\n|\r/, 20)
  const cells = (mark: string) => Math.max(...lines.map((line) => line.split(mark).length))
  const [best] = [',', '\t', ';'].sort((a, b) => cells(b) - cells(a))
  return best!
}
