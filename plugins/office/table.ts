import type { Context } from 'koishi'

/** A browser that somebody is signed in with. Times are milliseconds since 1970. */
export interface PageSessionRow {
  id: number
  /** Of the token in the browser's cookie. */
  hash: string
  platform: string
  selfId: string
  userId: string
  /** What the browser says it is, shortened. */
  device: string
  since: number
  seen: number
}

/** A code that lets its owner in once. */
export interface PageCodeRow {
  hash: string
  platform: string
  selfId: string
  userId: string
  state: 'open' | 'used' | 'void'
  expiresAt: number
}

declare module 'koishi' {
  interface Tables {
    space_page_session: PageSessionRow
    space_page_code: PageCodeRow
  }
}

const chat = { platform: 'string(32)', selfId: 'string(64)', userId: 'string(128)' } as const

/** Declares the tables of this plugin; nobody else writes them. */
export function defineTables(ctx: Context): void {
  ctx.model.extend(
    'space_page_session',
    {
      id: 'unsigned(8)',
      hash: 'string(64)',
      ...chat,
      device: 'string(60)',
      since: 'unsigned(8)',
      seen: 'unsigned(8)',
    },
    { autoInc: true, unique: ['hash'], indexes: [['platform', 'selfId', 'userId']] },
  )
  ctx.model.extend(
    'space_page_code',
    { hash: 'string(64)', ...chat, state: 'string(8)', expiresAt: 'unsigned(8)' },
    { primary: 'hash', indexes: [['platform', 'selfId', 'userId']] },
  )
}
