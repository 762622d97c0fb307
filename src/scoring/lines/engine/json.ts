// Entries of a ranking as JSON, made of bytes: a string for each of some hundred thousand members takes longer than to
// count what they did.
import { take } from './memory'
import { memberAt, People, pointsAt, Ranking, Table, TEXT, Text } from './ranking'

/** How an entry is written. */
@unmanaged
export class Form {
  /** What stands before the account, name, school, points, rank and indicators. */
  parts: usize
  /** What stands before the points of an indicator. */
  names: usize
  /** Decimals of the points of an indicator, and of all points together. */
  decimals: u32
  scoreDecimals: u32
}

/** Bytes of a number, and of all parts of an entry. */
const MOST_NUMBER: u32 = 24
const MOST_PARTS: u32 = 256
/** Bytes of a byte, when it has to be written as its code. */
const MOST_ESCAPED: u32 = 6

const LINE_END: u32 = 10
const ZERO: u32 = 48
const QUOTE: u32 = 34
const BACKSLASH: u32 = 92
const COMMA: u32 = 44
const DOT: u32 = 46
const MINUS: u32 = 45
const CLOSE: u32 = 125

/** Where the next byte goes. */
let at: usize = 0
let buffer: usize = 0
let room: usize = 0

/** Where the entries that were written begin. */
export function written(): usize {
  return buffer
}

/** Writes the entries of some places, each behind a comma and a line end; answers how many bytes they are. */
export function writeEntries(
  ranking: Ranking,
  people: People,
  table: Table,
  form: Form,
  role: u32,
  from: u32,
  to: u32,
): usize {
  reserve(ranking, people, table, form, from, to)
  at = buffer
  for (let place = from; place < to; place++) {
    const member = memberAt(ranking.members, place)
    writeByte(COMMA)
    writeByte(LINE_END)
    writePart(form, 0)
    writeText(textAt(people.accounts, member))
    writePart(form, 1)
    writeText(textAt(people.names, member))
    writePart(form, 2)
    writeText(textAt(people.codes, memberAt(people.schools, member)))
    writePart(form, 3)
    writeDecimal(load<f64>(ranking.units + ((<usize>member) << 3)), form.scoreDecimals)
    writePart(form, 4)
    writeWhole(memberAt(ranking.ranks, place))
    writePart(form, 5)
    writePoints(table, form, role, member)
    writeByte(CLOSE)
    writeByte(CLOSE)
  }
  return at - buffer
}

function writePoints(table: Table, form: Form, role: u32, member: u32): void {
  let first = true
  for (let indicator: u32 = 0; indicator < table.perMember; indicator++) {
    if (load<u8>(table.roles + indicator) != role) continue
    const points = pointsAt(table, member, indicator)
    if (points == 0) continue
    if (!first) writeByte(COMMA)
    first = false
    copy(textAt(form.names, indicator))
    writeDecimal(points, form.decimals)
  }
}

/** Room for what these places can take at most. */
function reserve(ranking: Ranking, people: People, table: Table, form: Form, from: u32, to: u32): void {
  let entry = MOST_PARTS + 2 * MOST_NUMBER
  for (let indicator: u32 = 0; indicator < table.perMember; indicator++) {
    entry += textAt(form.names, indicator).length + MOST_NUMBER + 1
  }
  let size = <usize>(to - from) * entry
  for (let place = from; place < to; place++) {
    const member = memberAt(ranking.members, place)
    const school = memberAt(people.schools, member)
    const texts = textAt(people.accounts, member).length + textAt(people.names, member).length
    size += <usize>(texts + textAt(people.codes, school).length) * MOST_ESCAPED
  }
  if (size <= room) return
  room = size
  buffer = take(size)
}

function textAt(list: usize, index: u32): Text {
  return changetype<Text>(list + <usize>index * TEXT)
}

function writePart(form: Form, part: u32): void {
  copy(textAt(form.parts, part))
}

function copy(text: Text): void {
  memory.copy(at, text.address, text.length)
  at += text.length
}

function writeByte(byte: u32): void {
  store<u8>(at++, byte)
}

/** The inside of a quoted text. */
function writeText(text: Text): void {
  for (let from = text.address, end = from + text.length; from < end; from++) {
    const byte = <u32>load<u8>(from)
    if (byte == QUOTE || byte == BACKSLASH) writeByte(BACKSLASH)
    if (byte >= 32) writeByte(byte)
    else writeCode(byte)
  }
}

/** A control character as `\u0009`. */
function writeCode(byte: u32): void {
  writeByte(BACKSLASH)
  writeByte(117)
  writeByte(ZERO)
  writeByte(ZERO)
  writeByte(ZERO + (byte >> 4))
  const low = byte & 15
  writeByte(low < 10 ? ZERO + low : 87 + low)
}

function writeWhole(value: u64): void {
  let digits: usize = 1
  for (let rest = value; rest >= 10; rest /= 10) digits++
  at += digits
  let place = at
  do {
    store<u8>(--place, ZERO + <u32>(value % 10))
    value /= 10
  } while (value)
}

/** A whole number of units of which `10 ^ decimals` make one, without zeros at its end. */
function writeDecimal(units: f64, decimals: u32): void {
  if (units < 0) writeByte(MINUS)
  const value = <u64>Math.abs(units)
  let unit: u64 = 1
  for (let digit: u32 = 0; digit < decimals; digit++) unit *= 10
  writeWhole(value / unit)
  let rest = value % unit
  if (!rest) return
  writeByte(DOT)
  while (rest) {
    unit /= 10
    writeByte(ZERO + <u32>(rest / unit))
    rest %= unit
  }
}
