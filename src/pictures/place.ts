import { rankingSection } from './ranking'
import type { RankingTable } from './ranking'
import { captionSection, layOutPicture, noteSection, tileSection } from './sheet'
import type { PictureHeading, PictureTile } from './sheet'
import type { Picture } from './shape'

/** One school's or person's place, with who is before and after. */
export interface PlaceContent extends PictureHeading {
  /** Score, place, change: three at most. */
  tiles: readonly PictureTile[]
  /** Names the table of neighbours. */
  caption: string
  /** The own row with two neighbours on each side, those with the same score as the list has them. */
  table: RankingTable
  notes: readonly string[]
}

/** The own place with its neighbours as a picture. */
export function placePicture({ tiles, caption, table, notes, ...heading }: PlaceContent): Picture {
  return layOutPicture(heading, [
    tileSection(tiles),
    captionSection(caption),
    rankingSection(table),
    noteSection(notes),
  ])
}
