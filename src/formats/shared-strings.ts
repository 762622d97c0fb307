import { RefusedCell } from './cells'
import type { FileLimits } from './limits'
import { cellText, wholeElements } from './xml'

/** The shared strings of a workbook, formatting and phonetic guides left out. */
export async function readSharedStrings(
  pieces: AsyncIterable<Uint8Array>,
  limits: FileLimits,
): Promise<string[]> {
  const strings: string[] = []
  let left = limits.unpackedBytes / 4
  for await (const text of wholeElements(pieces, 'si', limits.cell * 40)) {
    left -= text.length
    if (left < 0)
      throw new RefusedCell('too-big-unpacked', { limit: Math.round(limits.unpackedBytes / 2 ** 20) })
    let at = 0
    for (;;) {
      const open = nextTag(text, 'si', at)
      if (open < 0) break
      const tagEnd = text.indexOf('>', open)
      if (tagEnd < 0) break
      if (text.charCodeAt(tagEnd - 1) === 47) {
        strings.push('')
        at = tagEnd
        continue
      }
      const close = text.indexOf('</si>', tagEnd)
      if (close < 0) break
      const string = sharedText(text.slice(tagEnd + 1, close))
      if (string.length > limits.cell) throw new RefusedCell('cell-too-long', { row: 0, limit: limits.cell })
      strings.push(string)
      at = close
    }
  }
  return strings
}

/** The text of a string item: its `<t>` elements joined, those of phonetic guides not. */
export function sharedText(item: string): string {
  const plain = item.includes('<rPh') ? item.replace(/<rPh[\s\S]*?<\/rPh>/g, '') : item
  let text = ''
  let at = 0
  for (;;) {
    const open = nextTag(plain, 't', at)
    if (open < 0) return text
    const tagEnd = plain.indexOf('>', open)
    const close = plain.indexOf('</t>', tagEnd)
    if (tagEnd < 0) return text
    if (plain.charCodeAt(tagEnd - 1) === 47) {
      at = tagEnd
      continue
    }
    if (close < 0) return text
    text += cellText(plain.slice(tagEnd + 1, close))
    at = close
  }
}

/** Where the next opening tag of the name begins; -1 when there is none. */
export function nextTag(text: string, name: string, from: number): number {
  const start = `<${name}`
  for (let at = text.indexOf(start, from); at >= 0; at = text.indexOf(start, at + 1)) {
    const after = text.charCodeAt(at + start.length)
    if (after === 62 || after === 32 || after === 47 || after === 10 || after === 13 || after === 9) return at
  }
  return -1
}
