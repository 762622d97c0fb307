import type { Day } from '../calendar/day'
import { attributes } from '../scheme/scheme'
import type { Attribute } from '../scheme/scheme'
import { digitsAt, numberIn } from './id-set'
import type { IdSet } from './id-set'

/** One row of a records file; `indicator` is a number of the dictionary. */
export interface PackedRecord {
  indicator: number
  day: Day
  minute: number | undefined
  count: number
  attributes: Partial<Record<Attribute, number>>
  valid: boolean
  recordId: string | undefined
}

/**
 * What one import says of one member: the days about which it says everything (none for a file with ids), and its rows.
 * Rows that other imports brought on those days count no more.
 */
export interface RecordSheet {
  replaced: readonly Day[]
  records: readonly PackedRecord[]
}

const VERSION = 2
/** Had the text of every id. */
const FIRST_VERSION = 1
const INVALID = 1
const HAS_ID = 2
const FIRST_ATTRIBUTE = 4

/** What rows that follow are written against. */
interface Before {
  day: Day
  /** The last id that was a running number: its letters, how many digits, and the number; no digits without any. */
  prefix: string
  digits: number
  number: number
}

const nothingBefore = (): Before => ({ day: 0, prefix: '', digits: 0, number: 0 })

/**
 * Writes sheets, about 10 bytes a row. Version, then the replaced days as runs (count, then per run varint gap and
 * varint length), then per row: varint indicator, zigzag day since the row before, varint minute + 1 (0 without), varint
 * count, one byte of flags, per attribute varint 2 x value or 1 and a double, and the id: 0 and the zigzag difference to
 * the id before where both are running numbers of one form, else its length in bytes and its text.
 */
export class SheetWriter {
  /** What was written, up to `length`. */
  bytes = new Uint8Array(256)
  length = 0

  clear(): void {
    this.length = 0
  }

  head(replaced: readonly Day[]): void {
    this.#byte(VERSION)
    const runs = runsOf(replaced)
    this.#varint(runs.length)
    let last = 0
    for (const { from, length } of runs) {
      this.#varint(from - last)
      this.#varint(length)
      last = from + length
    }
  }

  /** The fields that every row has; `flags` are completed by those of what follows. */
  row(indicator: number, dayStep: number, minute: number, count: number): void {
    this.#varint(indicator)
    this.#varint(zigzag(dayStep))
    this.#varint(minute + 1)
    this.#varint(count)
  }

  /** Validity and attributes, in the order of `attributes` with -1 for those not carried. */
  details(valid: boolean, hasId: boolean, values: ArrayLike<number> | undefined, from = 0): void {
    let flags = (valid ? 0 : INVALID) | (hasId ? HAS_ID : 0)
    if (!values) return this.#byte(flags)
    for (let i = 0; i < attributes.length; i++) if (values[from + i]! >= 0) flags |= FIRST_ATTRIBUTE << i
    this.#byte(flags)
    for (let i = 0; i < attributes.length; i++) {
      const value = values[from + i]!
      if (!(value >= 0)) continue
      if (Number.isInteger(value) && value < 2 ** 31) this.#varint(value * 2)
      else this.#double(value)
    }
  }

  /** An id as the difference of its number to that of the id before. */
  numberedId(difference: number): void {
    this.#byte(0)
    this.#varint(zigzag(difference))
  }

  textId(bytes: Uint8Array, from: number, to: number): void {
    this.#varint(to - from)
    this.#reserve(to - from)
    this.bytes.set(bytes.subarray(from, to), this.length)
    this.length += to - from
  }

  #byte(value: number): void {
    this.#reserve(1)
    this.bytes[this.length++] = value
  }

  #varint(value: number): void {
    this.#reserve(8)
    while (value > 127) {
      this.bytes[this.length++] = (value % 128) | 128
      value = Math.floor(value / 128)
    }
    this.bytes[this.length++] = value
  }

  #double(value: number): void {
    this.#varint(1)
    this.#reserve(8)
    new DataView(this.bytes.buffer).setFloat64(this.length, value)
    this.length += 8
  }

  #reserve(size: number): void {
    if (this.length + size <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + size))
    larger.set(this.bytes)
    this.bytes = larger
  }
}

/** A whole sheet as bytes. */
export function encodeSheet({ replaced, records }: RecordSheet): Uint8Array {
  const writer = new SheetWriter()
  writer.head(replaced)
  const before = nothingBefore()
  for (const record of records) {
    writer.row(record.indicator, record.day - before.day, record.minute ?? -1, record.count)
    before.day = record.day
    const { recordId } = record
    const values = attributes.map((attribute) => record.attributes[attribute] ?? -1)
    writer.details(record.valid, recordId !== undefined, values)
    if (recordId !== undefined) writeId(writer, recordId, before)
  }
  return writer.bytes.slice(0, writer.length)
}

function writeId(writer: SheetWriter, id: string, before: Before): void {
  const bytes = new TextEncoder().encode(id)
  const at = digitsAt(bytes, 0, bytes.length)
  const number = at < 0 ? 0 : numberIn(bytes, at, bytes.length)
  if (isLike(before, id, at)) writer.numberedId(number - before.number)
  else {
    writer.textId(bytes, 0, bytes.length)
    if (at >= 0) Object.assign(before, { prefix: id.slice(0, at), digits: id.length - at })
  }
  if (at >= 0) before.number = number
}

function isLike({ prefix, digits }: Before, id: string, at: number): boolean {
  return at >= 0 && digits > 0 && id.length - at === digits && id.slice(0, at) === prefix
}

export function decodeSheet(pack: Uint8Array): { replaced: Day[]; records: PackedRecord[] } {
  const reader = new SheetReader(pack)
  const version = reader.byte()
  if (version !== VERSION && version !== FIRST_VERSION) {
    throw new Error(`records: version ${version} of the packed form, only ${VERSION} and before are known`)
  }
  const replaced: Day[] = []
  let last = 0
  for (let runs = reader.varint(); runs > 0; runs--) {
    const from = last + reader.varint()
    const length = reader.varint()
    for (let day = from; day < from + length; day++) replaced.push(day)
    last = from + length
  }
  const records: PackedRecord[] = []
  const before = nothingBefore()
  while (!reader.atEnd) {
    const indicator = reader.varint()
    before.day += unzigzag(reader.varint())
    const minute = reader.varint()
    const count = reader.varint()
    const details = readDetails(reader, before)
    records.push({ indicator, day: before.day, minute: minute ? minute - 1 : undefined, count, ...details })
  }
  return { replaced, records }
}

function readDetails(
  reader: SheetReader,
  before: Before,
): Pick<PackedRecord, 'attributes' | 'valid' | 'recordId'> {
  const flags = reader.byte()
  const found: PackedRecord['attributes'] = {}
  for (const [i, attribute] of attributes.entries()) {
    if (flags < FIRST_ATTRIBUTE) break
    if (!(flags & (FIRST_ATTRIBUTE << i))) continue
    const value = reader.varint()
    found[attribute] = value === 1 ? reader.double() : value / 2
  }
  return {
    attributes: found,
    valid: !(flags & INVALID),
    recordId: flags & HAS_ID ? readId(reader, before) : undefined,
  }
}

function readId(reader: SheetReader, before: Before): string {
  const length = reader.varint()
  if (length === 0 && before.digits > 0) {
    before.number += unzigzag(reader.varint())
    return before.prefix + String(before.number).padStart(before.digits, '0')
  }
  const bytes = reader.bytes(length)
  const id = new TextDecoder().decode(bytes)
  const at = digitsAt(bytes, 0, length)
  if (at >= 0) {
    Object.assign(before, {
      prefix: id.slice(0, at),
      digits: length - at,
      number: numberIn(bytes, at, length),
    })
  }
  return id
}

/** What counts of a member's sheets, given in order of import. */
export function replaySheets<T extends RecordSheet>(
  sheets: readonly T[],
): { record: PackedRecord; sheet: T }[] {
  let live: { record: PackedRecord; sheet: T }[] = []
  for (const sheet of sheets) {
    if (sheet.replaced.length && live.length) {
      const replaced = new Set(sheet.replaced)
      live = live.filter(({ record }) => !replaced.has(record.day))
    }
    for (const record of sheet.records) live.push({ record, sheet })
  }
  return live
}

/** A sheet as it is stored, with the first and the last day that it speaks about. */
export interface StoredSheet {
  firstDay: Day
  lastDay: Day
  pack: Uint8Array
}

/** A sheet as it is stored; undefined when it says nothing. */
export function packSheet(sheet: RecordSheet): StoredSheet | undefined {
  const span = spanOf(sheet)
  return span && { ...span, pack: encodeSheet(sheet) }
}

/** Whether the rows of a sheet have ids; all of a file have, or none. */
export function hasIds(pack: Uint8Array): boolean {
  const reader = new SheetReader(pack)
  reader.byte()
  for (let runs = reader.varint(); runs > 0; runs--) {
    reader.varint()
    reader.varint()
  }
  if (reader.atEnd) return false
  for (let field = 0; field < FIELDS; field++) reader.varint()
  return (reader.byte() & HAS_ID) !== 0
}
/** Indicator, day, minute and count come before the flags. */
const FIELDS = 4

/** Puts the ids of a sheet's rows into a set, without looking at anything else. */
export function addIdsOf(pack: Uint8Array, ids: IdSet): void {
  const reader = new SheetReader(pack)
  reader.byte()
  for (let fields = reader.varint() * 2; fields > 0; fields--) reader.varint()
  const before = nothingBefore()
  while (!reader.atEnd) {
    for (let field = 0; field < FIELDS; field++) reader.varint()
    const flags = reader.byte()
    for (let rest = flags >> 2; rest; rest >>= 1) if (rest & 1 && reader.varint() === 1) reader.double()
    if (!(flags & HAS_ID)) continue
    if (reader.isNumbered(before)) {
      before.number += unzigzag(reader.varint())
      ids.addNumber(before, before.number)
    } else ids.add(readId(reader, before))
  }
}

function spanOf({ replaced, records }: RecordSheet): { firstDay: Day; lastDay: Day } | undefined {
  let [firstDay, lastDay] = [Infinity, -Infinity]
  const see = (day: Day) => {
    if (day < firstDay) firstDay = day
    if (day > lastDay) lastDay = day
  }
  for (const day of replaced) see(day)
  for (const { day } of records) see(day)
  return firstDay <= lastDay ? { firstDay, lastDay } : undefined
}

function runsOf(days: readonly Day[]): { from: Day; length: number }[] {
  const runs: { from: Day; length: number }[] = []
  for (const day of [...days].sort((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run && day < run.from + run.length) continue
    if (run && day === run.from + run.length) run.length++
    else runs.push({ from: day, length: 1 })
  }
  return runs
}

function zigzag(value: number): number {
  return value < 0 ? -value * 2 - 1 : value * 2
}

function unzigzag(value: number): number {
  return value % 2 ? -(value + 1) / 2 : value / 2
}

class SheetReader {
  #at = 0

  constructor(readonly all: Uint8Array) {}

  get atEnd(): boolean {
    return this.#at >= this.all.length
  }

  byte(): number {
    return this.all[this.#at++] ?? 0
  }

  /** Whether an id follows that is written against the one before; steps over what says so. */
  isNumbered({ digits }: Before): boolean {
    if (this.all[this.#at] !== 0 || digits === 0) return false
    this.#at++
    return true
  }

  varint(): number {
    const byte = this.byte()
    return byte < 128 ? byte : this.#long(byte & 127)
  }

  #long(first: number): number {
    let value = first
    for (let factor = 128; ; factor *= 128) {
      const byte = this.byte()
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }

  double(): number {
    const view = new DataView(this.all.buffer, this.all.byteOffset)
    this.#at += 8
    return view.getFloat64(this.#at - 8)
  }

  bytes(length: number): Uint8Array {
    this.#at += length
    return this.all.subarray(this.#at - length, this.#at)
  }
}
