import type { Day } from '../calendar/day'
import { attributes } from '../scheme/scheme'
import type { Attribute } from '../scheme/scheme'
import { RecordBatch } from './batch'
import type { BatchSink } from './batch'
import { IdSet } from './id-set'

/** A row that the general reader understood. */
export interface UnderstoodRow {
  member: number
  indicator: number
  day: Day
  minute?: number | undefined
  count: number
  valid: boolean
  recordId?: string | undefined
  attributes: Partial<Record<Attribute, number>>
}

/** Writes understood rows into batches and leaves out those whose id was there before. */
export class BatchWriter {
  readonly ids = new IdSet()
  readonly batch = new RecordBatch()
  understood = 0
  repeated = 0
  readonly #values = new Float64Array(attributes.length)

  constructor(
    /** First day of the scheme's period. */
    readonly first: Day,
    /** `before` are ids that count as repeated. */
    readonly target: { sink: BatchSink; before: IdSet | undefined },
  ) {}

  /** False when the row's id was there before. */
  add(row: UnderstoodRow): boolean {
    const { recordId } = row
    this.understood++
    if (recordId !== undefined && !this.isNew(recordId)) {
      this.repeated++
      return false
    }
    attributes.forEach((attribute, place) => (this.#values[place] = row.attributes[attribute] ?? -1))
    const { batch } = this
    batch.bytes = recordId === undefined ? batch.bytes : Buffer.from(recordId)
    const at = batch.size++
    batch.member[at] = row.member
    batch.indicator[at] = row.indicator
    batch.day[at] = row.day - this.first
    batch.minute[at] = row.minute ?? -1
    batch.count[at] = row.count
    batch.valid[at] = Number(row.valid)
    batch.idAt[at] = 0
    batch.idLength[at] = recordId === undefined ? 0 : batch.bytes.length
    batch.idForm[at] = this.ids.form
    batch.idNumber[at] = this.ids.number
    batch.carried[at] = this.#values.some((value) => value >= 0) ? batch.carry(this.#values) : -1
    this.flush()
    return true
  }

  /** Whether an id is new, which makes it known. */
  isNew(id: string): boolean {
    return !this.target.before?.has(id) && this.ids.add(id)
  }

  /** Hands on what the batch holds. */
  flush(): void {
    if (this.batch.size) this.target.sink.take(this.batch)
    this.batch.clear()
  }
}
