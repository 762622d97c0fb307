import type { Context } from 'koishi'
import { attempt, refused, rollback } from '@space-assistant/core/access/outcome'
import { hashCode, makeCode, readBindingCode } from './secret'
import { CodeGuesses } from './guesses'
import type { ChatLinks } from './links'
import type { Outcome } from '@space-assistant/core/access/outcome'
import type { ChatRef } from './speaker'
import type { BindCode, BindRequest } from './table'
import { present } from '@space-assistant/core/text/present'

type Database = Context['database']

/** What a code is for. */
export type Purpose = Pick<BindCode, 'kind' | 'account' | 'town' | 'label'> & Partial<ChatRef>

/** What came of a code; a link's `owner` is the chat that it was issued to. */
export type RedeemedCode = Purpose & { owner?: ChatRef }

const openRequestsPerPerson = 3
const manyGuesses = 100
const requestDays = 30

/** Codes, requests and links in the database: what is written together is written together. No question of rights here. */
export class Bindings {
  private readonly guesses: CodeGuesses
  /** One after the other: hashing is slow, and a group's line may hold many. */
  private voiding: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly ctx: Context,
    private readonly links: ChatLinks,
  ) {
    this.guesses = new CodeGuesses(manyGuesses, () => ctx.emit('space/codes-guessed'))
  }

  /** Issues codes for several purposes; earlier open codes of the same accounts are void from now on. */
  async issue(purposes: readonly Purpose[], expiresAt: Date): Promise<string[]> {
    const codes = purposes.map(() => makeCode())
    const hashes = await Promise.all(codes.map(hashCode))
    const createdAt = new Date()
    await this.transact(async (db) => {
      const accounts = purposes.flatMap((purpose) => (purpose.kind === 'account' ? [purpose.account] : []))
      if (accounts.length) {
        await db.set(
          'space_bind_code',
          { kind: 'account', account: accounts, state: 'open' },
          { state: 'void' },
        )
      }
      for (const { kind, platform = '', selfId = '', userId = '' } of purposes) {
        if (kind !== 'link') continue
        const same = { kind, platform, selfId, userId, state: 'open' } as const
        await db.set('space_bind_code', same, { state: 'void' })
      }
      for (const [i, purpose] of purposes.entries()) {
        const hash = present(hashes[i], 'the hash of a code')
        await db.create('space_bind_code', { ...purpose, hash, createdAt, expiresAt })
      }
    })
    return codes
  }

  /** Uses a code once: of two people at once, one succeeds. In a group, `place`, only a link's. */
  async redeem(who: ChatRef, text: string, place = ''): Promise<Outcome<RedeemedCode>> {
    const code = readBindingCode(text)
    if (code === undefined) return refused('code-malformed')
    const minutes = await this.guesses.take(keyOf(who))
    if (minutes > 0) return refused('too-many-guesses', { minutes })
    const hash = await hashCode(code)
    const outcome = await attempt(() =>
      this.transact(async (db) => {
        const [row] = await db.get('space_bind_code', { hash, state: 'open' })
        const now = new Date()
        if (row?.kind === 'link' && row.expiresAt <= now) rollback('link-expired')
        if (!row || row.expiresAt <= now) rollback('code-unknown')
        if (place && row.kind !== 'link') rollback('code-not-in-group')
        const claimed = await db.set(
          'space_bind_code',
          { hash, state: 'open' },
          { state: 'used', usedAt: now },
        )
        if (!claimed.matched) rollback('code-unknown')
        return this.take(db, who, { row, place })
      }),
    )
    if (!outcome.ok && outcome.code === 'code-unknown') await this.guesses.noteWrong()
    else await this.guesses.giveBack(keyOf(who))
    return outcome
  }

  /** What a code stands for becomes so. */
  private async take(
    db: Database,
    who: ChatRef,
    { row, place }: { row: BindCode; place: string },
  ): Promise<RedeemedCode> {
    const purpose = { kind: row.kind, account: row.account, town: row.town, label: row.label }
    if (row.kind === 'account') await this.link(db, who, row.account)
    else if (row.kind !== 'link') await this.grant(db, who, row)
    else {
      const owner = { platform: row.platform, selfId: row.selfId, userId: row.userId }
      await this.links.join(db, who, owner, place)
      const [bound] = await db.get('space_person_link', { ...owner })
      const [own] = await db.get('space_person_link', { ...who })
      // A private chat can be written to, so it is the member's as the first one is; a group's id cannot.
      if (!place && bound && !own) await this.link(db, who, bound.account)
      return { ...purpose, account: bound?.account ?? '', owner }
    }
    return purpose
  }

  /** Whether the one code in a text is an open link's: the only kind that may be read by others. */
  async isLink(text: string): Promise<boolean> {
    const code = readBindingCode(text)
    if (code === undefined) return false
    const hash = await hashCode(code)
    const [row] = await this.ctx.database.get('space_bind_code', { hash, kind: 'link', state: 'open' })
    return row !== undefined
  }

  /** Makes codes useless that others have read; how many of them still worked. */
  voidAll(codes: readonly string[]): Promise<number> {
    const voided = this.voiding.then(async () => {
      const [any] = await this.ctx.database.get('space_bind_code', { state: 'open' }, { limit: 1 })
      if (!any) return 0
      const hash: string[] = []
      for (const code of codes) hash.push(await hashCode(code))
      const { matched } = await this.ctx.database.set(
        'space_bind_code',
        { hash, state: 'open', expiresAt: { $gt: new Date() } },
        { state: 'void' },
      )
      return matched ?? 0
    })
    this.voiding = voided.catch(() => undefined)
    return voided
  }

  /** Asks to be taken for a member; asking again opens the same request again. */
  async ask(who: ChatRef, account: string, channelId: string): Promise<Outcome<number>> {
    return attempt(() =>
      this.transact(async (db) => {
        const [link] = await db.get('space_person_link', { ...who })
        if (link) rollback(link.account === account ? 'already-yours' : 'already-bound')
        const mine = await db.get('space_bind_request', { ...who })
        const same = mine.find((request) => request.account === account)
        if (same && isRequestOpen(same)) return same.id
        const open = mine.filter(isRequestOpen)
        if (open.length >= openRequestsPerPerson) rollback('too-many-requests', { count: open.length })
        const fresh = { channelId, state: 'open', createdAt: new Date(), decidedAt: null } as const
        if (same) {
          await db.set('space_bind_request', same.id, fresh)
          return same.id
        }
        return (await db.create('space_bind_request', { ...who, account, ...fresh })).id
      }),
    )
  }

  /** Decides a request once: of two people at once, one succeeds and the other is told so. */
  async decide(id: number, verdict: 'confirmed' | 'refused'): Promise<Outcome<BindRequest>> {
    return attempt(() =>
      this.transact(async (db) => {
        const [request] = await db.get('space_bind_request', { id })
        if (!request) rollback('no-such-request', { id })
        const change = { state: verdict, decidedAt: new Date() }
        const claimed = await db.set('space_bind_request', { id, state: 'open' }, change)
        if (!claimed.matched) rollback('already-decided', { id })
        const { platform, selfId, userId, account } = request
        if (verdict === 'confirmed') await this.link(db, { platform, selfId, userId }, account)
        return { ...request, ...change }
      }),
    )
  }

  async request(id: number): Promise<BindRequest | undefined> {
    const [request] = await this.ctx.database.get('space_bind_request', { id })
    return request
  }

  async openRequests(): Promise<BindRequest[]> {
    const open = await this.ctx.database.get('space_bind_request', { state: 'open' })
    return open.filter(isRequestOpen).sort((a, b) => a.id - b.id)
  }

  /** Writes a link; the one that the chat account has already is an obstacle unless it is the same. */
  async link(db: Database, who: ChatRef, account: string): Promise<void> {
    const [link] = await db.get('space_person_link', { ...who })
    if (link) rollback(link.account === account ? 'already-yours' : 'already-bound')
    await db.create('space_person_link', { ...who, account, boundAt: new Date() })
  }

  private async grant(db: Database, who: ChatRef, row: BindCode): Promise<void> {
    if (row.kind === 'account' || row.kind === 'link') return
    const { kind, town, label, account } = row
    const [known] = await db.get('space_grant', { kind, account, ...who, town })
    if (!known) await db.create('space_grant', { kind, account, ...who, town, label, createdAt: new Date() })
  }

  /** `database.withTransaction` hands nothing back. */
  async transact<T>(run: (db: Database) => Promise<T>): Promise<T> {
    let result: { value: T } | undefined
    await this.ctx.database.withTransaction(async (db) => {
      result = { value: await run(db) }
    })
    return present(result, 'the result of a transaction').value
  }
}

export const keyOf = (who: ChatRef) => `${who.platform}:${who.selfId}:${who.userId}`

/** Whether a request still waits and is not too old. */
export const isRequestOpen = ({ state, createdAt }: BindRequest) =>
  state === 'open' && Date.now() - createdAt.getTime() <= requestDays * 86_400_000
