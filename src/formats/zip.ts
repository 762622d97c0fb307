import { crc32, createInflateRaw } from 'node:zlib'
import { RefusedCell } from './cells'

interface Entry {
  method: number
  start: number
  packed: number
  crc: number
}

const CHUNK = 128 * 1024
/** Sheets pack to a tenth or twentieth; what unpacks to so many times its size, and to so much, is a bomb. */
const MOST_TIMES = 100
const HARMLESS = 64 * 2 ** 20

/**
 * A zip archive that is read part by part. A part may unpack to at most `budget` bytes: what the archive says about
 * its sizes is not believed, the bytes that come out are counted.
 */
export class Zip {
  private readonly entries = new Map<string, Entry>()
  private readonly view: DataView

  constructor(
    private readonly bytes: Uint8Array,
    private readonly budget: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    try {
      this.readDirectory()
    } catch (error) {
      if (error instanceof RangeError) throw new RefusedCell('broken-file')
      throw error
    }
  }

  has(name: string): boolean {
    return this.entries.has(name.toLowerCase())
  }

  /**
   * The unpacked bytes of a part in pieces; inflating runs off the main thread. That they are the bytes which were
   * packed is known, and refused where not, when all have been read.
   */
  async *read(name: string): AsyncGenerator<Uint8Array> {
    const entry = this.entries.get(name.toLowerCase())
    if (!entry) throw new RefusedCell('broken-file')
    const packed = this.bytes.subarray(entry.start, entry.start + entry.packed)
    let left = this.budget
    let crc = 0
    for await (const piece of entry.method === 0 ? slices(packed) : inflated(packed)) {
      left -= piece.length
      const isBomb = this.budget - left > Math.max(HARMLESS, packed.length * MOST_TIMES)
      if (left < 0 || isBomb)
        throw new RefusedCell('too-big-unpacked', { limit: Math.round(this.budget / 2 ** 20) })
      crc = crc32(piece, crc)
      yield piece
    }
    if (crc !== entry.crc) throw new RefusedCell('broken-file')
  }

  private readDirectory(): void {
    const end = this.findEnd()
    let count = this.view.getUint16(end + 10, true)
    let at = this.view.getUint32(end + 16, true)
    if (at === 0xffffffff || count === 0xffff) {
      // Zip64: a locator before the end record points to the one with 64-bit numbers.
      const record = Number(this.view.getBigUint64(end - 20 + 8, true))
      count = Number(this.view.getBigUint64(record + 32, true))
      at = Number(this.view.getBigUint64(record + 48, true))
    }
    for (let i = 0; i < Math.min(count, 10_000); i++) at = this.readEntry(at)
  }

  private findEnd(): number {
    const last = Math.max(0, this.bytes.length - 22 - 65_535)
    for (let at = this.bytes.length - 22; at >= last; at--) {
      if (this.view.getUint32(at, true) === 0x06054b50) return at
    }
    throw new RefusedCell('broken-file')
  }

  private readEntry(at: number): number {
    if (this.view.getUint32(at, true) !== 0x02014b50) throw new RefusedCell('broken-file')
    const flags = this.view.getUint16(at + 8, true)
    const method = this.view.getUint16(at + 10, true)
    const crc = this.view.getUint32(at + 16, true)
    const nameLength = this.view.getUint16(at + 28, true)
    const extraLength = this.view.getUint16(at + 30, true)
    const commentLength = this.view.getUint16(at + 32, true)
    const extra = at + 46 + nameLength
    const name = new TextDecoder().decode(this.bytes.subarray(at + 46, extra))
    if (flags & 1) throw new RefusedCell('password')
    if (method !== 0 && method !== 8) throw new RefusedCell('broken-file')
    const wide = this.wideNumbers(at, extra, extraLength)
    // Sizes in the local header may be left out, but its name and extra fields come before the data.
    const start =
      wide.offset +
      30 +
      this.view.getUint16(wide.offset + 26, true) +
      this.view.getUint16(wide.offset + 28, true)
    this.entries.set(name.replaceAll('\\', '/').toLowerCase(), { method, start, packed: wide.packed, crc })
    return extra + extraLength + commentLength
  }

  private wideNumbers(at: number, extra: number, length: number): { packed: number; offset: number } {
    const unpacked = this.view.getUint32(at + 24, true)
    let packed = this.view.getUint32(at + 20, true)
    let offset = this.view.getUint32(at + 42, true)
    for (let field = extra; field + 4 <= extra + length; field += 4 + this.view.getUint16(field + 2, true)) {
      if (this.view.getUint16(field, true) !== 1) continue
      let value = field + 4 + (unpacked === 0xffffffff ? 8 : 0)
      if (packed === 0xffffffff) {
        packed = Number(this.view.getBigUint64(value, true))
        value += 8
      }
      if (offset === 0xffffffff) offset = Number(this.view.getBigUint64(value, true))
    }
    return { packed, offset }
  }
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK)
}

async function* inflated(packed: Uint8Array): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: CHUNK })
  inflate.end(packed)
  try {
    for await (const piece of inflate as AsyncIterable<Uint8Array>) yield piece
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw new RefusedCell('broken-file')
    }
    throw error
  } finally {
    inflate.destroy()
  }
}
