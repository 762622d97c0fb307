import { isUtf8 } from 'node:buffer'
import { readDelimited } from '../../formats/delimited'
import type { Headers } from '../../formats/headers'
import { defaultLimits } from '../../formats/limits'
import { parseFile } from '../../formats/parse'
import type { Problem, RecordRow } from '../../formats/rows'
import { isTotal } from '../../formats/totals'
import { takeLines } from './texts'
import { addId, hasId } from './engine'
import type { Engine } from './engine'
import type { LineSetup } from './setup'
import { Unusual } from './unusual'

/** What one slice of a records file holds; a plain value that can be sent to another thread. */
export interface SliceResult {
  /** Where it is in the engine's memory: the slice, its ids. */
  address: number
  ids: number
  /** Rows in the slice. Rows of problems count from the slice's first. */
  rows: number
  understood: number
  repeated: number
  problems: Problem[]
}

/** Words of a `Slice` of the engine. */
const fields = [
  'setup',
  'groups',
  'ids',
  'before',
  'members',
  'days',
  'rows',
  'understood',
  'repeated',
  'harmless',
  'aside',
  'asideSize',
  'asked',
  'askedLength',
  'refused',
] as const
type Field = (typeof fields)[number]
const places = Object.fromEntries(fields.map((field, place) => [field, place])) as Record<Field, number>

/** The value of a field of a slice. */
export function sliceField(engine: Engine, slice: number, field: Field): number {
  return engine.words[slice / 4 + places[field]]!
}

/** A line that is not plain: its bytes, where it begins in memory, and its row. */
interface OddLine {
  row: number
  start: number
  bytes: Uint8Array
}

const unlimited = { ...defaultLimits, bytes: Infinity, rows: Infinity, problems: Infinity }

/** Reads a slice of a records file chunk by chunk: plain lines in the engine, the others through the general reader. */
export class SliceReader {
  readonly #address: number
  readonly #problems: Problem[] = []
  /** Made when the first line needs them. */
  #members: Map<string, number> | undefined
  #indicators: Map<string, number> | undefined

  constructor(
    readonly engine: Engine,
    readonly setup: LineSetup,
    readonly headers: Headers,
    /** Ids that were read before, if any. */
    readonly before: number | undefined,
  ) {
    this.#address = engine.calls.newSlice(setup.address, before ?? 0)
  }

  /**
   * Reads whole lines from `start` to `end` in the engine's memory, behind which SLACK bytes are readable. Throws
   * `Unusual` when lines are not rows.
   */
  async take(start: number, end: number): Promise<void> {
    const { engine } = this
    const { columns, encoding } = this.setup
    if (encoding === 'utf-8' && columns.includes('skipped') && !isUtf8(engine.bytes.subarray(start, end))) {
      throw new Unusual('lines')
    }
    for (let at = start; at < end;) {
      at = engine.calls.countLines(this.#address, at, end)
      if (this.#field('asked')) this.#judge(at)
      else if (this.#field('asideSize')) await this.#readOdd(end)
    }
  }

  result(): SliceResult {
    const [ids, rows] = [this.#field('ids'), this.#field('rows')]
    const [understood, repeated] = [this.#field('understood'), this.#field('repeated')]
    return { address: this.#address, ids, rows, understood, repeated, problems: this.#problems }
  }

  #field(field: Field): number {
    return sliceField(this.engine, this.#address, field)
  }

  #set(field: Field, value: number): void {
    this.engine.words[this.#address / 4 + places[field]] = value
  }

  /** Says whether a text that nobody reads is the word for a sum, which sets its line aside. */
  #judge(line: number): void {
    const { engine } = this
    const [at, length] = [this.#field('asked'), this.#field('askedLength')]
    const text = new TextDecoder(this.setup.encoding).decode(engine.bytes.slice(at, at + length))
    if (isTotal(text, this.headers.totals)) this.#set('refused', line)
    else engine.calls.addCopy(this.#field('harmless'), at, length)
  }

  #takeOdd(): OddLine[] {
    const { words, bytes } = this.engine
    const first = this.#field('aside') / 4
    const odd: OddLine[] = []
    for (let at = first, left = this.#field('asideSize'); left; left--, at += 3) {
      const [row, start, length] = [words[at]!, words[at + 1]!, words[at + 2]!]
      odd.push({ row, start, bytes: bytes.slice(start, start + length) })
    }
    this.#set('asideSize', 0)
    return odd
  }

  /** Reads the odd lines of a chunk that ends at `end` under the file's own header, as if they were a file. */
  async #readOdd(end: number): Promise<void> {
    const odd = this.#takeOdd()
    const { head, headRows, scheme, encoding } = this.setup
    const bytes = joined([head, ...odd.map((line) => line.bytes)])
    if (isUtf8(bytes) !== (encoding === 'utf-8')) throw new Unusual('lines')
    if ((await rowsIn(bytes)) !== headRows + odd.length) throw new Unusual('lines')
    const accounts = (this.#members ??= new Map(
      takeLines(this.engine, this.setup.accounts).map((account, member) => [account, member]),
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
    for (const row of file.rows) this.#count(row, lineOf(row.row), end)
  }

  #count(row: RecordRow, line: OddLine, end: number): void {
    const { withIds, careful, scheme } = this.setup
    const { recordId } = row
    if (!withIds && recordId !== undefined) throw new Unusual('ids')
    if (withIds && recordId === undefined) {
      const column = this.headers.names.records.get('recordId')
      this.#problems.push({ row: line.row, column, code: 'missing-record-id', params: {} })
      return
    }
    if (recordId !== undefined && !this.#isNew(recordId)) {
      // A plain line further down may have taken the id that is due to this one.
      if (!careful && this.#isLater(recordId, line, end)) throw new Unusual('order')
      this.#set('understood', this.#field('understood') + 1)
      this.#set('repeated', this.#field('repeated') + 1)
      return
    }
    this.#indicators ??= new Map(scheme.indicators.map(({ name }, index) => [name, index]))
    const member = this.#members!.get(row.account)!
    const indicator = this.#indicators.get(row.indicator)!
    const actions = row.valid ? row.count : 0
    this.engine.calls.count(this.#address, member, indicator, row.day - scheme.period.from, actions)
  }

  /** Whether an id is new, which makes it known; earlier files count too. */
  #isNew(id: string): boolean {
    const { engine, before } = this
    if (before !== undefined && hasId(engine, before, id)) return false
    return addId(engine, this.#field('ids'), id)
  }

  #isLater(id: string, line: OddLine, end: number): boolean {
    const rest = this.engine.bytes.subarray(line.start + line.bytes.length, end)
    return Buffer.from(rest.buffer, rest.byteOffset, rest.length).includes(id)
  }
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
