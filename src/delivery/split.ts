/** Longest message text in bytes of UTF-8. */
export const textLimits = {
  /** Unpublished; 2000 bytes were silently cut in one report, so stay below. */
  qq: 1800,
  /** About 4500 characters are shown; longer ones are folded or lost by some implementations. */
  onebot: 9000,
  /** developer.work.weixin.qq.com, path 101031. */
  wecom: 20480,
  /** developer.work.weixin.qq.com, path 91770. */
  webhookText: 2048,
  webhookMarkdown: 4096,
} as const

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** Bytes of a text in UTF-8; a lone surrogate counts as the 3 bytes of the replacement character. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text)
}

/**
 * Cuts a text into parts of at most `limit` bytes of UTF-8 (at least 4) that put together are the text again. Cuts
 * at a line's end where one lies in the second half of a part, never inside what a reader sees as one character
 * (unless that alone is longer than the limit; then between code points).
 */
export function splitText(text: string, limit: number): string[] {
  if (!(limit >= 4)) throw new RangeError(`splitText: limit is ${limit}, permitted is 4 or more`)
  const parts: string[] = []
  let rest = text
  while (rest) {
    const end = cut(rest, limit)
    parts.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return parts
}

/** Where the first part of a text ends, in UTF-16 units; always at least one code point. */
function cut(text: string, limit: number): number {
  const fits = prefixLength(text, limit)
  if (fits === text.length) return fits
  const line = text.lastIndexOf('\n', fits - 1) + 1
  if (line > 0 && byteLength(text.slice(0, line)) * 2 >= limit) return line
  // Where the character begins that holds the first code point left out.
  const boundary = graphemes.segment(text.slice(0, fits + 2)).containing(fits)?.index ?? fits
  return boundary > 0 ? boundary : fits
}

/** How many UTF-16 units of whole code points fit into `limit` bytes. */
function prefixLength(text: string, limit: number): number {
  let bytes = 0
  let index = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    if (bytes > limit) break
    index += character.length
  }
  return index
}
