import type { Day } from '@space-assistant/core/calendar/day'
import { attributes } from '@space-assistant/core/scheme/scheme'
import type { Attribute } from '@space-assistant/core/scheme/scheme'

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

const VERSION = 1
const INVALID = 1
const HAS_ID = 2
const FIRST_ATTRIBUTE = 4

/**
 * About 8 bytes a row. Version, then the replaced days as runs (count, then per run varint gap and varint length), then per
 * row: varint indicator, zigzag day since the row before, varint minute + 1 (0 without), varint count, one byte of
 * flags, per attribute varint 2 x value or 1 and a double, and the id with its length.
 */
export function encodeSheet({ replaced, records }: RecordSheet): Uint8Array {
  writer.begin()
  writer.byte(VERSION)
  const runs = runsOf(replaced)
  writer.varint(runs.length)
  let last = 0
  for (const { from, length } of runs) {
    writer.varint(from - last)
    writer.varint(length)
    last = from + length
  }
  last = 0
  for (const record of records) {
    writer.varint(record.indicator)
    writer.varint(zigzag(record.day - last))
    last = record.day
    writer.varint(record.minute === undefined ? 0 : record.minute + 1)
    writer.varint(record.count)
    writeDetails(record)
  }
  return writer.finish()
}

function writeDetails(record: PackedRecord): void {
  const { attributes: given } = record
  let flags = (record.valid ? 0 : INVALID) | (record.recordId === undefined ? 0 : HAS_ID)
  for (let i = 0; i < attributes.length; i++) {
    if (given[attributes[i]!] !== undefined) flags |= FIRST_ATTRIBUTE << i
  }
  writer.byte(flags)
  for (let i = 0; flags >= FIRST_ATTRIBUTE && i < attributes.length; i++) {
    const value = given[attributes[i]!]
    if (value === undefined) continue
    if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) writer.varint(value * 2)
    else writer.double(value)
  }
  if (record.recordId !== undefined) writer.text(record.recordId)
}

export function decodeSheet(pack: Uint8Array): { replaced: Day[]; records: PackedRecord[] } {
  const reader = new Reader(pack)
  const version = reader.byte()
  if (version !== VERSION)
    throw new Error(`records: version ${version} of the packed form, only ${VERSION} is known`)
  const replaced: Day[] = []
  let last = 0
  for (let runs = reader.varint(); runs > 0; runs--) {
    const from = last + reader.varint()
    const length = reader.varint()
    for (let day = from; day < from + length; day++) replaced.push(day)
    last = from + length
  }
  const records: PackedRecord[] = []
  last = 0
  while (!reader.atEnd) {
    const indicator = reader.varint()
    const day = last + unzigzag(reader.varint())
    last = day
    const minute = reader.varint()
    const count = reader.varint()
    records.push({ indicator, day, minute: minute ? minute - 1 : undefined, count, ...readDetails(reader) })
  }
  return { replaced, records }
}

function readDetails(reader: Reader): Pick<PackedRecord, 'attributes' | 'valid' | 'recordId'> {
  const flags = reader.byte()
  const found: PackedRecord['attributes'] = {}
  for (let i = 0; flags >= FIRST_ATTRIBUTE && i < attributes.length; i++) {
    if (!(flags & (FIRST_ATTRIBUTE << i))) continue
    const value = reader.varint()
    found[attributes[i]!] = value === 1 ? reader.double() : value / 2
  }
  return {
    attributes: found,
    valid: !(flags & INVALID),
    recordId: flags & HAS_ID ? reader.text() : undefined,
  }
}

/** What counts of a member's sheets, given in order of import. */
export function replay<T extends RecordSheet>(sheets: readonly T[]): { record: PackedRecord; sheet: T }[] {
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

/** First and last day that a sheet speaks about; undefined when it says nothing. */
export function spanOf({ replaced, records }: RecordSheet): { firstDay: Day; lastDay: Day } | undefined {
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

const encoder = new TextEncoder()
const decoder = new TextDecoder()

class Writer {
  #bytes = new Uint8Array(4096)
  #at = 0

  begin(): void {
    this.#at = 0
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#at++] = value
  }

  varint(value: number): void {
    this.#reserve(8)
    while (value > 127) {
      this.#bytes[this.#at++] = (value % 128) | 128
      value = Math.floor(value / 128)
    }
    this.#bytes[this.#at++] = value
  }

  double(value: number): void {
    this.varint(1)
    this.#reserve(8)
    new DataView(this.#bytes.buffer).setFloat64(this.#at, value)
    this.#at += 8
  }

  text(value: string): void {
    // Most ids are plain ASCII, whose length in bytes is known beforehand.
    this.#reserve(value.length + 8)
    const start = this.#at
    this.varint(value.length)
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i)
      if (unit > 127) {
        this.#at = start
        this.#unicode(value)
        return
      }
      this.#bytes[this.#at++] = unit
    }
  }

  #unicode(value: string): void {
    const bytes = encoder.encode(value)
    this.varint(bytes.length)
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#at)
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + size))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

const writer = new Writer()

class Reader {
  #at = 0

  constructor(readonly bytes: Uint8Array) {}

  get atEnd(): boolean {
    return this.#at >= this.bytes.length
  }

  byte(): number {
    return this.bytes[this.#at++]!
  }

  varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.#at++]!
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }

  double(): number {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset)
    this.#at += 8
    return view.getFloat64(this.#at - 8)
  }

  text(): string {
    const length = this.varint()
    this.#at += length
    return decoder.decode(this.bytes.subarray(this.#at - length, this.#at))
  }
}
