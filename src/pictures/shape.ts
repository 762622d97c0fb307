/** What a picture is made of, in pixels from the upper left corner. Colours are CSS colours. */
export type PictureShape =
  | { kind: 'rect'; x: number; y: number; width: number; height: number; fill: string; radius?: number }
  /** `y` is the baseline; a text wider than `maxWidth` is squeezed by whoever paints it. */
  | {
      kind: 'text'
      x: number
      y: number
      text: string
      size: number
      fill: string
      weight: FontWeight
      align: TextAlign
      maxWidth?: number
    }
  | { kind: 'line'; points: readonly PicturePoint[]; stroke: string; width: number; dash?: readonly number[] }
  | { kind: 'area'; points: readonly PicturePoint[]; fill: string }
  | { kind: 'circle'; x: number; y: number; radius: number; fill: string; stroke?: string; width?: number }

export type FontWeight = 'regular' | 'bold'
export type TextAlign = 'left' | 'center' | 'right'
export type PicturePoint = readonly [x: number, y: number]

/** A picture before it is painted: pure, so that what it says can be read without pixels. */
export interface Picture {
  width: number
  height: number
  background: string
  shapes: readonly PictureShape[]
}

/** Neutral on purpose: red and green mean the opposite of each other to Chinese and western readers. */
export const pictureColours = {
  paper: '#ffffff',
  ink: '#1c2733',
  soft: '#566575',
  faint: '#8b98a6',
  rule: '#dde3ea',
  band: '#f5f7fa',
  head: '#17406f',
  onHead: '#ffffff',
  softOnHead: '#c8d7e8',
  accent: '#1f66b0',
  pale: '#e4eefa',
  bar: '#b9cfe8',
  mark: '#c77700',
} as const

/** Where something is drawn. */
export interface PictureBox {
  x: number
  y: number
  width: number
  height: number
}

export interface TextStyle {
  size: number
  fill?: string
  weight?: FontWeight
  align?: TextAlign
  maxWidth?: number
}

/** A text on one line; what is too wide becomes smaller, down to two thirds, and is then cut with an ellipsis. */
export function textShape(text: string, [x, y]: PicturePoint, style: TextStyle): PictureShape {
  const { fill = pictureColours.ink, weight = 'regular', align = 'left', maxWidth } = style
  const fitted = maxWidth === undefined ? { text, size: style.size } : fitText(text, maxWidth, style)
  const limit = maxWidth === undefined ? {} : { maxWidth }
  return { kind: 'text', x, y, ...fitted, fill, weight, align, ...limit }
}

/** A rectangle over the whole box. */
export function rectShape(box: PictureBox, fill: string, radius = 0): PictureShape {
  return { kind: 'rect', ...box, fill, ...(radius && { radius }) }
}

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })
const SMALLEST = 2 / 3
const ELLIPSIS = '\u2026'

/** The text and the size in which it fits into the width. */
export function fitText(
  text: string,
  maxWidth: number,
  { size, weight = 'regular' }: Pick<TextStyle, 'size' | 'weight'>,
): { text: string; size: number } {
  const width = textWidth(text, size, weight)
  if (width <= maxWidth) return { text, size }
  const smaller = Math.floor((size * maxWidth) / width)
  const least = Math.ceil(size * SMALLEST)
  if (smaller >= least) return { text, size: smaller }
  const parts = [...graphemes.segment(text)].map(({ segment }) => segment)
  while (parts.length && textWidth(parts.join('') + ELLIPSIS, least, weight) > maxWidth) parts.pop()
  return { text: parts.join('') + ELLIPSIS, size: least }
}

/** Cuts a text into lines of at most that width; Latin words and numbers stay whole where they fit a line. */
export function wrapText(text: string, maxWidth: number, size: number): string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const piece of paragraph.match(/[\u0021-\u007e]+|./gsu) ?? []) {
      if (line && textWidth(line + piece, size) > maxWidth && !closing.test(piece)) {
        lines.push(line.trimEnd())
        line = piece.trimStart()
      } else line += piece
    }
    lines.push(line)
  }
  return lines
}

/** Never the first of a line. */
const closing = /^[\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\u201d\u2019\uff09\u300b\u3011\u3015,.;:?!)\]%]/

/** Advance widths of U+0020 to U+007E in hundredths of the size, read from the font's table. */
const advances: Record<FontWeight, readonly number[]> = {
  regular: widths(
    '22,32,47,55,55,92,68,28,34,34,47,55,28,35,28,39,55,55,55,55,55,55,55,55,55,55,28,28,55,55,55,47,95,61,66,64,69,59,55,69,73,29,53,65,54,81,72,74,63,74,63,60,60,72,57,88,57,53,60,34,39,34,55,56,61,56,62,51,62,55,32,56,61,27,27,55,28,93,61,61,62,62,39,47,38,61,52,80,50,52,47,34,27,34,55',
  ),
  bold: widths(
    '23,37,57,59,59,96,74,32,38,38,51,59,32,37,32,39,59,59,59,59,59,59,59,59,59,59,32,32,59,59,59,51,101,64,68,66,71,61,58,72,76,33,57,69,58,85,75,77,67,77,68,62,62,75,62,91,63,58,61,38,39,38,59,57,63,59,64,53,64,58,37,60,64,30,31,60,31,96,64,63,64,64,44,49,42,64,58,86,56,57,51,38,30,38,59',
  ),
}

function widths(text: string): number[] {
  return text.split(',').map(Number)
}

/** Width of a text in pixels; everything but ASCII is as wide as it is high, which holds for Chinese. */
export function textWidth(text: string, size: number, weight: FontWeight = 'regular'): number {
  const known = advances[weight]
  let hundredths = 0
  for (const one of text) hundredths += known[(one.codePointAt(0) ?? 0) - 0x20] ?? 100
  return (hundredths * size) / 100
}

/** The texts of a picture in the order in which they were laid out. */
export function pictureTexts({ shapes }: Picture): string[] {
  return shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []))
}

/** The same picture with every text changed, such as to what a font can draw. */
export function mapPictureTexts(picture: Picture, change: (text: string) => string): Picture {
  const shapes = picture.shapes.map((shape) =>
    shape.kind === 'text' ? { ...shape, text: change(shape.text) } : shape,
  )
  return { ...picture, shapes }
}
