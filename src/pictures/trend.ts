import { barChart, lineChart } from './chart'
import type { ChartPoint } from './chart'
import { INNER_WIDTH, PICTURE_MARGIN, captionSection, layOutPicture, noteSection, tileSection } from './sheet'
import type { PictureHeading, PictureSection, PictureTile } from './sheet'
import type { Picture } from './shape'
import { textSizes } from './sheet'

/** The weeks of a trend at most: half a year. */
export const TREND_WEEKS = 26

/** A week of a trend: the place at its end, and what was won in it; null where the school was not ranked. */
export interface TrendWeek {
  /** The last day of it that has data, such as 5-17. */
  label: string
  rank: number | null
  points: number | null
}

export interface TrendContent extends PictureHeading {
  tiles: readonly PictureTile[]
  /** Names the two charts, and says what each point is. */
  captions: { rank: string; points: string; rankMore: string; pointsMore: string }
  weeks: readonly TrendWeek[]
  notes: readonly string[]
}

/** Places and points week by week as a picture. */
export function trendPicture({ tiles, captions, weeks, notes, ...heading }: TrendContent): Picture {
  const ranks = weeks.map(({ label, rank }) => ({
    label,
    value: rank,
    text: rank === null ? '' : String(rank),
  }))
  const points = weeks.map(({ label, points: won }) => ({
    ...{ label, value: won, text: won === null ? '' : String(Math.round(won * 100) / 100) },
  }))
  return layOutPicture(heading, [
    tileSection(tiles),
    captionSection(captions.rank, captions.rankMore),
    chartSection(ranks, 'places'),
    captionSection(captions.points, captions.pointsMore),
    chartSection(points, 'amounts'),
    noteSection(notes),
  ])
}

function chartSection(points: readonly ChartPoint[], kind: 'places' | 'amounts'): PictureSection {
  return (y) => {
    const height = 470
    const options = {
      box: { x: PICTURE_MARGIN, y, width: INNER_WIDTH, height },
      size: textSizes.footer,
    }
    const shapes =
      kind === 'places'
        ? lineChart(points, { ...options, inverted: true, whole: true })
        : barChart(points, options)
    return { shapes, height: height + 10 }
  }
}
