import { isUtf8 } from 'node:buffer'
import { setImmediate } from 'node:timers/promises'
import { TextDecoder } from 'node:util'
import { RefusedCell } from './cells'

const CHUNK = 64 * 1024

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'

/** UTF-16 and UTF-8 by their byte order mark, UTF-8 also when every byte sequence is valid, else GB18030 (which includes GBK and GB2312). */
export function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  return isUtf8(bytes) ? 'utf-8' : 'gb18030'
}

/** The text of the bytes in pieces, without byte order mark. Refuses what is not text in any of the encodings. */
export async function* decodeText(bytes: Uint8Array): AsyncGenerator<string> {
  const encoding = encodingOf(bytes)
  const decoder = new TextDecoder(encoding, { fatal: true })
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const text = decode(decoder, bytes.subarray(at, at + CHUNK), at + CHUNK < bytes.length)
    if (text.includes('\0')) throw new RefusedCell('not-a-table')
    yield text
    await setImmediate()
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream })
  } catch {
    throw new RefusedCell('unknown-encoding')
  }
}
