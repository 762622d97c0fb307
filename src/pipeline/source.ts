import { SLACK } from './line-reader'
import { UnusualLines } from './unusual'
import type { SliceReader } from './slice'

const LINE_END = 10
/** As much as the processor has memory of its own for. */
const CHUNK = 1 << 18
/** No record is as long as that; the general reader says what it is. */
const LONGEST_LINE = 1 << 24

/** Bytes that are read piece by piece: a file, or what was sent. */
export interface ByteSource {
  size: number
  /** Copies up to `length` bytes from `position` on to the start of `target` plus `offset`; answers how many. */
  read(target: Uint8Array, offset: number, length: number, position: number): number
}

/** Bytes that are in memory. */
export function sourceOfBytes(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(target, offset, length, position) {
      const part = bytes.subarray(position, position + length)
      target.set(part, offset)
      return part.length
    },
  }
}

/** Bytes from the start of a line to the end of a line. */
export interface ByteRange {
  from: number
  to: number
}

/**
 * Reads a range of a source into the same memory again and again. `pause` lets others run after each piece; left out,
 * nobody is waiting.
 */
export async function readLines(
  source: ByteSource,
  { from, to }: ByteRange,
  reader: SliceReader,
  pause?: () => Promise<void>,
): Promise<void> {
  let buffer = new Uint8Array(CHUNK + 1 + SLACK)
  let kept = 0
  for (let at = from; at < to || kept;) {
    const room = buffer.length - 1 - SLACK - kept
    const size = source.read(buffer, kept, Math.min(room, to - at), at)
    at = size ? at + size : to
    let end = kept + size
    await pause?.()
    // The last line of a file may lack its end.
    if (at >= to && buffer[end - 1] !== LINE_END) buffer[end++] = LINE_END
    const whole = buffer.lastIndexOf(LINE_END, end - 1) + 1
    if (whole) {
      const odd = reader.take(buffer, 0, whole)
      if (odd) await odd
      buffer.copyWithin(0, whole, end)
      kept = end - whole
    } else {
      if (buffer.length >= LONGEST_LINE) throw new UnusualLines('lines')
      const larger = new Uint8Array(buffer.length * 2)
      larger.set(buffer.subarray(0, end))
      buffer = larger
      kept = end
    }
  }
}

/** Where a range of lines may be cut in two: behind the line that holds its middle; `to` when there is no other. */
export function middleOf(source: ByteSource, { from, to }: ByteRange): number {
  const buffer = new Uint8Array(1 << 16)
  for (let at = Math.floor((from + to) / 2); at < to;) {
    const size = source.read(buffer, 0, Math.min(buffer.length, to - at), at)
    if (!size) break
    const end = buffer.subarray(0, size).indexOf(LINE_END)
    if (end >= 0) return at + end + 1
    at += size
  }
  return to
}
