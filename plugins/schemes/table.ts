import type { Context } from 'koishi'

/** Rules that were put in force: the text of a scheme file as it was then. The highest number of a scheme counts. */
export interface AdoptionRow {
  /** Id of the scheme, a file name of config/schemes without its extension. */
  scheme: string
  number: number
  sha256: string
  text: string
  /** Who adopted it: a roster account, or how the caller names itself; empty for what was found at the first start. */
  by: string
  at: Date
}

declare module 'koishi' {
  interface Tables {
    space_scheme_adoption: AdoptionRow
  }
}

/** Far above any scheme file; both databases hold it. */
const LONGEST_TEXT = 1_000_000

export function defineAdoptionTable(ctx: Context): void {
  ctx.model.extend(
    'space_scheme_adoption',
    {
      scheme: 'string(64)',
      number: 'unsigned',
      sha256: 'string(64)',
      text: { type: 'text', length: LONGEST_TEXT },
      by: 'string(64)',
      at: 'timestamp',
    },
    { primary: ['scheme', 'number'] },
  )
}
