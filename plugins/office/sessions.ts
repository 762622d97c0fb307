import { createHash, randomBytes } from 'node:crypto'
import { isSessionAlive, sessionIdleMs, sessionLongestMs } from '@space-assistant/core/office/login'
import type { Context } from 'koishi'
import type { ChatRef } from 'koishi-plugin-space-access'
import type { PageSessionRow } from './table'

/** How exactly it is kept when a session was last used. */
const SEEN_MS = 5 * 60_000

/** Browsers that people are signed in with, in the database: a restart signs nobody out. */
export class PageSessions {
  constructor(private readonly ctx: Context) {}

  /** Signs a browser in; the token is what it shows from now on. */
  async open(who: ChatRef, device: string): Promise<string> {
    const token = randomBytes(32).toString('base64url')
    const now = Date.now()
    const { platform, selfId, userId } = who
    await this.ctx.database.remove('space_page_session', {
      $or: [{ seen: { $lt: now - sessionIdleMs } }, { since: { $lt: now - sessionLongestMs } }],
    })
    const row = { hash: hashOf(token), platform, selfId, userId, device, since: now, seen: now }
    await this.ctx.database.create('space_page_session', row)
    return token
  }

  /** The session of a token, while it is alive. */
  async find(token: string | undefined): Promise<PageSessionRow | undefined> {
    if (!token || token.length > 100) return undefined
    const [row] = await this.ctx.database.get('space_page_session', { hash: hashOf(token) })
    const now = Date.now()
    if (!row || !isSessionAlive(row, now)) return undefined
    if (now - row.seen > SEEN_MS) await this.ctx.database.set('space_page_session', row.id, { seen: now })
    return row
  }

  /** Where somebody is signed in, the newest first. */
  async list({ platform, selfId, userId }: ChatRef): Promise<PageSessionRow[]> {
    const rows = await this.ctx.database.get('space_page_session', { platform, selfId, userId })
    const now = Date.now()
    return rows.filter((row) => isSessionAlive(row, now)).sort((a, b) => b.id - a.id)
  }

  /** Ends one of somebody's sessions; whether there was one. */
  async end({ platform, selfId, userId }: ChatRef, id: number): Promise<boolean> {
    const { removed } = await this.ctx.database.remove('space_page_session', { id, platform, selfId, userId })
    return Boolean(removed)
  }

  /** Ends all sessions of somebody; how many there were. */
  async endAll({ platform, selfId, userId }: ChatRef): Promise<number> {
    const { removed } = await this.ctx.database.remove('space_page_session', { platform, selfId, userId })
    return removed ?? 0
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
