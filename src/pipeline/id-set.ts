/** Bits of one block. Ids of exports are mostly running numbers, so one block holds 512 of them. */
const BLOCK = 512
const WORDS = BLOCK / 32
/** A double is exact to 15 digits. */
const MOST_DIGITS = 15
const MOST_LETTERS = 8

/** Numbers that are in a set, a bit each, in blocks that are found by their number. */
export interface BlockTable {
  /** Number of the block and 1, by place; 0 says that the place is free. */
  keys: Float64Array
  /** The bits of the block at each place. */
  bits: Uint32Array
  size: number
}

/** Ids of one form: the same letters in front, the same number of digits behind. */
export interface IdFamily {
  prefix: string
  digits: number
  /** From 1 on, in order of coming. */
  form: number
  blocks: BlockTable
}

/** What an id set holds, fit to be sent to another thread. */
export interface IdSetState {
  families: IdFamily[]
  texts: Set<string>
}

/** 512 ids of one form: number `block * 512 + bit` is there where the bit is set. */
export interface IdBlock {
  prefix: string
  digits: number
  block: number
  bits: Uint32Array
}

/**
 * Record ids: exact, a bit per id where ids are running numbers (with or without letters in front), a string in a set
 * where they are something else.
 */
export class IdSet {
  readonly #families: IdFamily[]
  readonly #texts: Set<string>
  #last: IdFamily = { prefix: '', digits: 0, form: 0, blocks: emptyTable() }
  /** First number of the block last added to, and where its bits are. */
  #lastFrom = Infinity
  #lastAt = 0
  /** Of the id last read: its bytes but for the last four, how many they are (-1: none), and its number without the last four digits. */
  readonly #head = new Int32Array(6)
  #headSize = -1
  #headValue = 0

  constructor({ families, texts }: IdSetState = { families: [], texts: new Set() }) {
    this.#families = families
    this.#texts = texts
  }

  get state(): IdSetState {
    return { families: this.#families, texts: this.#texts }
  }

  /** Of the id last added: its form and number where it is a running number; form 0 for other texts. */
  form = 0
  number = 0

  get isEmpty(): boolean {
    return !this.#texts.size && this.blocks().next().done === true
  }

  /** Ids that are no running numbers. */
  get texts(): ReadonlySet<string> {
    return this.#texts
  }

  /** The running numbers, block by block. */
  *blocks(): Generator<IdBlock> {
    for (const { prefix, digits, blocks } of this.#families) {
      for (const [at, key] of blocks.keys.entries()) {
        const bits = blocks.bits.subarray(at * WORDS, (at + 1) * WORDS)
        if (key && bits.some((word) => word)) yield { prefix, digits, block: key - 1, bits }
      }
    }
  }

  /** Takes over a block. */
  addBlock({ prefix, digits, block, bits }: IdBlock): void {
    this.#use(this.#family(prefix, digits))
    const at = this.#place(block)
    const own = this.#last.blocks.bits
    for (let word = 0; word < WORDS; word++) own[at + word]! |= bits[word]!
  }

  /** Adds the id in these bytes: 1 when it was not there, 0 when it was, -1 when it is no running number. */
  addBytes(bytes: Uint8Array, start: number, end: number): number {
    const at = digitsAt(bytes, start, end)
    if (at < 0) return -1
    const { prefix, digits } = this.#last
    if (end - at !== digits || at - start !== prefix.length || !startsWith(bytes, start, prefix)) {
      this.#use(this.#family(String.fromCharCode(...bytes.subarray(start, at)), end - at))
    }
    return this.#add(numberIn(bytes, at, end)) ? 1 : 0
  }

  /** Bytes of an id of the form last added to. */
  get length(): number {
    return this.#last.prefix.length + this.#last.digits
  }

  /**
   * An id written like the last one, for `addAlike`, as what it is above the last one's number without its last four
   * digits: a small number needs no memory. -1 for other ids. What follows is not looked at.
   */
  alike(bytes: Uint8Array, view: DataView, start: number): number {
    const size = this.#headSize
    if (size < 0) return this.#alikeAnew(bytes, view, start)
    const head = this.#head
    let at = start
    let place = 0
    for (const end = start + (size & ~3); at < end; at += 4) {
      if (view.getInt32(at, true) !== head[place++]) return this.#alikeAnew(bytes, view, start)
    }
    const rest = size & 3
    if (rest && (view.getInt32(at, true) ^ head[place]!) << (32 - 8 * rest)) {
      return this.#alikeAnew(bytes, view, start)
    }
    return fourDigits(view.getInt32(at + rest, true))
  }

  #alikeAnew(bytes: Uint8Array, view: DataView, start: number): number {
    const { prefix, digits } = this.#last
    const from = start + prefix.length
    if (digits === 0 || !startsWith(bytes, start, prefix)) return -1
    for (let at = from; at < from + digits; at++) if (!isDigit(bytes[at]!)) return -1
    const value = numberIn(bytes, from, from + digits)
    const last = value % 10_000
    this.#headValue = value - last
    if (digits >= 4) {
      this.#headSize = prefix.length + digits - 4
      for (let place = 0; place * 4 < this.#headSize; place++) {
        this.#head[place] = view.getInt32(start + place * 4, true)
      }
    }
    return last
  }

  /** Adds what `alike` answered last; true when it was not there. */
  addAlike(last: number): boolean {
    return this.#add(this.#headValue + last)
  }

  /** Adds a running number of a form. */
  addNumber({ prefix, digits }: { prefix: string; digits: number }, number: number): boolean {
    if (this.#last.digits !== digits || this.#last.prefix !== prefix) this.#use(this.#family(prefix, digits))
    return this.#add(number)
  }

  /** Adds any id; true when it was not there. */
  add(id: string): boolean {
    const family = this.#familyOf(id, true)
    if (family) {
      this.#use(family)
      return this.#add(Number(id.slice(family.prefix.length)))
    }
    this.form = 0
    if (this.#texts.has(id)) return false
    this.#texts.add(id)
    return true
  }

  has(id: string): boolean {
    const family = this.#familyOf(id, false)
    return family ? hasNumber(family.blocks, Number(id.slice(family.prefix.length))) : this.#texts.has(id)
  }

  /** Takes an id away. */
  delete(id: string): void {
    const family = this.#familyOf(id, false)
    if (!family) return void this.#texts.delete(id)
    const number = Number(id.slice(family.prefix.length))
    const bit = number % BLOCK
    const at = placeOf(family.blocks, (number - bit) / BLOCK)
    if (family.blocks.keys[at]) family.blocks.bits[at * WORDS + (bit >> 5)]! &= ~(1 << (bit & 31))
  }

  /** Whether any id is in both. */
  meets(other: IdSet): boolean {
    for (const text of other.#texts) if (this.#texts.has(text)) return true
    for (const { prefix, digits, blocks } of other.#families) {
      const own = this.#families.find((one) => one.prefix === prefix && one.digits === digits)
      if (own && sharesBit(own.blocks, blocks)) return true
    }
    return false
  }

  /** Takes over all ids of another set. */
  addAll(other: IdSet): void {
    for (const text of other.#texts) this.#texts.add(text)
    for (const block of other.blocks()) this.addBlock(block)
  }

  #add(value: number): boolean {
    this.form = this.#last.form
    this.number = value
    let bit = value - this.#lastFrom
    if (!(bit >= 0 && bit < BLOCK)) {
      bit = value % BLOCK
      this.#lastAt = this.#place((value - bit) / BLOCK)
      this.#lastFrom = value - bit
    }
    const { bits } = this.#last.blocks
    const at = this.#lastAt + (bit >> 5)
    const mask = 1 << (bit & 31)
    const word = bits[at]!
    if (word & mask) return false
    bits[at] = word | mask
    return true
  }

  /** Where the bits of a block of the form in use begin; it is made when it is not there. */
  #place(block: number): number {
    const table = this.#last.blocks
    let at = placeOf(table, block)
    if (!table.keys[at]) {
      if (table.size * 2 >= table.keys.length) {
        widen(table)
        at = placeOf(table, block)
      }
      table.keys[at] = block + 1
      table.size++
    }
    this.#lastFrom = Infinity
    return at * WORDS
  }

  #use(family: IdFamily): void {
    if (family === this.#last) return
    this.#last = family
    this.#lastFrom = Infinity
    this.#headSize = -1
  }

  #family(prefix: string, digits: number): IdFamily {
    let family = this.#families.find((one) => one.digits === digits && one.prefix === prefix)
    if (!family)
      this.#families.push(
        (family = { prefix, digits, form: this.#families.length + 1, blocks: emptyTable() }),
      )
    return family
  }

  #familyOf(id: string, make: boolean): IdFamily | undefined {
    const form = idForm(id)
    if (!form) return
    const { prefix, digits } = form
    if (make) return this.#family(prefix, digits)
    return this.#families.find((one) => one.digits === digits && one.prefix === prefix)
  }
}

/** The form of an id that is a running number; undefined for others. */
export function idForm(id: string): { prefix: string; digits: number } | undefined {
  const match = /^([A-Za-z]{0,8})(\d{1,15})$/.exec(id)
  return match ? { prefix: match[1] ?? '', digits: match[2]?.length ?? 0 } : undefined
}

/** Where the digits of a running number begin; -1 where the bytes are none. */
export function digitsAt(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && isLetter(bytes[at]!)) at++
  if (at === end || end - at > MOST_DIGITS || at - start > MOST_LETTERS) return -1
  for (let place = at; place < end; place++) if (!isDigit(bytes[place]!)) return -1
  return at
}

/** The number that digits are. */
export function numberIn(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) value = value * 10 + bytes[at]! - 48
  return value
}

function emptyTable(): BlockTable {
  return { keys: new Float64Array(16), bits: new Uint32Array(16 * WORDS), size: 0 }
}

/** Where a block is, or where it would be. */
function placeOf({ keys }: BlockTable, block: number): number {
  const mask = keys.length - 1
  let at = (Math.imul(block, 0x9e3779b1) >>> 7) & mask
  while (keys[at] !== 0 && keys[at] !== block + 1) at = (at + 1) & mask
  return at
}

function widen(table: BlockTable): void {
  const { keys, bits } = table
  table.keys = new Float64Array(keys.length * 2)
  table.bits = new Uint32Array(bits.length * 2)
  for (const [from, key] of keys.entries()) {
    if (!key) continue
    const to = placeOf(table, key - 1)
    table.keys[to] = key
    table.bits.set(bits.subarray(from * WORDS, (from + 1) * WORDS), to * WORDS)
  }
}

function hasNumber(table: BlockTable, number: number): boolean {
  const bit = number % BLOCK
  const at = placeOf(table, (number - bit) / BLOCK)
  return table.keys[at] !== 0 && ((table.bits[at * WORDS + (bit >> 5)]! >>> (bit & 31)) & 1) === 1
}

function sharesBit(a: BlockTable, b: BlockTable): boolean {
  for (const [from, key] of b.keys.entries()) {
    const at = key && placeOf(a, key - 1)
    if (!key || !a.keys[at]) continue
    for (let word = 0; word < WORDS; word++) {
      if (a.bits[at * WORDS + word]! & b.bits[from * WORDS + word]!) return true
    }
  }
  return false
}

/** Four digits that were read as one number, first digit lowest; -1 when they are not digits. */
function fourDigits(word: number): number {
  if ((word & 0xf0f0f0f0) !== 0x30303030 || ((word + 0x06060606) & 0xf0f0f0f0) !== 0x30303030) return -1
  const digits = word & 0x0f0f0f0f
  const pairs = digits * 10 + (digits >>> 8)
  return (pairs & 255) * 100 + ((pairs >>> 16) & 255)
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57
}

function isLetter(byte: number): boolean {
  const lower = byte | 32
  return lower >= 97 && lower <= 122
}

function startsWith(bytes: Uint8Array, start: number, prefix: string): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix.charCodeAt(i)) return false
  return true
}
