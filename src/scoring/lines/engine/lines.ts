// Counts the plain lines of a records file straight from its bytes. A line that is not plain in any way (quotes, other
// forms of date, an unknown account, no id) is set aside unread; what it means is said elsewhere.
import { dayOf, daysOf } from './calendar'
import { addEntry, Group, GROUP } from './counts'
import { addId, hasId } from './ids'
import { Aside, ASIDE, ATTRIBUTES, Column, MOST_ASIDE, Slice } from './setup'
import { take } from './memory'
import { passes, Requirement } from './requirement'
import { find } from './texts'
import { isHarmless } from './words'

const LINE_END: u32 = 10
const RETURN: u32 = 13
const SPACE: u32 = 32
const QUOTE: u32 = 34
const DASH: u32 = 45
const DOT: u32 = 46
const SLASH: u32 = 47
const COLON: u32 = 58

const MOST_ACTIONS: u32 = 1_000_000
/** Digits of a count or attribute that are read here. */
const MOST_DIGITS: usize = 7

/** Where the field last read ends. */
let at: usize = 0
let delimiter: u32 = 0
/** The delimiter in each of eight bytes. */
let eight: u64 = 0

/** Length of the account that was last found, as far as so many bytes are readable from wherever a field begins. */
let accountLength: usize = 0
const LONGEST_LIKE: usize = 40

/** The date that was last understood as ten bytes, and its day. */
let date0: u64 = 0
let date1: u32 = 0
let dateDay: i32 = -1

/** The date and time that were last understood and 16 bytes long, and their day: files are in order of time. */
const MINUTE: usize = 16
let minute0: u64 = 0
let minute1: u64 = 0
let minuteDay: i32 = -1

/** Values of the attributes of the line, -1 for those that it does not carry. */
let values: usize = 0
let carries = false

/**
 * Counts whole lines from `start` to `end`, behind which 64 bytes must be readable. Answers where it stopped: at the
 * end, behind a line that was set aside when that has to be looked at first, or before a line of which a text has to be
 * judged.
 */
export function countLines(slice: Slice, start: usize, end: usize): usize {
  const setup = slice.setup
  delimiter = setup.delimiter
  eight = <u64>delimiter * 0x0101010101010101
  slice.asked = 0
  if (!values) values = take((<usize>ATTRIBUTES) << 3)
  while (start < end) {
    const first = <u32>load<u8>(start)
    if (first == LINE_END || (first == RETURN && load<u8>(start, 1) == LINE_END)) {
      slice.rows++
      start += first == RETURN ? 2 : 1
      continue
    }
    if (start != slice.refused && readLine(slice, start)) {
      slice.rows++
      start = at
      continue
    }
    if (slice.asked) return start
    slice.refused = 0
    slice.rows++
    let behind = start
    while (load<u8>(behind) != LINE_END) behind++
    behind++
    const aside = changetype<Aside>(slice.aside + <usize>slice.asideSize * ASIDE)
    slice.asideSize++
    aside.row = slice.rows
    aside.address = start
    aside.length = <u32>(behind - start)
    start = behind
    if (setup.careful || slice.asideSize == MOST_ASIDE) break
  }
  return start
}

/** Whether the line has nothing but separators up to an address, where it ends. */
function isEmptyTo(end: usize): bool {
  let place = at
  while (place < end && load<u8>(place) == delimiter) place++
  if (place < end || load<u8>(end) != LINE_END) return false
  at = end
  return true
}

/** Counts actions that a row names; 0 for a row that is understood but not valid. */
export function count(slice: Slice, member: u32, indicator: u32, day: u32, actions: u32): void {
  const setup = slice.setup
  slice.understood++
  store<u8>(slice.members + member, 1)
  store<u8>(slice.days + day, 1)
  if (!actions) return
  const group = changetype<Group>(slice.groups + <usize>(member >> setup.shift) * GROUP)
  addEntry(group, (member & ((1 << setup.shift) - 1)) * setup.perMember + indicator, day, actions)
}

function readLine(slice: Slice, start: usize): bool {
  const setup = slice.setup
  const width = setup.width
  const columns = setup.columns
  let member: i32 = -1
  let indicator: i32 = -1
  let day: i32 = -1
  let actions: i32 = 1
  let idAt: usize = 0
  let idLength: u32 = 0
  at = start
  carries = false
  for (let column: u32 = 0; column < width; column++) {
    if (column) {
      if (load<u8>(at) != delimiter) return false
      at++
    }
    const kind = <u32>load<u8>(columns + column)
    if (kind >= Column.attributes) {
      if (column == setup.tail && isEmptyTo(at + (width - 1 - column))) break
      const byte = <u32>load<u8>(at)
      if (byte == delimiter || byte == LINE_END || (byte == RETURN && atEnd())) continue
      if (!readAttribute(kind - Column.attributes)) return false
      continue
    }
    switch (kind) {
      case Column.account: {
        const from = at
        // Most accounts of a file are as long as the one before.
        at += accountLength
        if (load<u8>(at) == delimiter) member = find(setup.accounts, from, <u32>accountLength)
        if (member < 0) {
          at = fieldEnd(from)
          member = find(setup.accounts, from, <u32>(at - from))
          if (member < 0) return false
          accountLength = min(at - from, LONGEST_LIKE)
        }
        break
      }
      case Column.indicator: {
        const from = at
        at = fieldEnd(at)
        indicator = find(setup.indicators, from, <u32>(at - from))
        if (indicator < 0) return false
        break
      }
      case Column.time: {
        if (load<u64>(at) == minute0 && load<u64>(at, 8) == minute1 && load<u8>(at, MINUTE) == delimiter) {
          day = minuteDay - setup.first
          if (day < 0 || day >= setup.days) return false
          at += MINUTE
          break
        }
        const from = at
        day = readDay(setup.first, setup.days)
        if (day < 0) return false
        if (at == from + MINUTE) {
          minute0 = load<u64>(from)
          minute1 = load<u64>(from, 8)
          minuteDay = day + setup.first
        }
        break
      }
      case Column.count:
        actions = readCount()
        if (actions < 0) return false
        break
      case Column.recordId: {
        const from = at
        if (skip() != 1) return false
        idAt = from
        idLength = <u32>(at - from)
        if (idLength > 0 != (setup.withIds != 0)) return false
        break
      }
      default: {
        const from = at
        const plain = skip()
        if (plain < 0) return false
        if (plain == 0 && column < setup.judged && !isHarmless(slice, from, <u32>(at - from))) return false
      }
    }
  }
  if (load<u8>(at) == RETURN) at++
  if (load<u8>(at) != LINE_END) return false
  at++
  const behind = at
  if (setup.withIds) {
    if (!idLength) return false
    const before = slice.before
    const isNew = before && hasId(before, idAt, idLength) ? 0 : addId(slice.ids, idAt, idLength)
    if (isNew < 0) return false
    if (!isNew) {
      slice.understood++
      slice.repeated++
      return true
    }
  }
  let valid = true
  if (carries) {
    const requirement = load<usize>(setup.requirements + <usize>((<u32>indicator) << 2))
    if (requirement) valid = passes(changetype<Requirement>(requirement), values)
  }
  count(slice, member, indicator, day, valid ? actions : 0)
  at = behind
  return true
}

/** Where the field ends that begins here: at a delimiter or at a line end. */
function fieldEnd(start: usize): usize {
  while (true) {
    const word = load<u64>(start)
    const found =
      zeroBytes(word ^ eight) | zeroBytes(word ^ 0x0a0a0a0a0a0a0a0a) | zeroBytes(word ^ 0x0d0d0d0d0d0d0d0d)
    if (found) return start + <usize>(ctz(found) >> 3)
    start += 8
  }
}

/** Marks bytes that are 0; the lowest mark is exact. */
function zeroBytes(word: u64): u64 {
  return (word - 0x0101010101010101) & ~word & 0x8080808080808080
}

/** Whether `at` is behind a field. */
function atEnd(): bool {
  const byte = <u32>load<u8>(at)
  return byte == delimiter || byte == LINE_END || (byte == RETURN && load<u8>(at, 1) == LINE_END)
}

/** Goes over a field that nobody reads: 1 when it is plain, 0 when it holds other than ASCII, -1 for quotes and NUL. */
function skip(): i32 {
  let plain = 1
  while (true) {
    const byte = <u32>load<u8>(at)
    if (byte == delimiter || byte == LINE_END) return plain
    if (byte == QUOTE || byte == 0) return -1
    if (byte == RETURN) return load<u8>(at, 1) == LINE_END ? plain : -1
    if (byte > 127) plain = 0
    at++
  }
}

/** A date in digits, with a time of day or without, as the day of the period; -1 for other forms and days outside. */
function readDay(first: i32, days: i32): i32 {
  const start = at
  let day: i32
  if (load<u64>(start) == date0 && load<u16>(start, 8) == date1) {
    day = dateDay
    at = start + 10
  } else {
    day = readDate()
    if (day == NONE) return -1
    if (at == start + 10) {
      date0 = load<u64>(start)
      date1 = load<u16>(start, 8)
      dateDay = day
    }
  }
  day -= first
  if (day < 0 || day >= days) return -1
  if (load<u8>(at) == SPACE && !skipTime()) return -1
  return atEnd() ? day : -1
}

const NONE = i32.MIN_VALUE

/** Reads 2022-03-09, 2022/3/9 or 2022.3.9. */
function readDate(): i32 {
  const start = at
  const year = readDigits(4)
  if (at != start + 4) return NONE
  const mark = <u32>load<u8>(at++)
  if (mark != DASH && mark != SLASH && mark != DOT) return NONE
  const month = readDigits(2)
  if (month < 0 || load<u8>(at++) != mark) return NONE
  const date = readDigits(2)
  if (month < 1 || month > 12 || date < 1 || date > daysOf(year, month)) return NONE
  return dayOf(year, month, date)
}

/** Goes over ` 8:00` or ` 08:00:00`. */
function skipTime(): bool {
  at++
  const hour = readDigits(2)
  if (hour < 0 || hour > 23 || load<u8>(at++) != COLON) return false
  const minute = readDigits(2)
  if (minute < 0 || minute > 59) return false
  if (load<u8>(at) != COLON) return true
  at++
  const second = readDigits(2)
  return second >= 0 && second <= 59
}

/** A whole number, 1 when there is nothing; -1 for other forms and for what nobody does in a day. */
function readCount(): i32 {
  const start = at
  const value = readDigits(MOST_DIGITS)
  if (!atEnd()) return -1
  if (at == start) return 1
  return <u32>value <= MOST_ACTIONS ? value : -1
}

/** A number of at most 7 digits before and behind the point. */
function readAttribute(place: u32): bool {
  const whole = readDigits(MOST_DIGITS)
  if (whole < 0) return false
  let value = <f64>whole
  if (load<u8>(at) == DOT) {
    at++
    const start = at
    const part = readDigits(MOST_DIGITS)
    if (part < 0) return false
    let unit: f64 = 1
    for (let digit = start; digit < at; digit++) unit *= 10
    value = (value * unit + <f64>part) / unit
  }
  if (!atEnd()) return false
  if (!carries) for (let other: usize = 0; other < ATTRIBUTES; other++) store<f64>(values + (other << 3), -1)
  carries = true
  store<f64>(values + ((<usize>place) << 3), value)
  return true
}

/** Up to so many digits; -1 for none. */
function readDigits(most: usize): i32 {
  const start = at
  let value: i32 = 0
  while (at < start + most) {
    const digit = <u32>load<u8>(at) - 48
    if (digit > 9) break
    value = value * 10 + digit
    at++
  }
  return at == start ? -1 : value
}
