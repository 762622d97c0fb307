import { pictureColours, rectShape, textShape, textWidth, wrapText } from './shape'
import type { Picture, PictureShape } from './shape'

/** Wide enough to be sharp on a desktop, and its smallest text readable on a phone that shows it full width. */
export const PICTURE_WIDTH = 1440
/** Space left and right of everything. */
export const PICTURE_MARGIN = 64
export const INNER_WIDTH = PICTURE_WIDTH - 2 * PICTURE_MARGIN

/** Sizes of texts by what they are for. */
export const textSizes = {
  title: 64,
  subtitle: 36,
  big: 116,
  lead: 46,
  body: 42,
  small: 34,
  footer: 30,
} as const

/** What every picture says of itself. All texts come in the reader's language. */
export interface PictureHeading {
  title: string
  subtitle: string
  /** Data date, window, rule version; each may stand on a line with the next. */
  footer: readonly string[]
}

/** A part of a picture: its shapes when it begins at `y`, and how high it is. */
export type PictureSection = (y: number) => { shapes: PictureShape[]; height: number }

/** Puts sections below each other between the heading and the footer. */
export function layOutPicture(heading: PictureHeading, sections: readonly PictureSection[]): Picture {
  const shapes: PictureShape[] = []
  let y = 0
  for (const section of [headSection(heading), ...sections, footSection(heading.footer)]) {
    const part = section(y)
    shapes.push(...part.shapes)
    y += part.height
  }
  return { width: PICTURE_WIDTH, height: Math.ceil(y), background: pictureColours.paper, shapes }
}

function headSection({ title, subtitle }: PictureHeading): PictureSection {
  return (y) => {
    const height = subtitle ? 220 : 160
    const { head, onHead, softOnHead } = pictureColours
    const shapes = [
      rectShape({ x: 0, y, width: PICTURE_WIDTH, height }, head),
      textShape(title, [PICTURE_MARGIN, y + 102], {
        ...{ size: textSizes.title, fill: onHead, weight: 'bold', maxWidth: INNER_WIDTH },
      }),
    ]
    if (subtitle) {
      const style = { size: textSizes.subtitle, fill: softOnHead, maxWidth: INNER_WIDTH }
      shapes.push(textShape(subtitle, [PICTURE_MARGIN, y + 172], style))
    }
    return { shapes, height }
  }
}

const SEPARATOR = '  \u00b7  '

function footSection(parts: readonly string[]): PictureSection {
  return (y) => {
    const { rule, soft } = pictureColours
    const size = textSizes.footer
    const lines = joinParts(parts, size)
    const top = y + 28
    const shapes = [
      rectShape({ x: PICTURE_MARGIN, y: top, width: INNER_WIDTH, height: 2 }, rule),
      ...lines.map((line, i) =>
        textShape(line, [PICTURE_MARGIN, top + 54 + i * 46], { size, fill: soft, maxWidth: INNER_WIDTH }),
      ),
    ]
    return { shapes, height: 28 + 54 + (lines.length - 1) * 46 + 40 }
  }
}

function joinParts(parts: readonly string[], size: number): string[] {
  const lines: string[] = []
  for (const part of parts.filter(Boolean)) {
    const last = lines.at(-1)
    const joined = last === undefined ? part : last + SEPARATOR + part
    if (last === undefined || textWidth(joined, size) > INNER_WIDTH) lines.push(part)
    else lines[lines.length - 1] = joined
  }
  return lines
}

/** Words below a table or a chart, on as many lines as they need. */
export function noteSection(notes: readonly string[]): PictureSection {
  return (y) => {
    const size = textSizes.small
    const lines = notes.filter(Boolean).flatMap((note) => wrapText(note, INNER_WIDTH, size))
    if (!lines.length) return { shapes: [], height: 0 }
    const shapes = lines.map((line, i) =>
      textShape(line, [PICTURE_MARGIN, y + 58 + i * 52], { size, fill: pictureColours.soft }),
    )
    return { shapes, height: 24 + lines.length * 52 }
  }
}

/** The name of a part of the picture. */
export function captionSection(text: string, more = ''): PictureSection {
  return (y) => {
    const shapes = [
      rectShape({ x: PICTURE_MARGIN, y: y + 45, width: 10, height: 42 }, pictureColours.accent, 3),
      textShape(text, [PICTURE_MARGIN + 28, y + 82], { size: textSizes.lead, weight: 'bold' }),
    ]
    if (more) {
      const style = { size: textSizes.small, fill: pictureColours.soft, align: 'right' } as const
      shapes.push(textShape(more, [PICTURE_MARGIN + INNER_WIDTH, y + 80], style))
    }
    return { shapes, height: 108 }
  }
}

/** One number that is looked at first, with what it is. */
export interface PictureTile {
  label: string
  value: string
  /** Stands small behind the value. */
  unit?: string
  more?: string
}

/** Up to four numbers side by side, all of one size; as high as the longest text below a number asks for. */
export function tileSection(tiles: readonly PictureTile[]): PictureSection {
  return (y) => {
    if (!tiles.length) return { shapes: [], height: 0 }
    const gap = 28
    const width = (INNER_WIDTH - gap * (tiles.length - 1)) / tiles.length
    const inner = width - 60
    const shown = tiles.map((tile) => fittingTile(tile, inner))
    const size = Math.min(...shown.map((tile) => valueSize(tile, inner)))
    const below = shown.map(({ more = '' }) => wrapText(more, inner, textSizes.footer).filter(Boolean))
    const most = Math.min(Math.max(...below.map(({ length }) => length)), MORE_LINES)
    const height = most ? 194 + most * MORE_STEP : 176
    const shapes = shown.flatMap((tile, i) => {
      const box = { x: PICTURE_MARGIN + i * (width + gap), y: y + 40, width, height }
      return tileShapes({ ...tile, below: below[i] ?? [] }, box, size)
    })
    return { shapes, height: 40 + height }
  }
}

const LARGEST = 76
const SMALLEST = 44
const MORE_LINES = 3
const MORE_STEP = 42

/** A unit that leaves the number no room stands below it: a number is never cut. */
function fittingTile(tile: PictureTile, inner: number): PictureTile {
  const { label, value, unit = '', more = '' } = tile
  if (textWidth(value, SMALLEST, 'bold') <= inner - unitWidth(unit)) return tile
  return { label, value, more: [unit, more].filter(Boolean).join('\n') }
}

/** How large the value may be written beside its unit. */
function valueSize({ value, unit = '' }: PictureTile, inner: number): number {
  const room = inner - unitWidth(unit)
  const fitting = Math.floor((LARGEST * room) / textWidth(value, LARGEST, 'bold'))
  return Math.max(SMALLEST, Math.min(LARGEST, fitting))
}

const unitWidth = (unit: string) => (unit ? textWidth(unit, textSizes.small) + 14 : 0)

function tileShapes(
  { label, value, unit = '', below }: PictureTile & { below: readonly string[] },
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  size: number,
): PictureShape[] {
  const { band, soft, head } = pictureColours
  const [left, inner, base] = [x + 30, width - 60, y + 146]
  const room = inner - unitWidth(unit)
  const used = Math.min(textWidth(value, size, 'bold'), room)
  const shapes = [
    rectShape({ x, y, width, height }, band, 14),
    textShape(label, [left, y + 56], { size: textSizes.small, fill: soft, maxWidth: inner }),
    textShape(value, [left, base], { size, weight: 'bold', fill: head, maxWidth: room + 1 }),
  ]
  if (unit) shapes.push(textShape(unit, [left + used + 14, base], { size: textSizes.small, fill: soft }))
  const last = MORE_LINES - 1
  const lines = below.length > MORE_LINES ? [...below.slice(0, last), below.slice(last).join('')] : below
  const style = { size: textSizes.footer, fill: soft, maxWidth: inner }
  for (const [i, line] of lines.entries())
    shapes.push(textShape(line, [left, y + 204 + i * MORE_STEP], style))
  return shapes
}
