import { RefusedCell } from './cells'
import type { FileLimits } from './limits'
import { cellText, XmlPush } from './xml'

/** No book that people make has more different texts. */
const MOST_STRINGS = 2_500_000

/** Collects the text of a string item: its `t` elements joined, those of phonetic guides not. */
export class StringItem {
  #text = ''
  #inText = false
  #inGuide = false

  open(name: string): void {
    if (name === 't') this.#inText = true
    else if (name === 'rPh') this.#inGuide = true
  }

  add(text: string): void {
    if (this.#inText && !this.#inGuide) this.#text += text
  }

  close(name: string): void {
    if (name === 't') this.#inText = false
    else if (name === 'rPh') this.#inGuide = false
  }

  get length(): number {
    return this.#text.length
  }

  /** The text so far; the next one begins. */
  take(): string {
    const text = cellText(this.#text)
    this.#text = ''
    this.#inText = this.#inGuide = false
    return text
  }
}

/** The shared strings of a workbook, formatting and phonetic guides left out. */
export async function readSharedStrings(
  pieces: AsyncIterable<Uint8Array>,
  limits: FileLimits,
): Promise<string[]> {
  const strings: string[] = []
  const item = new StringItem()
  let left = limits.unpackedBytes / 10
  const xml = new XmlPush({
    open: (name) => item.open(name),
    text: (text) => {
      item.add(text)
      if (item.length > limits.cell * 2)
        throw new RefusedCell('cell-too-long', { row: 0, limit: limits.cell })
    },
    close: (name) => {
      if (name !== 'si') return item.close(name)
      const text = item.take()
      if (text.length > limits.cell) throw new RefusedCell('cell-too-long', { row: 0, limit: limits.cell })
      left -= text.length
      if (left < 0 || strings.length >= MOST_STRINGS)
        throw new RefusedCell('too-big-unpacked', { limit: Math.round(limits.unpackedBytes / 2 ** 20) })
      strings.push(text)
    },
  })
  for await (const piece of pieces) xml.write(piece)
  xml.end()
  return strings
}
