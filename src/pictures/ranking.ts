import { INNER_WIDTH, PICTURE_MARGIN, layOutPicture, noteSection, textSizes } from './sheet'
import type { PictureHeading, PictureSection } from './sheet'
import { pictureColours, rectShape, textShape, textWidth } from './shape'
import type { Picture, PictureShape } from './shape'

/** One row of a ranking as it may be shown: names are masked before. */
export interface RankedRow {
  rank: number
  name: string
  /** Stands small behind the name, such as the school of a person. */
  more?: string
  score: number
  /** Places won (positive) or lost since the time that the heading names; undefined where there is no comparison. */
  change?: number | undefined
  /** The reader's own, or the own school's. */
  own?: boolean
}

export interface RankingTable {
  columns: { rank: string; name: string; score: string; change: string }
  rows: readonly RankedRow[]
  /** Marks the own row. */
  ownLabel: string
  /** Stands between rows that are not neighbours. */
  gapLabel: string
}

export interface RankingContent extends PictureHeading {
  table: RankingTable
  notes: readonly string[]
}

/** More rows nobody reads on a phone. */
export const RANKING_ROWS = 30

/**
 * Which positions (from 0) of a list of that size are shown: the first thirty, or, where the own one lies behind them,
 * the first ones and the own with a neighbour on each side.
 */
export function rankingPositions(size: number, own: number | undefined, most = RANKING_ROWS): number[] {
  const all = Array.from({ length: Math.min(size, most) }, (_, i) => i)
  if (own === undefined || own < all.length || own >= size) return all
  const around = [own - 1, own, own + 1].filter((position) => position < size)
  const first = all.slice(0, most - around.length)
  return [...first, ...around.filter((position) => position >= first.length)]
}

/** A ranking as a picture. */
export function rankingPicture({ table, notes, ...heading }: RankingContent): Picture {
  return layOutPicture(heading, [rankingSection(table), noteSection(notes)])
}

const ROW = 92
const HEAD = 84
const right = PICTURE_MARGIN + INNER_WIDTH
const columnsAt = {
  rank: PICTURE_MARGIN + 76,
  name: PICTURE_MARGIN + 150,
  score: right - 210,
  change: right - 24,
}

/** The rows of a ranking below its column names. */
export function rankingSection({ columns, rows, ownLabel, gapLabel }: RankingTable): PictureSection {
  return (y) => {
    const withChange = rows.some(({ change }) => change !== undefined)
    const score = withChange ? columnsAt.score : right - 24
    const most = Math.max(...rows.map((row) => row.score), 0)
    const figures = alignedFigures(rows.map((row) => row.score))
    const shapes = headRow(columns, { y, score, withChange })
    let top = y + HEAD
    for (const [i, row] of rows.entries()) {
      const previous = rows[i - 1]
      if (previous && isGap(previous, row, rows)) {
        shapes.push(...gapShapes(gapLabel, top))
        top += 64
      }
      const share = most > 0 ? row.score / most : 0
      shapes.push(
        ...rowShapes(row, { top, score, share, text: figures[i] ?? '', ownLabel, odd: i % 2 === 1 }),
      )
      top += ROW
    }
    return { shapes, height: top - y }
  }
}

/** Whether rows are missing between two: places may be shared by as many rows as the next place is away. */
function isGap(previous: RankedRow, row: RankedRow, rows: readonly RankedRow[]): boolean {
  const tied = rows.filter(({ rank }) => rank === previous.rank).length
  return row.rank > previous.rank + tied
}

/** Scores with the same number of decimals, two at most, so that their points stand below each other. */
export function alignedFigures(values: readonly number[]): string[] {
  const rounded = values.map((value) => Math.round(value * 100) / 100)
  const decimals = Math.max(0, ...rounded.map((value) => (String(value).split('.')[1] ?? '').length))
  return rounded.map((value) => value.toFixed(decimals))
}

/** Places won or lost as a triangle and a number. */
export function changeText(change: number | undefined): string {
  if (change === undefined) return ''
  if (change === 0) return '\u2014'
  return `${change > 0 ? '\u25b2' : '\u25bc'} ${Math.abs(change)}`
}

function headRow(
  columns: RankingTable['columns'],
  { y, score, withChange }: { y: number; score: number; withChange: boolean },
): PictureShape[] {
  const base = y + 58
  const style = { size: textSizes.small, fill: pictureColours.soft } as const
  return [
    textShape(columns.rank, [columnsAt.rank, base], { ...style, align: 'center' }),
    textShape(columns.name, [columnsAt.name, base], style),
    textShape(columns.score, [score, base], { ...style, align: 'right' }),
    ...(withChange
      ? [textShape(columns.change, [columnsAt.change, base], { ...style, align: 'right' })]
      : []),
    rectShape({ x: PICTURE_MARGIN, y: y + HEAD - 3, width: INNER_WIDTH, height: 3 }, pictureColours.rule),
  ]
}

interface RowPlace {
  top: number
  /** Right end of the scores. */
  score: number
  /** Of the best score, 0 to 1. */
  share: number
  text: string
  ownLabel: string
  odd: boolean
}

function rowShapes(row: RankedRow, place: RowPlace): PictureShape[] {
  const { top, score, share, text, odd } = place
  const { pale, band, accent, ink, soft, bar } = pictureColours
  const base = top + 58
  const shapes: PictureShape[] = []
  if (row.own || odd) {
    const back = { x: PICTURE_MARGIN, y: top, width: INNER_WIDTH, height: ROW }
    shapes.push(rectShape(back, row.own ? pale : band))
  }
  if (row.own) shapes.push(rectShape({ x: PICTURE_MARGIN, y: top, width: 10, height: ROW }, accent))
  const weight = row.own || row.rank <= 3 ? 'bold' : 'regular'
  const names = nameShapes(row, place, { base, weight })
  const room = score - columnsAt.name
  shapes.push(
    textShape(String(row.rank), [columnsAt.rank, base], {
      ...{ size: textSizes.body, weight, align: 'center', fill: row.rank <= 3 ? accent : ink, maxWidth: 120 },
    }),
    ...names,
    rectShape({ x: columnsAt.name, y: top + ROW - 15, width: Math.max(room * share, 4), height: 6 }, bar, 3),
    textShape(text, [score, base], { size: textSizes.body, weight, align: 'right' }),
  )
  const change = changeText(row.change)
  if (change) {
    const style = { size: textSizes.small + 2, fill: soft, align: 'right' } as const
    shapes.push(textShape(change, [columnsAt.change, base], style))
  }
  return shapes
}

/** The name, what stands behind it, and the mark of the own row, in the room before the score. */
function nameShapes(
  { name, more = '', own }: RankedRow,
  { score, text, ownLabel }: RowPlace,
  { base, weight }: { base: number; weight: 'bold' | 'regular' },
): PictureShape[] {
  const { accent, soft, onHead } = pictureColours
  const tag = own ? textWidth(ownLabel, textSizes.footer) + 36 : 0
  const free = score - textWidth(text, textSizes.body, 'bold') - 36 - columnsAt.name - (tag && tag + 16)
  const wanted = textWidth(name, textSizes.body, weight)
  const width = Math.min(
    wanted,
    more ? Math.max(free * 0.6, free - textWidth(more, textSizes.small) - 20) : free,
  )
  const shapes = [
    textShape(name, [columnsAt.name, base], { size: textSizes.body, weight, maxWidth: width + 1 }),
  ]
  let x = columnsAt.name + width + 16
  if (more) {
    const room = Math.max(free - width - 20, 60)
    const used = Math.min(textWidth(more, textSizes.small), room)
    shapes.push(textShape(more, [x, base], { size: textSizes.small, fill: soft, maxWidth: used + 1 }))
    x += used + 16
  }
  if (own) {
    shapes.push(
      rectShape({ x, y: base - 40, width: tag, height: 50 }, accent, 25),
      textShape(ownLabel, [x + tag / 2, base - 5], {
        ...{ size: textSizes.footer, fill: onHead, align: 'center' },
      }),
    )
  }
  return shapes
}

function gapShapes(label: string, top: number): PictureShape[] {
  const style = { size: textSizes.small, fill: pictureColours.faint, align: 'center' } as const
  return [textShape(label, [PICTURE_MARGIN + INNER_WIDTH / 2, top + 44], style)]
}
