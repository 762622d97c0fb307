import { isUtf8 } from 'node:buffer'
import { readDelimited } from '../formats/delimited'
import type { Headers } from '../formats/headers'
import { defaultLimits } from '../formats/limits'
import { parseFile } from '../formats/parse'
import type { Problem, RecordRow } from '../formats/rows'
import { joinPersonDays } from '../roster/person-days'
import type { PersonDays } from '../roster/person-days'
import type { BatchSink } from './batch'
import type { IdSet, IdSetState } from './id-set'
import { LineReader } from './line-reader'
import type { OddLine } from './line-reader'
import type { LineSetup } from './line-setup'
import { UnusualLines } from './unusual'

/** What one slice of a records file holds beside its rows; a plain value that can be sent to another thread. */
export interface SliceResult {
  ids: IdSetState
  /** Rows in the slice. Rows of problems count from the slice's first. */
  rows: number
  understood: number
  repeated: number
  refused: number
  problems: Problem[]
  /** Whom and which days refused rows name. */
  spared: PersonDays
}

/** What a slice is read with beside its setup. */
export interface SliceContext {
  headers: Headers
  /** In order of member; only odd lines need them. */
  accounts: () => readonly string[]
  /** Ids of these count as repeated. */
  before: IdSet | undefined
  /** What is made of the rows. */
  sink: BatchSink
  /** Problems that are kept; the others are only counted. */
  problems: number
}

const unlimited = { ...defaultLimits, bytes: Infinity, rows: Infinity, problems: Infinity }

/** Reads a slice of a records file chunk by chunk: plain lines from bytes, the others through the general reader. */
export class SliceReader {
  readonly #lines: LineReader
  readonly #problems: Problem[] = []
  readonly #spared: PersonDays[] = []
  #refused = 0
  /** Made when the first odd line needs them. */
  #members: Map<string, number> | undefined
  readonly #indicators: ReadonlyMap<string, number>

  constructor(
    readonly setup: LineSetup,
    readonly context: SliceContext,
  ) {
    this.#lines = new LineReader(setup, context)
    this.#indicators = new Map(setup.scheme.indicators.map(({ name }, index) => [name, index]))
  }

  /**
   * Reads whole lines; `bytes` has `SLACK` readable bytes behind `end`. Throws `UnusualLines` when the file has to be
   * read another way. Undefined when nothing is to be waited for.
   */
  take(bytes: Uint8Array, start: number, end: number): Promise<void> | undefined {
    const { columns, encoding } = this.setup
    if (encoding === 'utf-8' && columns.includes('skipped') && !isUtf8(bytes.subarray(start, end))) {
      throw new UnusualLines('lines')
    }
    const at = this.#lines.take(bytes, start, end)
    return this.#lines.odd.length ? this.#takeOdd(bytes, at, end) : undefined
  }

  result(): SliceResult {
    const { rows, writer } = this.#lines
    const { ids, understood, repeated } = writer
    return {
      ...{ ids: ids.state, rows, understood, repeated },
      refused: this.#refused,
      problems: this.#problems,
      spared: joinPersonDays(this.#spared),
    }
  }

  async #takeOdd(bytes: Uint8Array, start: number, end: number): Promise<void> {
    await this.#readOdd(bytes.subarray(0, end))
    for (let at = start; at < end;) {
      at = this.#lines.take(bytes, at, end)
      if (this.#lines.odd.length) await this.#readOdd(bytes.subarray(0, end))
    }
  }

  /** Reads the odd lines of a chunk under the file's own header, as if they were a file. */
  async #readOdd(chunk: Uint8Array): Promise<void> {
    const { odd } = this.#lines
    this.#lines.odd = []
    const { head, headRows, scheme, encoding, today } = this.setup
    const { headers, accounts } = this.context
    const bytes = Buffer.concat([head, ...odd.map((line) => line.bytes)])
    if (isUtf8(bytes) !== (encoding === 'utf-8')) throw new UnusualLines('lines')
    if ((await rowsIn(bytes)) !== headRows + odd.length) throw new UnusualLines('lines')
    this.#members ??= new Map(accounts().map((account, member) => [account, member]))
    const options = { headers, scheme, kind: 'records', accounts: this.#members, limits: unlimited } as const
    const file = await parseFile(bytes, today === undefined ? options : { ...options, today })
    if (file.kind === 'refusal' && file.code === 'no-rows') return
    if (file.kind !== 'records') throw new UnusualLines('lines')
    if (file.spared.size) this.#spared.push(file.spared)
    const lineOf = (row: number) => odd[row - headRows - 1]
    for (const problem of file.problems) {
      const line = lineOf(problem.row)
      if (line) this.#refuse({ ...problem, row: line.row })
    }
    for (const row of file.rows) {
      const line = lineOf(row.row)
      if (line) this.#take(row, line, chunk)
    }
  }

  #refuse(problem: Problem): void {
    this.#refused++
    if (this.#problems.length < this.context.problems) this.#problems.push(problem)
  }

  #take(row: RecordRow, line: OddLine, chunk: Uint8Array): void {
    const { withIds, careful } = this.setup
    const { recordId } = row
    if (!withIds && recordId !== undefined) throw new UnusualLines('ids')
    if (withIds && recordId === undefined) {
      const column = this.context.headers.names.records.get('recordId')
      const problem = { row: line.row, code: 'missing-record-id', params: {} } as const
      return this.#refuse(column === undefined ? problem : { ...problem, column })
    }
    const member = this.#members?.get(row.account)
    const indicator = this.#indicators.get(row.indicator)
    if (member === undefined || indicator === undefined) throw new UnusualLines('lines')
    const { day, minute, count, valid, attributes } = row
    const isNew = this.#lines.writer.add({
      ...{ member, indicator, day, minute, count, valid, attributes },
      recordId,
    })
    // A plain line further down may have taken the id that is due to this one.
    if (!isNew && !careful && recordId !== undefined && isLater(chunk, recordId, line)) {
      throw new UnusualLines('order')
    }
  }
}

function isLater(chunk: Uint8Array, id: string, line: OddLine): boolean {
  const rest = chunk.subarray(line.start + line.bytes.length)
  return Buffer.from(rest.buffer, rest.byteOffset, rest.length).includes(id)
}

async function rowsIn(bytes: Uint8Array): Promise<number> {
  let rows = 0
  const sheet = await readDelimited(bytes, unlimited)
  for await (const batch of sheet.rows) rows += batch.length
  return rows
}
