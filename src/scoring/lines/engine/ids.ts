// Record ids seen: exact, a bit per id where ids are running numbers (with or without letters in front), a text where
// they are something else.
import { take } from './memory'
import { addAll as addAllTexts, addCopy, find, meet as textsMeet, newTexts, Texts } from './texts'

const MOST_LETTERS: u32 = 8
/** A running number of so many digits fits into 50 bits. */
const MOST_DIGITS: u32 = 15
const MOST_BYTES: u32 = 64
/** 512 numbers in a row are a block. */
const BLOCK_BITS: u32 = 9

@unmanaged
export class Ids {
  blocks: usize
  /** Places less 1, which are a power of two. */
  mask: u32
  /** Blocks that are in it. */
  size: u32
  /** The block last added to. */
  prefix: u64
  key: u64
  bits: usize
  texts: Texts
}

/** 80 bytes. */
@unmanaged
class Block {
  /** The letters. */
  prefix: u64
  /** How many digits, and the number without the bits of the block; never 0, which says that the place is free. */
  key: u64
  bits0: u64
  bits1: u64
  bits2: u64
  bits3: u64
  bits4: u64
  bits5: u64
  bits6: u64
  bits7: u64
}
const BLOCK: usize = 80
const BITS: usize = 16

const QUOTE: u8 = 34
const APOSTROPHE: u8 = 39
const EQUALS: u8 = 61
const ACCENT: u8 = 96
/** Letters of numbers: 1E17, and the last of an identity number. */
const LETTER_E: u8 = 101
const LETTER_X: u8 = 120

/** Of the id last looked at. */
let prefix: u64 = 0
let key: u64 = 0
let bit: u32 = 0

export function newIds(): Ids {
  const ids = changetype<Ids>(take(offsetof<Ids>()))
  ids.mask = 63
  ids.blocks = take(64 * BLOCK)
  ids.texts = newTexts(8)
  return ids
}

/** Adds the id at an address: 1 when it was not there, 0 when it was, -1 when its text needs a closer look. */
export function addId(ids: Ids, at: usize, length: u32): i32 {
  if (!isNumber(at, length)) return isPlain(at, length) ? addIdText(ids, at, length) : -1
  if (key != ids.key || prefix != ids.prefix) use(ids)
  const word = ids.bits + <usize>((bit >> 6) << 3)
  const mask = (<u64>1) << (bit & 63)
  const bits = load<u64>(word)
  if (bits & mask) return 0
  store<u64>(word, bits | mask)
  return 1
}

/** Adds the text of an id that is no running number: 1 when it was not there, 0 when it was. */
export function addIdText(ids: Ids, at: usize, length: u32): i32 {
  return isNumber(at, length) ? addId(ids, at, length) : addCopy(ids.texts, at, length) ? 1 : 0
}

/** Like `addId` and `addIdText`, but only looks: 1 when it is there. */
export function hasId(ids: Ids, at: usize, length: u32): bool {
  if (!isNumber(at, length)) return find(ids.texts, at, length) >= 0
  const block = blockOf(ids, prefix, key)
  return (
    block.key != 0 &&
    (load<u64>(changetype<usize>(block) + BITS + <usize>((bit >> 6) << 3)) & ((<u64>1) << (bit & 63))) != 0
  )
}

/** Whether any id is in both. */
export function meet(ids: Ids, others: Ids): bool {
  for (let index: u32 = 0; index <= others.mask; index++) {
    const other = changetype<Block>(others.blocks + <usize>index * BLOCK)
    if (!other.key) continue
    const own = blockOf(ids, other.prefix, other.key)
    if (!own.key) continue
    for (let word: usize = BITS; word < BLOCK; word += 8) {
      if (load<u64>(changetype<usize>(own) + word) & load<u64>(changetype<usize>(other) + word)) return true
    }
  }
  return textsMeet(ids.texts, others.texts)
}

/** Puts all ids of the second into the first. */
export function addAll(ids: Ids, others: Ids): void {
  for (let index: u32 = 0; index <= others.mask; index++) {
    const other = changetype<Block>(others.blocks + <usize>index * BLOCK)
    if (!other.key) continue
    prefix = other.prefix
    key = other.key
    use(ids)
    for (let word: usize = 0; word < BLOCK - BITS; word += 8) {
      const bits = load<u64>(changetype<usize>(other) + BITS + word)
      store<u64>(ids.bits + word, load<u64>(ids.bits + word) | bits)
    }
  }
  addAllTexts(ids.texts, others.texts)
}

/** Letters and digits, not too many of either. */
function isNumber(at: usize, length: u32): bool {
  const end = at + length
  prefix = 0
  let letters: u32 = 0
  for (; at < end && isLetter(load<u8>(at)); at++, letters++) {
    if (letters == MOST_LETTERS) return false
    prefix = (prefix << 8) | load<u8>(at)
  }
  const digits = <u32>(end - at)
  if (digits < 1 || digits > MOST_DIGITS) return false
  let value: u64 = 0
  if (digits >= 8) {
    const eight = load<u64>(at)
    if (!areDigits(eight)) return false
    value = eightDigits(eight)
    at += 8
  }
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48
    if (digit > 9) return false
    value = value * 10 + digit
  }
  bit = (<u32>value) & ((1 << BLOCK_BITS) - 1)
  key = ((<u64>digits) << 56) | (value >> BLOCK_BITS)
  return true
}

/** Whether eight bytes are digits: each is 0x30 to 0x39. */
function areDigits(word: u64): bool {
  return (
    (word & 0xf0f0f0f0f0f0f0f0) == 0x3030303030303030 &&
    ((word + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) == 0x3030303030303030
  )
}

/** The number that eight digits are, of which the first is the lowest byte: pairs, then pairs of pairs, then both halves. */
function eightDigits(word: u64): u64 {
  word = ((word & 0x0f0f0f0f0f0f0f0f) * 2561) >> 8
  word = ((word & 0x00ff00ff00ff00ff) * 6553601) >> 16
  return ((word & 0x0000ffff0000ffff) * 42949672960001) >> 32
}

/**
 * Whether an id is its own text and could be nothing else: visible ASCII without marks of quotation, with a letter that
 * stands in no number, or digits alone, but not as many as an identity number has.
 */
function isPlain(at: usize, length: u32): bool {
  if (length > MOST_BYTES || load<u8>(at) == EQUALS) return false
  let digits: u32 = 0
  let telling = false
  for (const end = at + length; at < end; at++) {
    const byte = load<u8>(at)
    if (<u32>byte - 48 <= 9) digits++
    else if (isLetter(byte)) {
      const lower = byte | 32
      if (lower != LETTER_E && lower != LETTER_X) telling = true
    } else if (byte <= 32 || byte > 126 || byte == QUOTE || byte == APOSTROPHE || byte == ACCENT) return false
  }
  return telling || (digits == length && digits != 18)
}

function isLetter(byte: u8): bool {
  return <u32>(byte | 32) - 97 < 26
}

/** Makes the block of the id last looked at the one that is added to. */
function use(ids: Ids): void {
  let block = blockOf(ids, prefix, key)
  if (!block.key) {
    if (++ids.size * 2 > ids.mask) {
      widen(ids)
      block = blockOf(ids, prefix, key)
    }
    block.prefix = prefix
    block.key = key
  }
  ids.prefix = prefix
  ids.key = key
  ids.bits = changetype<usize>(block) + BITS
}

/** Where the block is, or where it would be: then its key is 0. */
function blockOf(ids: Ids, prefix: u64, key: u64): Block {
  const hash = (key ^ (prefix * 0xff51afd7ed558ccd)) * 0x9e3779b97f4a7c15
  let index = (<u32>(hash >> 32)) & ids.mask
  while (true) {
    const block = changetype<Block>(ids.blocks + <usize>index * BLOCK)
    if (!block.key || (block.key == key && block.prefix == prefix)) return block
    index = (index + 1) & ids.mask
  }
}

function widen(ids: Ids): void {
  const known = ids.blocks
  const places = ids.mask + 1
  ids.mask = places * 2 - 1
  ids.blocks = take(<usize>places * 2 * BLOCK)
  for (let index: u32 = 0; index < places; index++) {
    const block = changetype<Block>(known + <usize>index * BLOCK)
    if (!block.key) continue
    memory.copy(changetype<usize>(blockOf(ids, block.prefix, block.key)), changetype<usize>(block), BLOCK)
  }
  // What was last added to has moved.
  ids.key = 0
}
