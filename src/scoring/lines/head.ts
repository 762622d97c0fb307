import { delimiterOf, readDelimited } from '../../formats/delimited'
import { findHeader, HEADER_WITHIN } from '../../formats/header-row'
import type { HeaderRow } from '../../formats/header-row'
import type { Headers } from '../../formats/headers'
import { defaultLimits } from '../../formats/limits'
import type { FileKind } from '../../formats/rows'
import type { Scheme } from '../../scheme/scheme'
import { encodeGbk } from './gbk'

/** Encodings whose bytes are looked at. */
export type LineEncoding = 'utf-8' | 'gb18030'

/** The header of a file whose rows are lines. */
export interface Head {
  header: HeaderRow
  delimiter: string
  /** Where the rows behind the header begin. */
  end: number
}

const HEAD_LINES = 2 * HEADER_WITHIN
const LINE_END = 10
const RETURN = 13
const QUOTE = 34

/** Finds the header at the beginning of whole lines; undefined when it is not one line that ends in the plain way. */
export async function readHead(
  lines: Uint8Array,
  {
    headers,
    scheme,
    kind,
    encoding,
  }: { headers: Headers; scheme: Scheme; kind: FileKind; encoding: LineEncoding },
): Promise<Head | undefined> {
  const first = firstLines(lines)
  const delimiter = delimiterOf(new TextDecoder(encoding).decode(first))
  const sheet = await readDelimited(first, defaultLimits)
  for await (const batch of sheet.rows) {
    const rows = batch.filter(({ cells }) => cells.some((cell) => typeof cell !== 'string' || cell.trim()))
    const header = findHeader(rows.slice(0, HEADER_WITHIN), headers, scheme, kind)
    if (header?.kind !== kind) return
    const end = endOfRow(lines, header.row)
    return end < 0 ? undefined : { header, delimiter, end }
  }
  return
}

/** The lines that are enough to find the header; all of them when quotes may make fewer rows of them. */
function firstLines(lines: Uint8Array): Uint8Array {
  let end = 0
  for (let line = 0; line < HEAD_LINES && end < lines.length; line++) end = lines.indexOf(LINE_END, end) + 1
  const first = lines.subarray(0, end)
  return first.includes(QUOTE) ? lines : first
}

/** Where row `count` ends, when the rows up to there are one line each and end in the plain way. */
function endOfRow(bytes: Uint8Array, count: number): number {
  let end = 0
  for (let row = 0; row < count; row++) {
    const next = bytes.indexOf(LINE_END, end)
    if (next < 0) return -1
    const line = bytes.subarray(end, next)
    const carriage = line.indexOf(RETURN)
    if (line.includes(QUOTE) || (carriage >= 0 && carriage !== line.length - 1)) return -1
    end = next + 1
  }
  return end
}

/** Words as a file writes them, each ended by a line end; those that it cannot write are not there. */
export function wordLines(words: Iterable<string>, encoding: LineEncoding): Uint8Array {
  const encoder = new TextEncoder()
  const lines = Array.from(words, (word) => (encoding === 'utf-8' ? encoder.encode(word) : encodeGbk(word)))
  return Buffer.concat(lines.flatMap((line) => [line ?? Uint8Array.of(), Uint8Array.of(LINE_END)]))
}
