import type { Day } from '../calendar/day'
import { attributes } from '../scheme/scheme'
import type { BatchSink, RecordBatch } from './batch'
import { SheetWriter } from './record-sheet'
import type { StoredSheet } from './record-sheet'

/** Bytes of a block: the number of the next one of the same member (0 for none), then bytes of its rows. */
const BLOCK = 128
const NEXT = 4
/** Blocks of a slab, as a power of two. */
const SLAB_BITS = 13
const SLAB_MASK = (1 << SLAB_BITS) - 1

/**
 * The rows of a file as they will be stored, member by member: about 10 bytes a row, in chains of blocks, so that memory
 * neither moves nor doubles while a file is read.
 */
export class SheetCollector implements BatchSink {
  readonly #slabs: Uint8Array[] = []
  /** Blocks taken; number 0 is none. */
  #taken = 1
  readonly #writer = new SheetWriter()
  /** By member: first block, block that is being filled and the place in it. */
  readonly #first: Uint32Array
  readonly #open: Uint32Array
  readonly #place: Uint8Array
  readonly #rows: Uint32Array
  readonly #lastDay: Int32Array
  readonly #from: Int32Array
  readonly #to: Int32Array
  /** By member: form and number of the last id that was a running number; form 0 is none. */
  readonly #form: Uint32Array
  readonly #number: Float64Array

  /** `numbers` are those of the scheme's indicators in the dictionary; `first` is the first day of its period. */
  constructor(
    readonly members: number,
    readonly numbers: readonly number[],
    readonly first: Day,
  ) {
    this.#first = new Uint32Array(members)
    this.#open = new Uint32Array(members)
    this.#place = new Uint8Array(members)
    this.#rows = new Uint32Array(members)
    this.#lastDay = new Int32Array(members)
    this.#from = new Int32Array(members)
    this.#to = new Int32Array(members)
    this.#form = new Uint32Array(members)
    this.#number = new Float64Array(members)
  }

  take(batch: RecordBatch): void {
    const { size, member, indicator, day, minute, count, valid, idLength, carried, values } = batch
    const writer = this.#writer
    for (let row = 0; row < size; row++) {
      const own = member[row]!
      const date = this.first + day[row]!
      writer.row(this.numbers[indicator[row]!]!, date - this.#lastDay[own]!, minute[row]!, count[row]!)
      const carries = carried[row]!
      const hasId = idLength[row]! > 0
      writer.details(
        valid[row] === 1,
        hasId,
        carries < 0 ? undefined : values,
        Math.max(carries, 0) * attributes.length,
      )
      if (hasId) this.#writeId(own, batch, row)
      this.#append(own)
      writer.clear()
      this.#see(own, date)
    }
  }

  /** The rows of a member, with the days about which they say everything; undefined when there is nothing to say. */
  sheet(member: number, replaced: readonly Day[] = []): StoredSheet | undefined {
    const rows = this.#rows[member] ?? 0
    if (!rows && !replaced.length) return
    const writer = new SheetWriter()
    writer.head(replaced)
    const pieces: Uint8Array[] = [writer.bytes.subarray(0, writer.length)]
    for (let block = this.#first[member] ?? 0; block;) {
      const isLast = block === this.#open[member]
      const bytes = this.#block(block)
      pieces.push(bytes.subarray(NEXT, isLast ? this.#place[member] : BLOCK))
      block = isLast ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
    }
    const days = rows ? [this.#from[member] ?? 0, this.#to[member] ?? 0] : []
    let [firstDay, lastDay] = [Infinity, -Infinity]
    for (const day of [...days, ...replaced]) {
      firstDay = Math.min(firstDay, day)
      lastDay = Math.max(lastDay, day)
    }
    return { firstDay, lastDay, pack: Buffer.concat(pieces) }
  }

  #see(member: number, day: Day): void {
    if (!this.#rows[member]! || day < this.#from[member]!) this.#from[member] = day
    if (!this.#rows[member]! || day > this.#to[member]!) this.#to[member] = day
    this.#lastDay[member] = day
    this.#rows[member]!++
  }

  #writeId(member: number, batch: RecordBatch, row: number): void {
    const form = batch.idForm[row]!
    const number = batch.idNumber[row]!
    const start = batch.idAt[row]!
    if (form && form === this.#form[member]) this.#writer.numberedId(number - this.#number[member]!)
    else this.#writer.textId(batch.bytes, start, start + batch.idLength[row]!)
    if (!form) return
    this.#form[member] = form
    this.#number[member] = number
  }

  #append(member: number): void {
    const { bytes, length } = this.#writer
    let block = this.#open[member]!
    let place = this.#place[member]!
    let slab = this.#slabs[block >> SLAB_BITS]
    let base = (block & SLAB_MASK) * BLOCK
    for (let at = 0; at < length; at++) {
      if (!block || place === BLOCK) {
        const next = this.#newBlock()
        if (slab && block) putNext(slab, base, next)
        else this.#first[member] = next
        block = next
        slab = this.#slabs[block >> SLAB_BITS]
        base = (block & SLAB_MASK) * BLOCK
        place = NEXT
      }
      slab![base + place++] = bytes[at]!
    }
    this.#open[member] = block
    this.#place[member] = place
  }

  #newBlock(): number {
    const block = this.#taken++
    if (block >> SLAB_BITS === this.#slabs.length) this.#slabs.push(new Uint8Array(BLOCK << SLAB_BITS))
    return block
  }

  #block(block: number): Uint8Array {
    const at = (block & SLAB_MASK) * BLOCK
    return this.#slabs[block >> SLAB_BITS]!.subarray(at, at + BLOCK)
  }
}

function putNext(slab: Uint8Array, base: number, next: number): void {
  slab[base] = next >>> 24
  slab[base + 1] = next >>> 16
  slab[base + 2] = next >>> 8
  slab[base + 3] = next
}
