import type { Context } from 'koishi'

/** A file that staff have given for everybody: a notice, criteria, training. The file lies under its hash. */
export interface MaterialRow {
  id: number
  title: string
  /** Name of the phase that it belongs to: the one that a word of its title names, or that of its upload; empty outside of all. */
  phase: string
  file: string
  ending: string
  bytes: number
  by: string
  at: Date
}

declare module 'koishi' {
  interface Tables {
    space_material: MaterialRow
  }
}

export function defineMaterialTable(ctx: Context): void {
  ctx.model.extend(
    'space_material',
    {
      ...{
        id: 'unsigned',
        title: 'string(100)',
        phase: 'string(60)',
        file: 'string(64)',
        ending: 'string(8)',
      },
      ...{ bytes: 'unsigned', by: 'string(64)', at: 'timestamp' },
    },
    { autoInc: true },
  )
}
