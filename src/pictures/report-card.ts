import { alignedFigures } from './ranking'
import {
  INNER_WIDTH,
  PICTURE_MARGIN,
  captionSection,
  layOutPicture,
  noteSection,
  textSizes,
  tileSection,
} from './sheet'
import type { PictureHeading, PictureSection, PictureTile } from './sheet'
import { pictureColours, rectShape, textShape, wrapText } from './shape'
import type { Picture, PictureShape } from './shape'

/** What an indicator brings a school, beside the mean of the district. */
export interface IndicatorBar {
  name: string
  own: number
  mean: number
}

/** Everything about one school on one sheet. */
export interface ReportCardContent extends PictureHeading {
  /** Score, place, change, activation: four at most. */
  tiles: readonly PictureTile[]
  indicators: { caption: string; own: string; mean: string; bars: readonly IndicatorBar[] }
  /** What to do next, in sentences; empty when nothing is left. */
  todo: { caption: string; lines: readonly string[] }
  notes: readonly string[]
}

/** A school's report card as a picture. */
export function reportCardPicture({
  tiles,
  indicators,
  todo,
  notes,
  ...heading
}: ReportCardContent): Picture {
  return layOutPicture(heading, [
    tileSection(tiles),
    ...(indicators.bars.length ? [captionSection(indicators.caption), barSection(indicators)] : []),
    ...(todo.lines.length ? [captionSection(todo.caption), todoSection(todo.lines)] : []),
    noteSection(notes),
  ])
}

const ROW = 88
const NAME = 330
const LEGEND = 64

function barSection({ own, mean, bars }: ReportCardContent['indicators']): PictureSection {
  return (y) => {
    const most = Math.max(...bars.flatMap((bar) => [bar.own, bar.mean]), 0) || 1
    const figures = alignedFigures(bars.map((bar) => bar.own))
    const shapes = legendShapes(own, mean, y)
    for (const [i, bar] of bars.entries()) {
      shapes.push(...barShapes(bar, { top: y + LEGEND + i * ROW, most, text: figures[i] ?? '' }))
    }
    return { shapes, height: LEGEND + bars.length * ROW + 12 }
  }
}

function legendShapes(own: string, mean: string, y: number): PictureShape[] {
  const { accent, mark, soft } = pictureColours
  const style = { size: textSizes.footer, fill: soft }
  const x = PICTURE_MARGIN + NAME
  return [
    rectShape({ x, y: y + 20, width: 44, height: 20 }, accent, 4),
    textShape(own, [x + 58, y + 41], style),
    rectShape({ x: x + 250, y: y + 12, width: 6, height: 36 }, mark),
    textShape(mean, [x + 272, y + 41], style),
  ]
}

function barShapes(
  { name, own, mean }: IndicatorBar,
  { top, most, text }: { top: number; most: number; text: string },
): PictureShape[] {
  const { accent, band, mark } = pictureColours
  const x = PICTURE_MARGIN + NAME
  const width = INNER_WIDTH - NAME - 170
  const bar = { y: top + 20, height: 44 }
  return [
    textShape(name, [PICTURE_MARGIN, top + 56], { size: textSizes.body - 4, maxWidth: NAME - 24 }),
    rectShape({ x, width, ...bar }, band, 6),
    rectShape({ x, width: own > 0 ? Math.max((width * own) / most, 4) : 0, ...bar }, accent, 6),
    rectShape({ x: x + (width * mean) / most - 3, y: top + 12, width: 6, height: 60 }, mark),
    textShape(text, [PICTURE_MARGIN + INNER_WIDTH, top + 57], {
      ...{ size: textSizes.body, weight: 'bold', align: 'right' },
    }),
  ]
}

function todoSection(lines: readonly string[]): PictureSection {
  return (y) => {
    const size = textSizes.body - 4
    const shapes: PictureShape[] = []
    let top = y
    for (const line of lines) {
      const wrapped = wrapText(line, INNER_WIDTH - 50, size)
      shapes.push({
        kind: 'circle',
        x: PICTURE_MARGIN + 14,
        y: top + 44,
        radius: 8,
        fill: pictureColours.accent,
      })
      for (const [i, part] of wrapped.entries()) {
        shapes.push(textShape(part, [PICTURE_MARGIN + 46, top + 58 + i * 58], { size }))
      }
      top += wrapped.length * 58 + 16
    }
    return { shapes, height: top - y + 16 }
  }
}
