// Byte strings (accounts, indicator names, ids) with a number each, found without making a string of what is looked
// for. They are compared whole, so a hit is exact.
import { take } from './memory'

@unmanaged
export class Texts {
  places: usize
  /** Places less 1, which are a power of two. */
  mask: u32
  /** Numbers given. */
  count: u32
  /** Texts that are in it. */
  size: u32
}

/** 16 bytes. */
@unmanaged
class Place {
  hash: u32
  /** The number and 1; 0 says that the place is free. */
  number1: u32
  address: usize
  length: u32
}
const PLACE: usize = 16

export function newTexts(room: u32): Texts {
  const texts = changetype<Texts>(take(offsetof<Texts>()))
  let places: u32 = 16
  while (places < room * 2 + 2) places <<= 1
  texts.places = take(<usize>places * PLACE)
  texts.mask = places - 1
  return texts
}

/** Texts of which each is ended by a line end. An empty one is never found, but has a number. */
export function textsOf(lines: usize, size: usize, count: u32): Texts {
  const texts = newTexts(count)
  let start = lines
  for (const end = lines + size; start < end;) {
    let at = start
    while (load<u8>(at) != 10) at++
    if (at > start) add(texts, start, <u32>(at - start), texts.count)
    texts.count++
    start = at + 1
  }
  return texts
}

/** Number of the text at an address, or -1. Up to 7 bytes behind it must be readable. */
export function find(texts: Texts, at: usize, length: u32): i32 {
  const hash = hashOf(at, length)
  const mask = texts.mask
  let index = hash & mask
  while (true) {
    const place = changetype<Place>(texts.places + <usize>index * PLACE)
    if (!place.number1) return -1
    if (place.hash == hash && place.length == length && same(place.address, at, length))
      return place.number1 - 1
    index = (index + 1) & mask
  }
}

/** Whether a text was not there; it is now, as a copy. */
export function addCopy(texts: Texts, at: usize, length: u32): bool {
  if (find(texts, at, length) >= 0) return false
  const copy = take(length + 8)
  memory.copy(copy, at, length)
  add(texts, copy, length, texts.count++)
  return true
}

/** Whether a text of the second is in the first. */
export function meet(texts: Texts, others: Texts): bool {
  for (let index: u32 = 0; index <= others.mask; index++) {
    const place = changetype<Place>(others.places + <usize>index * PLACE)
    if (place.number1 && find(texts, place.address, place.length) >= 0) return true
  }
  return false
}

/** Puts all texts of the second into the first. */
export function addAll(texts: Texts, others: Texts): void {
  for (let index: u32 = 0; index <= others.mask; index++) {
    const place = changetype<Place>(others.places + <usize>index * PLACE)
    if (place.number1) addCopy(texts, place.address, place.length)
  }
}

/** Adds a text that stays where it is. Of equal ones the first is found. */
export function add(texts: Texts, address: usize, length: u32, number: u32): void {
  if (++texts.size * 2 > texts.mask) widen(texts)
  put(texts, hashOf(address, length), address, length, number + 1)
}

function put(texts: Texts, hash: u32, address: usize, length: u32, number1: u32): void {
  let index = hash & texts.mask
  while (load<u32>(texts.places + <usize>index * PLACE, offsetof<Place>('number1')))
    index = (index + 1) & texts.mask
  const place = changetype<Place>(texts.places + <usize>index * PLACE)
  place.hash = hash
  place.number1 = number1
  place.address = address
  place.length = length
}

function widen(texts: Texts): void {
  const known = texts.places
  const places = texts.mask + 1
  texts.mask = places * 2 - 1
  texts.places = take(<usize>places * 2 * PLACE)
  for (let index: u32 = 0; index < places; index++) {
    const place = changetype<Place>(known + <usize>index * PLACE)
    if (place.number1) put(texts, place.hash, place.address, place.length, place.number1)
  }
}

const FACTOR: u64 = 0x9e3779b97f4a7c15

function hashOf(at: usize, length: u32): u32 {
  let hash: u64 = length
  let left = length
  for (; left >= 8; left -= 8, at += 8) {
    hash = (hash ^ load<u64>(at)) * FACTOR
    hash ^= hash >> 29
  }
  if (left) hash = (hash ^ (load<u64>(at) & ~((<u64>-1) << (left * 8)))) * FACTOR
  return <u32>(hash >> 32)
}

export function same(one: usize, other: usize, length: u32): bool {
  for (; length >= 8; length -= 8, one += 8, other += 8) if (load<u64>(one) != load<u64>(other)) return false
  return !length || (load<u64>(one) ^ load<u64>(other)) << (64 - length * 8) == 0
}
