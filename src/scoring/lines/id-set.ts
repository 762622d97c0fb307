/** Bits of one block. Ids of exports are mostly running numbers, so a block of 4 KB holds 32,768 of them. */
const BLOCK = 15
const WORDS = 1 << (BLOCK - 5)
/** A double is exact to 15 digits. */
const MOST_DIGITS = 15
const MOST_LETTERS = 8

/** Ids of one form: the same letters in front, the same number of digits behind. */
interface Family {
  prefix: string
  digits: number
  blocks: Map<number, Uint32Array>
}

/** What an id set holds, fit to be sent to another thread. */
export interface IdSetState {
  families: Family[]
  texts: Set<string>
}

/**
 * Record ids seen: exact, a bit per id where ids are running numbers (with or without letters in front), a string
 * in a set where they are something else.
 */
export class IdSet {
  readonly #families: Family[] = []
  readonly #texts: Set<string>
  #last: Family = { prefix: '', digits: 0, blocks: new Map() }
  /** First number of the block last added to. */
  #lastFrom = Infinity
  #lastBlock: Uint32Array = new Uint32Array(WORDS)
  /** Of the id last read: its bytes but for the last four, how many they are (-1: none), and its number without the last four digits. */
  readonly #head = new Int32Array(6)
  #headSize = -1
  #headValue = 0

  constructor(state?: IdSetState) {
    this.#families = state?.families ?? []
    this.#texts = state?.texts ?? new Set()
  }

  get state(): IdSetState {
    return { families: this.#families, texts: this.#texts }
  }

  get isEmpty(): boolean {
    return !this.#texts.size && !this.#families.length
  }

  /** Adds the id in these bytes: 1 when it was not there, 0 when it was, -1 when it is no running number. */
  addBytes(bytes: Uint8Array, start: number, end: number): number {
    let at = start
    while (at < end && isLetter(bytes[at]!)) at++
    const letters = at - start
    const digits = end - at
    if (digits < 1 || digits > MOST_DIGITS || letters > MOST_LETTERS) return -1
    let value = 0
    for (let i = at; i < end; i++) {
      const digit = bytes[i]! - 48
      if (digit < 0 || digit > 9) return -1
      value = value * 10 + digit
    }
    const { prefix } = this.#last
    if (digits !== this.#last.digits || letters !== prefix.length || !startsWith(bytes, start, prefix)) {
      this.#use(this.#family(String.fromCharCode(...bytes.subarray(start, at)), digits))
    }
    return this.#add(value) ? 1 : 0
  }

  /** Bytes of an id of the family last added to. */
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
    if (digits === 0 || !startsWith(bytes, start, prefix)) return -1
    let value = 0
    for (let at = start + prefix.length; at < start + prefix.length + digits; at++) {
      const digit = bytes[at]! - 48
      if (digit < 0 || digit > 9) return -1
      value = value * 10 + digit
    }
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

  /** Like `addBytes`, but only looks. */
  hasBytes(bytes: Uint8Array, start: number, end: number): number {
    let at = start
    while (at < end && isLetter(bytes[at]!)) at++
    const digits = end - at
    if (digits < 1 || digits > MOST_DIGITS || at - start > MOST_LETTERS) return -1
    let value = 0
    for (let i = at; i < end; i++) {
      const digit = bytes[i]! - 48
      if (digit < 0 || digit > 9) return -1
      value = value * 10 + digit
    }
    for (const family of this.#families) {
      if (family.digits !== digits || family.prefix.length !== at - start) continue
      if (startsWith(bytes, start, family.prefix)) return hasBit(family, value) ? 1 : 0
    }
    return 0
  }

  /** Adds any id; true when it was not there. */
  add(id: string): boolean {
    const family = this.#familyOf(id, true)
    if (family) {
      this.#use(family)
      return this.#add(Number(id.slice(family.prefix.length)))
    }
    if (this.#texts.has(id)) return false
    this.#texts.add(id)
    return true
  }

  has(id: string): boolean {
    const family = this.#familyOf(id, false)
    if (!family) return this.#texts.has(id)
    return hasBit(family, Number(id.slice(family.prefix.length)))
  }

  /** Whether any id is in both. */
  meets(other: IdSet): boolean {
    for (const text of other.#texts) if (this.#texts.has(text)) return true
    for (const theirs of other.#families) {
      const own = this.#families.find((one) => one.prefix === theirs.prefix && one.digits === theirs.digits)
      if (own && sharesBit(own, theirs)) return true
    }
    return false
  }

  /** Takes over all ids of another set. */
  addAll(other: IdSet): void {
    for (const text of other.#texts) this.#texts.add(text)
    for (const theirs of other.#families) {
      const { blocks } = this.#family(theirs.prefix, theirs.digits)
      for (const [number, block] of theirs.blocks) {
        const own = blocks.get(number)
        if (!own) blocks.set(number, block.slice())
        else for (let word = 0; word < WORDS; word++) own[word]! |= block[word]!
      }
    }
    this.#lastFrom = Infinity
  }

  #add(value: number): boolean {
    let bit = value - this.#lastFrom
    if (!(bit >= 0 && bit < 1 << BLOCK)) {
      bit = value % (1 << BLOCK)
      this.#lastBlock = this.#block((value - bit) / (1 << BLOCK))
      this.#lastFrom = value - bit
    }
    const block = this.#lastBlock
    const place = bit >> 5
    const mask = 1 << (bit & 31)
    const word = block[place]!
    if (word & mask) return false
    block[place] = word | mask
    return true
  }

  #block(number: number): Uint32Array {
    let block = this.#last.blocks.get(number)
    if (!block) this.#last.blocks.set(number, (block = new Uint32Array(WORDS)))
    return block
  }

  #use(family: Family): void {
    if (family === this.#last) return
    this.#last = family
    this.#lastFrom = Infinity
    this.#headSize = -1
  }

  #family(prefix: string, digits: number): Family {
    let family = this.#families.find((one) => one.digits === digits && one.prefix === prefix)
    if (!family) this.#families.push((family = { prefix, digits, blocks: new Map() }))
    return family
  }

  #familyOf(id: string, make: boolean): Family | undefined {
    const match = /^([A-Za-z]{0,8})(\d+)$/.exec(id)
    if (!match || match[2]!.length > MOST_DIGITS) return
    const [prefix, digits] = [match[1]!, match[2]!.length]
    if (make) return this.#family(prefix, digits)
    return this.#families.find((one) => one.digits === digits && one.prefix === prefix)
  }
}

function hasBit({ blocks }: Family, value: number): boolean {
  const bit = value % (1 << BLOCK)
  const block = blocks.get((value - bit) / (1 << BLOCK))
  return block !== undefined && ((block[bit >> 5]! >>> (bit & 31)) & 1) === 1
}

/** Four digits that were read as one number, first digit lowest; -1 when they are not digits. */
function fourDigits(word: number): number {
  if ((word & 0xf0f0f0f0) !== 0x30303030 || ((word + 0x06060606) & 0xf0f0f0f0) !== 0x30303030) return -1
  const digits = word & 0x0f0f0f0f
  const pairs = digits * 10 + (digits >>> 8)
  return (pairs & 255) * 100 + ((pairs >>> 16) & 255)
}

function isLetter(byte: number): boolean {
  const lower = byte | 32
  return lower >= 97 && lower <= 122
}

function startsWith(bytes: Uint8Array, start: number, prefix: string): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix.charCodeAt(i)) return false
  return true
}

function sharesBit(a: Family, b: Family): boolean {
  for (const [number, block] of b.blocks) {
    const own = a.blocks.get(number)
    if (own && own.some((word, at) => word & block[at]!)) return true
  }
  return false
}
