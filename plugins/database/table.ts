import type { Context } from 'koishi'

/** Times are milliseconds since 1970. */
export interface LeaseRow {
  name: string
  owner: string
  until: number
}

/** Something that one process has taken for good: an event that arrived, a tick of a clock. */
export interface ClaimRow {
  id: string
  /** Which insertion it was: of two processes that try at once, one finds its own. */
  token: string
  at: number
}

declare module 'koishi' {
  interface Tables {
    space_lease: LeaseRow
    space_claim: ClaimRow
  }
}

export function defineLeaseTables(ctx: Context): void {
  ctx.model.extend(
    'space_lease',
    { name: 'string(190)', owner: 'string(40)', until: 'unsigned(8)' },
    { primary: 'name' },
  )
  ctx.model.extend(
    'space_claim',
    { id: 'string(190)', token: 'string(40)', at: 'unsigned(8)' },
    { primary: 'id', indexes: ['at'] },
  )
}
