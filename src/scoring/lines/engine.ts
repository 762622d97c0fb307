/** The compiled program of `engine/`, and the memory that its threads share. Plain values that can be sent to a thread. */
export interface EngineParts {
  module: WebAssembly.Module
  memory: WebAssembly.Memory
}

/** What `engine/entry.ts` exports; addresses are numbers of the shared memory's bytes. */
interface Exports {
  openMemory(): void
  take(size: number): number
  textsOf(lines: number, size: number, count: number): number
  newTexts(room: number): number
  addCopy(texts: number, at: number, length: number): number
  find(texts: number, at: number, length: number): number
  newIds(): number
  addIdText(ids: number, at: number, length: number): number
  addAllIds(ids: number, others: number): void
  idsMeet(ids: number, others: number): number
  hasId(ids: number, at: number, length: number): number
  newSlice(setup: number, before: number): number
  countLines(slice: number, start: number, end: number): number
  count(slice: number, member: number, indicator: number, day: number, actions: number): void
  newSorted(cells: number): number
  sortGroup(sorted: number, slices: number, size: number, group: number, cells: number): void
  addPoints(
    query: number,
    slices: number,
    size: number,
    shift: number,
    members: number,
    from: number,
    to: number,
  ): void
  splitLines(lines: number, size: number, count: number): number
  rank(people: number, table: number, role: number): number
  sumSchools(people: number, table: number, role: number): number
  writeEntries(
    ranking: number,
    people: number,
    table: number,
    form: number,
    role: number,
    from: number,
    to: number,
  ): number
  written(): number
  readRoster(roster: number, start: number, end: number, room: number): number
  mapWords(list: number, size: number, table: number): void
  mapToBytes(list: number, size: number, table: number): number
}

/** Pages of 64 KB: what there is at first, and all that an address can reach. */
const FIRST_PAGES = 16
const MOST_PAGES = 65_536

/** Bytes that the engine may look at behind a text. */
export const SLACK = 64

/**
 * What counts, ranks and writes without an object for each row: a program in WebAssembly, because it is as fast from the
 * first row on as JavaScript is after some hundred thousand, and two threads can work on the same memory.
 */
export class Engine {
  readonly calls: Exports
  #bytes: Uint8Array = new Uint8Array(0)
  #words: Uint32Array = new Uint32Array(0)
  #doubles: Float64Array = new Float64Array(0)
  #scratch = 0
  #scratchSize = 0

  /** An engine with a memory of its own. */
  static open(module: WebAssembly.Module): Engine {
    const memory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MOST_PAGES, shared: true })
    const engine = new Engine({ module, memory })
    engine.calls.openMemory()
    return engine
  }

  /** The same engine in another thread. */
  constructor(readonly parts: EngineParts) {
    const { module, memory } = parts
    this.calls = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports
  }

  /** All memory; valid until more is taken. */
  get bytes(): Uint8Array {
    this.#look()
    return this.#bytes
  }

  /** The same in words of 4 bytes: the word at an address is at a quarter of it. */
  get words(): Uint32Array {
    this.#look()
    return this.#words
  }

  get doubles(): Float64Array {
    this.#look()
    return this.#doubles
  }

  /** A copy of bytes, with room behind it; answers its address. */
  put(bytes: Uint8Array): number {
    const address = this.calls.take(bytes.length + SLACK)
    this.bytes.set(bytes, address)
    return address
  }

  /** A copy of numbers as words or doubles. */
  putWords(values: ArrayLike<number>): number {
    const address = this.calls.take(values.length * 4)
    this.words.set(values, address / 4)
    return address
  }

  putDoubles(values: ArrayLike<number>): number {
    const address = this.calls.take(values.length * 8)
    this.doubles.set(values, address / 8)
    return address
  }

  /** Bytes that are of no use after the next call. */
  lend(bytes: Uint8Array): number {
    if (bytes.length > this.#scratchSize) {
      this.#scratchSize = bytes.length * 2
      this.#scratch = this.calls.take(this.#scratchSize + SLACK)
    }
    this.bytes.set(bytes, this.#scratch)
    return this.#scratch
  }

  /** The text of bytes in UTF-8. */
  text(address: number, length: number): string {
    return Buffer.from(this.parts.memory.buffer, address, length).toString()
  }

  #look(): void {
    const { buffer } = this.parts.memory
    if (buffer.byteLength === this.#bytes.length) return
    this.#bytes = new Uint8Array(buffer)
    this.#words = new Uint32Array(buffer)
    this.#doubles = new Float64Array(buffer)
  }
}

const encoder = new TextEncoder()

/** Record ids of files that were read before, in an engine's memory. */
export class IdSet {
  readonly address: number

  constructor(readonly engine: Engine) {
    this.address = engine.calls.newIds()
  }

  /** Adds an id; true when it was not there. */
  add(id: string): boolean {
    return addId(this.engine, this.address, id)
  }

  addAll(ids: number): void {
    this.engine.calls.addAllIds(this.address, ids)
  }
}

export function addId(engine: Engine, ids: number, id: string): boolean {
  const bytes = encoder.encode(id)
  return engine.calls.addIdText(ids, engine.lend(bytes), bytes.length) === 1
}

export function hasId(engine: Engine, ids: number, id: string): boolean {
  const bytes = encoder.encode(id)
  return engine.calls.hasId(ids, engine.lend(bytes), bytes.length) === 1
}
