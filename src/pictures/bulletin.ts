import { firstOf } from '../bulletins/facts'
import type { BulletinFacts, BulletinRow } from '../bulletins/facts'
import { figure } from '../text/figure'
import { rankingSection } from './ranking'
import { captionSection, layOutPicture, noteSection, tileSection } from './sheet'
import type { PictureHeading, PictureTile } from './sheet'
import type { Picture } from './shape'

/** Labels of a bulletin's picture in the reader's language. */
export interface BulletinLabels {
  tiles: { mean: string; activity: string; activation: string; points: string; schools: string }
  columns: { rank: string; name: string; score: string; change: string }
  first: string
  /** Sentences below the table; texts with numbers are made of the same facts. */
  notes: readonly string[]
}

/** A bulletin as one picture: four numbers, the first places, and a few sentences. */
export function bulletinPicture(
  facts: BulletinFacts,
  { tiles, columns, first, notes, ...heading }: BulletinLabels & PictureHeading,
): Picture {
  const rows = firstOf(facts)
  return layOutPicture(heading, [
    tileSection(tilesOf(facts, tiles)),
    ...(rows.length
      ? [
          captionSection(first),
          rankingSection({ columns, rows: rows.map(rankedRow), ownLabel: '', gapLabel: '' }),
        ]
      : []),
    noteSection(notes),
  ])
}

function tilesOf({ numbers }: BulletinFacts, labels: BulletinLabels['tiles']): PictureTile[] {
  const tile = (label: string, value: number | null, unit: string): PictureTile[] =>
    value === null
      ? []
      : [{ label, value: unit === '%' ? `${figure(value)}%` : figure(value), unit: unit === '%' ? '' : unit }]
  return [
    ...tile(labels.schools, numbers.ranked, ''),
    ...tile(labels.mean, numbers.mean, labels.points),
    ...tile(labels.activity, numbers.activity, '%'),
    ...tile(labels.activation, numbers.activation, '%'),
  ]
}

function rankedRow({ rank, name, town, score, change }: BulletinRow) {
  return { rank: rank ?? 0, name, more: town, score: score ?? 0, ...(change !== null && { change }) }
}
