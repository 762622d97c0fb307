// Reads the plain rows of a roster. Its words (codes and names of schools, roles, states and so on) come again and
// again: each gets a number, and the first row of those whose meaning is not what they say is an example that is
// read elsewhere. A roster with any row that is not plain is not read here at all.
import { take } from './memory'
import { addCopy, find, Texts } from './texts'
import { isChinese } from './words'

export namespace Kind {
  export const skipped: u32 = 0
  export const account: u32 = 1
  export const name: u32 = 2
  /** A code is what it says if it could be an account. */
  export const code: u32 = 3
  /** Other words are what they say if they are of Chinese characters only. */
  export const words: u32 = 4
  /** Words with a meaning of their own. */
  export const meant: u32 = 5
}

/** A column of the file; in words of 4 bytes, as the roster. */
@unmanaged
export class Column {
  kind: u32
  texts: Texts
  /** The place of the number among those of a row, from 1 on; 0 for a column of which nobody asks the number. */
  place: u32
}
const COLUMN: usize = 12

/** Numbers of a row that are kept: of the school's code, name, town and stage, of the roles and of the state. */
const PLACES: usize = 6
const NUMBERS: usize = PLACES << 2
/** Numbers of roles and of states that are told apart. */
const MOST_MEANT: u32 = 64

@unmanaged
export class Roster {
  columns: usize
  width: u32
  delimiter: u32
  /** Columns before this one hold the first two words of a row, which may say that it is a sum. */
  judged: u32
  /** Words for a sum. */
  totals: Texts
  accounts: Texts
  /** Accounts and names of the members, each ended by a line end, and where they end. */
  accountLines: usize
  accountEnd: usize
  nameLines: usize
  nameEnd: usize
  /** By member: number of the school's code, and number of the roles * 64 + number of the state. */
  codes: usize
  roles: usize
  size: u32
  /** `Sight`s of schools: whenever a row says something else of a school than the one before. */
  sights: usize
  sightCount: u32
  /** Rows that are read elsewhere. */
  examples: usize
  exampleCount: u32
}

/** What a row says of its school: four numbers, and where the four texts stand with their lengths. */
const SIGHT: usize = 48
/** Column (the width for none), number, address and length of the row. */
const EXAMPLE: usize = 16
export const MOST_EXAMPLES: u32 = 1 << 12

/** Bytes and columns of a row. */
const MOST_ROW: usize = 4096
const MOST_COLUMNS: u32 = 200
const MOST_NAME: u32 = 60
const MOST_ACCOUNT: usize = 31
const MOST_DIGITS: usize = 17

const LINE_END: u32 = 10
const RETURN: u32 = 13

let numbers: usize = 0
let texts: usize = 0

/** Reads all rows; whether they are plain, in a roster with room for so many members. */
export function readRoster(roster: Roster, start: usize, end: usize, room: u32): bool {
  roster.accountLines = take(end - start)
  roster.accountEnd = roster.accountLines
  roster.nameLines = take(end - start)
  roster.nameEnd = roster.nameLines
  roster.codes = take((<usize>room) << 2)
  roster.roles = take((<usize>room) << 2)
  roster.sights = take(<usize>room * SIGHT)
  roster.examples = take(<usize>MOST_EXAMPLES * EXAMPLE)
  numbers = take(NUMBERS)
  texts = take(PLACES << 3)
  /** By code of a school: the numbers last seen, and a 1 before them. */
  const seen = take(<usize>room * (NUMBERS + 4))
  while (start < end) {
    let behind = start
    while (load<u8>(behind) != LINE_END) behind++
    let last = behind
    if (last > start && load<u8>(last - 1) == RETURN) last--
    if (!isBlank(start, last, roster.delimiter)) {
      // The first row says what columns mean that the file does not have.
      if (!roster.size) addExample(roster, roster.width, 0, start, behind + 1)
      if (!readRow(roster, start, last, behind + 1)) return false
      const code = load<u32>(numbers)
      store<u32>(roster.codes + ((<usize>roster.size) << 2), code)
      store<u32>(
        roster.roles + ((<usize>roster.size) << 2),
        load<u32>(numbers, 16) * MOST_MEANT + load<u32>(numbers, 20),
      )
      roster.size++
      lookAtSchool(roster, seen + <usize>code * (NUMBERS + 4))
    }
    start = behind + 1
  }
  return true
}

/** Replaces numbers by what a table says of them. */
export function mapWords(list: usize, size: u32, table: usize): void {
  for (const end = list + ((<usize>size) << 2); list < end; list += 4) {
    store<u32>(list, load<u32>(table + ((<usize>load<u32>(list)) << 2)))
  }
}

/** The same, answering a byte for each. */
export function mapToBytes(list: usize, size: u32, table: usize): usize {
  const bytes = take(size)
  for (let index: usize = 0; index < size; index++) {
    store<u8>(bytes + index, load<u8>(table + <usize>load<u32>(list + (index << 2))))
  }
  return bytes
}

function isBlank(start: usize, end: usize, delimiter: u32): bool {
  while (start < end && load<u8>(start) == delimiter) start++
  return start == end
}

function readRow(roster: Roster, start: usize, end: usize, behind: usize): bool {
  memory.fill(numbers, 0, NUMBERS)
  memory.fill(texts, 0, PLACES << 3)
  if (end - start > MOST_ROW) return false
  const delimiter = roster.delimiter
  let index: u32 = 0
  for (let at = start; at < end || index < roster.width; index++) {
    const from = at
    // Cells that are not there are empty.
    while (at < end && load<u8>(at) != delimiter) {
      if (load<u8>(at) == RETURN || !load<u8>(at)) return false
      at++
    }
    if (index < roster.width) {
      const column = changetype<Column>(roster.columns + <usize>index * COLUMN)
      if (!readCell(roster, index, column, from, at, start, behind)) return false
    }
    if (at < end) at++
  }
  return index <= MOST_COLUMNS
}

function readCell(
  roster: Roster,
  index: u32,
  column: Column,
  from: usize,
  to: usize,
  row: usize,
  behind: usize,
): bool {
  const length = <u32>(to - from)
  switch (column.kind) {
    case Kind.skipped:
      return index >= roster.judged || isAscii(from, to) || isWord(roster, from, length)
    case Kind.account: {
      if (!isCode(from, to) || !addCopy(roster.accounts, from, length)) return false
      roster.accountEnd = append(roster.accountEnd, from, length)
      return true
    }
    case Kind.name: {
      if (length > MOST_NAME || !isWord(roster, from, length)) return false
      roster.nameEnd = append(roster.nameEnd, from, length)
      return true
    }
    default:
      return readWord(roster, index, column, from, to, row, behind)
  }
}

function readWord(
  roster: Roster,
  index: u32,
  column: Column,
  from: usize,
  to: usize,
  row: usize,
  behind: usize,
): bool {
  const length = <u32>(to - from)
  let number = find(column.texts, from, length)
  if (number < 0) {
    number = column.texts.count
    addCopy(column.texts, from, length)
    if (column.kind == Kind.meant && <u32>number >= MOST_MEANT) return false
    if (
      !(column.kind == Kind.code && isCode(from, to)) &&
      !(column.kind == Kind.words && length <= MOST_NAME && isWord(roster, from, length))
    ) {
      if (roster.exampleCount == MOST_EXAMPLES) return false
      addExample(roster, index, number, row, behind)
    }
  }
  if (column.place) {
    const place = <usize>(column.place - 1)
    store<u32>(numbers + (place << 2), number)
    store<u32>(texts + (place << 3), from)
    store<u32>(texts + (place << 3), length, 4)
  }
  return true
}

function addExample(roster: Roster, column: u32, number: u32, row: usize, behind: usize): void {
  const example = roster.examples + <usize>roster.exampleCount * EXAMPLE
  roster.exampleCount++
  store<u32>(example, column)
  store<u32>(example, number, 4)
  store<u32>(example, row, 8)
  store<u32>(example, behind - row, 12)
}

function lookAtSchool(roster: Roster, known: usize): void {
  if (load<u32>(known) && !memory.compare(known + 4, numbers, 16)) return
  store<u32>(known, 1)
  memory.copy(known + 4, numbers, 16)
  const sight = roster.sights + <usize>roster.sightCount * SIGHT
  roster.sightCount++
  memory.copy(sight, numbers, 16)
  memory.copy(sight + 16, texts, 32)
}

function append(end: usize, from: usize, length: u32): usize {
  memory.copy(end, from, length)
  store<u8>(end + length, LINE_END)
  return end + length + 1
}

function isAscii(from: usize, to: usize): bool {
  for (; from < to; from++) if (load<u8>(from) > 127) return false
  return true
}

/** Whether a text is of Chinese characters, at least one, and no word for a sum. */
function isWord(roster: Roster, from: usize, length: u32): bool {
  return length > 0 && isChinese(from, length, false) && find(roster.totals, from, length) < 0
}

/** A letter with letters and digits behind it, or digits. */
function isCode(from: usize, to: usize): bool {
  const size = to - from
  if (size == 0) return false
  const letters = isLetter(load<u8>(from))
  if (size > (letters ? MOST_ACCOUNT : MOST_DIGITS)) return false
  for (; from < to; from++) {
    const byte = load<u8>(from)
    if (<u32>byte - 48 > 9 && !(letters && (isLetter(byte) || byte == 95))) return false
  }
  return true
}

function isLetter(byte: u8): bool {
  return <u32>(byte | 32) - 97 < 26
}
