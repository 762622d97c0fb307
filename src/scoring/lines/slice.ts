import { isUtf8 } from 'node:buffer'
import { readDelimited } from '../../formats/delimited'
import type { Headers } from '../../formats/headers'
import { defaultLimits } from '../../formats/limits'
import { parseFile } from '../../formats/parse'
import type { Problem, RecordRow } from '../../formats/rows'
import type { Counts } from './counts'
import type { IdSet } from './id-set'
import type { IdSetState } from './id-set'
import { LineReader } from './line-reader'
import type { OddLine } from './line-reader'
import { accountsOf } from './setup'
import type { LineSetup } from './setup'
import { Unusual } from './unusual'

/** What one slice of a records file holds; a plain value that can be sent to another thread. */
export interface SliceResult {
  counts: Counts
  ids: IdSetState
  /** Rows in the slice. Rows of problems count from the slice's first. */
  rows: number
  understood: number
  repeated: number
  actions: number
  problems: Problem[]
  /** By member and day of the period: whether understood rows name it. */
  members: Uint8Array
  days: Uint8Array
}

const unlimited = { ...defaultLimits, bytes: Infinity, rows: Infinity, problems: Infinity }

/** Reads a slice of a records file chunk by chunk: plain lines from bytes, the others through the general reader. */
export class SliceReader {
  readonly #lines: LineReader
  readonly #problems: Problem[] = []
  /** Made when the first line needs them. */
  #members: Map<string, number> | undefined
  readonly #indicators: Map<string, number>

  constructor(
    readonly setup: LineSetup,
    readonly headers: Headers,
    before?: IdSet,
  ) {
    this.#lines = new LineReader(setup, headers.totals, before)
    this.#indicators = new Map(setup.scheme.indicators.map(({ name }, index) => [name, index]))
  }

  /** Reads whole lines; `bytes` has SLACK readable bytes behind `end`. Throws `Unusual` when lines are not rows. */
  async take(bytes: Uint8Array, start: number, end: number): Promise<void> {
    const { columns, encoding } = this.setup
    if (encoding === 'utf-8' && columns.includes('skipped') && !isUtf8(bytes.subarray(start, end))) {
      throw new Unusual('lines')
    }
    for (let at = start; at < end;) {
      at = this.#lines.take(bytes, at, end)
      if (this.#lines.odd.length) await this.#readOdd(bytes.subarray(0, end))
    }
  }

  result(): SliceResult {
    const { counts, ids, rows, understood, repeated, actions, members, days } = this.#lines
    const problems = this.#problems
    return { counts, ids: ids.state, rows, understood, repeated, actions, problems, members, days }
  }

  /** Reads the odd lines of a chunk under the file's own header, as if they were a file. */
  async #readOdd(chunk: Uint8Array): Promise<void> {
    const { odd } = this.#lines
    this.#lines.odd = []
    const { head, headRows, scheme, encoding } = this.setup
    const bytes = joined([head, ...odd.map((line) => line.bytes)])
    if (isUtf8(bytes) !== (encoding === 'utf-8')) throw new Unusual('lines')
    if ((await rowsIn(bytes)) !== headRows + odd.length) throw new Unusual('lines')
    const accounts = (this.#members ??= new Map(
      accountsOf(this.setup).map((account, member) => [account, member]),
    ))
    const file = await parseFile(bytes, {
      headers: this.headers,
      scheme,
      kind: 'records',
      accounts,
      limits: unlimited,
    })
    if (file.kind === 'refusal' && file.code === 'no-rows') return
    if (file.kind !== 'records') throw new Unusual('lines')
    const lineOf = (row: number) => odd[row - headRows - 1]!
    for (const problem of file.problems) this.#problems.push({ ...problem, row: lineOf(problem.row).row })
    for (const row of file.rows) this.#count(row, lineOf(row.row), chunk)
  }

  #count(row: RecordRow, line: OddLine, chunk: Uint8Array): void {
    const { withIds } = this.setup
    if (!withIds && row.recordId !== undefined) throw new Unusual('ids')
    if (withIds && row.recordId === undefined) {
      const column = this.headers.names.records.get('recordId')
      this.#problems.push({ row: line.row, column, code: 'missing-record-id', params: {} })
      return
    }
    if (row.recordId !== undefined && !this.#lines.isNew(row.recordId)) {
      // A plain line further down may have taken the id that is due to this one.
      if (!this.setup.careful && laterIn(chunk, row.recordId, line)) throw new Unusual('order')
      this.#lines.repeat()
      return
    }
    const { day, count, valid } = row
    const member = this.#members!.get(row.account)!
    this.#lines.count({ member, indicator: this.#indicators.get(row.indicator)!, day, count, valid })
  }
}

function laterIn(chunk: Uint8Array, id: string, line: OddLine): boolean {
  const rest = chunk.subarray(line.start + line.bytes.length)
  return Buffer.from(rest.buffer, rest.byteOffset, rest.length).includes(id)
}

async function rowsIn(bytes: Uint8Array): Promise<number> {
  let rows = 0
  const sheet = await readDelimited(bytes, unlimited)
  for await (const batch of sheet.rows) rows += batch.length
  return rows
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
