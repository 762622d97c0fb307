import { isUtf8 } from 'node:buffer'
import { setImmediate } from 'node:timers/promises'
import { TextDecoder } from 'node:util'
import { RefusedCell } from './cells'

const CHUNK = 64 * 1024
/** With which DOS and some exports mark the end of a text. */
const END_MARK = 0x1a

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'

/**
 * UTF-16 and UTF-8 by their byte order mark, UTF-8 also when every byte sequence is valid but one that is cut off at
 * the end, else GB18030 (which includes GBK and GB2312).
 */
export function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (isUtf8(bytes)) return 'utf-8'
  const whole = withoutCutCharacter(bytes)
  // Something beyond ASCII must speak for UTF-8: half a character of GBK looks the same.
  const isCut = whole.length < bytes.length && isUtf8(whole) && whole.some((byte) => byte >= 0x80)
  return isCut ? 'utf-8' : 'gb18030'
}

/** The bytes without a UTF-8 sequence at the end that is not complete. */
function withoutCutCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}

/** The bytes without what stands behind the last character: end marks of DOS and zero bytes. */
export function withoutEndMarks(bytes: Uint8Array): Uint8Array {
  if (bytes.at(-1) !== END_MARK) return bytes
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === END_MARK) end--
  return bytes.subarray(0, end)
}

/** The text of the bytes in pieces, without byte order mark. Refuses what is not text in any of the encodings. */
export async function* decodeText(given: Uint8Array): AsyncGenerator<string> {
  const encoding = encodingOf(given)
  const bytes = encoding.startsWith('utf-16') ? given : withoutEndMarks(given)
  const decoder = new TextDecoder(encoding, { fatal: true })
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const isLast = at + CHUNK >= bytes.length
    const text = isLast
      ? decodeLast(decoder, bytes.subarray(at))
      : decode(decoder, bytes.subarray(at, at + CHUNK))
    if (text.includes('\0')) throw new RefusedCell('not-a-table')
    yield text
    await setImmediate()
  }
}

/** What is left of a character that is cut off at the end is dropped; its row will lack the rest of its cells. */
function decodeLast(decoder: TextDecoder, bytes: Uint8Array): string {
  const text = decode(decoder, bytes)
  try {
    return text + decoder.decode()
  } catch {
    if (text === '') throw new RefusedCell('unknown-encoding')
    return text
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: true })
  } catch {
    throw new RefusedCell('unknown-encoding')
  }
}
