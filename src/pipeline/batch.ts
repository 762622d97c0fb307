import { attributes } from '../scheme/scheme'

/** Rows that are handed on at a time: few enough to stay in the processor's own memory. */
const CAPACITY = 4096

/**
 * Understood rows of a records file as columns, in the order of the file. One batch is filled again and again; whoever
 * is handed it takes what it wants to keep.
 */
export class RecordBatch {
  size = 0
  /** By place in the list of accounts. */
  readonly member = new Uint32Array(CAPACITY)
  /** By place in the scheme. */
  readonly indicator = new Uint16Array(CAPACITY)
  /** Days since the first of the scheme's period. */
  readonly day = new Uint16Array(CAPACITY)
  /** Minute of the day; -1 where only the date is given. */
  readonly minute = new Int16Array(CAPACITY)
  /** Actions that the row states, a whole number from 0. */
  readonly count = new Uint32Array(CAPACITY)
  /** 0 where the attributes fail the indicator's requirement. */
  readonly valid = new Uint8Array(CAPACITY)
  /** Where the record's id begins in `bytes`, and its length there; 0 without. */
  readonly idAt = new Uint32Array(CAPACITY)
  readonly idLength = new Uint32Array(CAPACITY)
  /** Form of an id that is a running number, the same for all ids of a form, and the number; form 0 is any other text. */
  readonly idForm = new Uint32Array(CAPACITY)
  readonly idNumber = new Float64Array(CAPACITY)
  bytes: Uint8Array = new Uint8Array(0)
  /** Which row of `values` has the attributes; -1 for rows that carry none. */
  readonly carried = new Int32Array(CAPACITY)
  /** In the order of `attributes`, -1 where the record does not carry one. */
  values = new Float64Array(64 * attributes.length)
  carriers = 0

  get isFull(): boolean {
    return this.size === CAPACITY
  }

  clear(): void {
    this.size = 0
    this.carriers = 0
  }

  /** Copies the attributes of the row that is added next; answers which row of `values` has them. */
  carry(values: Float64Array): number {
    const at = this.carriers * values.length
    if (at === this.values.length) {
      const larger = new Float64Array(at * 2)
      larger.set(this.values)
      this.values = larger
    }
    this.values.set(values, at)
    return this.carriers++
  }
}

/** What is made of the rows of a file. */
export interface BatchSink {
  /** Takes in rows; the batch is filled anew afterwards. */
  take(batch: RecordBatch): void
}
