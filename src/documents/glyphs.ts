/** Which characters a font can draw. Nothing else says so: a missing glyph is printed as a gap, without an error. */
export interface GlyphCoverage {
  has(codePoint: number): boolean
}

/** Stands in print for a character that the font lacks, as typesetters have it (U+3013). */
const GETA = '\u3013'
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })
/** Joiners and variation selectors draw nothing of their own. */
const invisible = /^[\p{Cf}\p{Cc}\p{M}]$/u

/**
 * Reads the character map of a TrueType or OpenType file (formats 4 and 12 of its table `cmap`; see
 * https://learn.microsoft.com/typography/opentype/spec/cmap). Throws on bytes that are no such font.
 */
export function readGlyphCoverage(font: Uint8Array): GlyphCoverage {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength)
  const cmap = tableOffset(view, 'cmap')
  const ranges: [first: number, last: number][] = []
  const tables = view.getUint16(cmap + 2)
  const seen = new Set<number>()
  for (let i = 0; i < tables; i++) {
    const offset = cmap + view.getUint32(cmap + 8 + i * 8)
    if (seen.has(offset)) continue
    seen.add(offset)
    const format = view.getUint16(offset)
    if (format === 4) readSegments(view, offset, ranges)
    else if (format === 12) readGroups(view, offset, ranges)
  }
  if (!ranges.length) throw new Error('font: no character map of format 4 or 12')
  ranges.sort((a, b) => a[0] - b[0])
  return { has: (codePoint) => contains(ranges, codePoint) }
}

/** The characters of a text that the font lacks, each once, in their order. */
export function missingGlyphs(text: string, coverage: GlyphCoverage): string[] {
  return [...new Set(text)].filter((one) => !invisible.test(one) && !draws(one, coverage))
}

/** A text as it can be drawn: emoji fall away, other characters that the font lacks become geta marks. */
export function drawableText(text: string, coverage: GlyphCoverage): string {
  let drawn = ''
  for (const { segment } of graphemes.segment(text)) {
    const plain = [...segment].filter((one) => !invisible.test(one)).join('')
    if (plain && [...plain].every((one) => draws(one, coverage))) drawn += plain
    else if (/\p{L}/u.test(segment)) drawn += GETA
    else if (/\s/u.test(segment)) drawn += ' '
  }
  return drawn
}

const draws = (one: string, coverage: GlyphCoverage) => coverage.has(one.codePointAt(0) ?? 0)

function tableOffset(view: DataView, name: string): number {
  const count = view.byteLength > 12 ? view.getUint16(4) : 0
  for (let i = 0; i < count; i++) {
    const at = 12 + i * 16
    if (at + 16 > view.byteLength) break
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(at + byte)))
    if (tag === name) return view.getUint32(at + 8)
  }
  throw new Error(`font: no table ${name}`)
}

/** Format 4: segments of the basic plane, each with a shift or a list of glyphs; glyph 0 is none. */
function readSegments(view: DataView, offset: number, ranges: [number, number][]): void {
  const doubled = view.getUint16(offset + 6)
  const [ends, starts] = [offset + 14, offset + 16 + doubled]
  const [deltas, pointers] = [starts + doubled, starts + 2 * doubled]
  for (let at = 0; at < doubled; at += 2) {
    const [first, last] = [view.getUint16(starts + at), view.getUint16(ends + at)]
    const pointer = view.getUint16(pointers + at)
    if (first === 0xffff) continue
    for (let code = first; code <= last; code++) {
      const glyph = pointer
        ? view.getUint16(pointers + at + pointer + (code - first) * 2)
        : (code + view.getUint16(deltas + at)) & 0xffff
      if (glyph) ranges.push([code, code])
    }
  }
}

/** Format 12: groups of characters of all planes that follow each other. */
function readGroups(view: DataView, offset: number, ranges: [number, number][]): void {
  const count = view.getUint32(offset + 12)
  for (let i = 0; i < count; i++) {
    const at = offset + 16 + i * 12
    const [first, last, glyph] = [view.getUint32(at), view.getUint32(at + 4), view.getUint32(at + 8)]
    if (last > first || glyph) ranges.push([glyph ? first : first + 1, last])
  }
}

/** Whether a range that begins at or before the number reaches it; ranges are sorted by their beginnings. */
function contains(ranges: readonly (readonly [number, number])[], code: number): boolean {
  let [low, high] = [0, ranges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[middle]?.[0] ?? Infinity) <= code) low = middle + 1
    else high = middle
  }
  const found = ranges[low - 1]
  return found !== undefined && found[1] >= code
}
