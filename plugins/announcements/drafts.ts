import { createHash, randomUUID } from 'node:crypto'
import { refKey } from '@space-assistant/core/delivery/channel'
import { quietUntil } from '@space-assistant/core/delivery/quiet'
import type { QuietHours } from '@space-assistant/core/delivery/quiet'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-outbox'
import type {} from 'koishi-plugin-space-roster'
import { groupsOf, parseAudience } from '@space-assistant/core/delivery/audience'
import type { AudienceWords, AnnouncementTarget } from '@space-assistant/core/delivery/audience'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { platformText } from './receipt'
import type { Translate } from '@space-assistant/core/text/translate'
import type { AnnouncementStore } from './store'
import type { AnnouncementRow } from './table'

/** A draft as it would go out now. */
export interface AnnouncementDraft {
  row: AnnouncementRow
  targets: AnnouncementTarget[]
  /** Groups in which the bot may not speak first, and groups that are gone. */
  waiting: number
  gone: number
  /** Groups of a platform that nobody has set up and that nothing stands in for, by label. */
  unconfigured: string[]
  /** When it would be sent; undefined is at once. */
  due: Date | undefined
}

export interface DraftOptions {
  words: AudienceWords
  quiet: () => QuietHours
  /** Texts in the language of what is said without being asked. */
  say: Translate
}

/** Due at once, quiet hours or not. */
const AT_ONCE = 1

/** Announcements before they are confirmed. Every verb asks whether the viewer may. */
export class Drafts {
  constructor(
    private readonly ctx: Context,
    private readonly store: AnnouncementStore,
    private readonly options: DraftOptions,
  ) {}

  /** A new draft of somebody, in place of an earlier one. */
  async write(
    viewer: Viewer,
    { owner, author, content, asks = 0 }: { owner: string; author: string; content: string; asks?: number },
  ): Promise<Outcome<AnnouncementDraft>> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    const now = Date.now()
    const row = await this.store.transaction(async () => {
      const earlier = await this.store.draftOf(owner)
      if (earlier) await this.store.change(earlier.id, 'draft', { state: 'cancelled' })
      const origin = `chat/${randomUUID()}`
      return this.store.create(
        { origin, owner, author: author.slice(0, 64), state: 'draft', content, asks },
        now,
      )
    })
    return this.look(row)
  }

  /** Takes a proposal as one's own draft. */
  async adopt(
    viewer: Viewer,
    id: number,
    { owner, author }: { owner: string; author: string },
  ): Promise<Outcome<AnnouncementDraft>> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    const row = await this.store.find(id)
    const changes = { state: 'draft', owner, author: author.slice(0, 64) } as const
    if (!row || !(await this.store.change(id, 'proposed', changes))) return refused('not-proposed', { id })
    return this.look({ ...row, ...changes })
  }

  /** Changes one's draft: text, audience (in words), or when it is sent. */
  async revise(
    viewer: Viewer,
    owner: string,
    changes: { content?: string; audience?: string; due?: Date | 'at-once' | 'when-confirmed' },
  ): Promise<Outcome<AnnouncementDraft>> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    const row = await this.store.draftOf(owner)
    if (!row) return refused('no-draft')
    const { content = row.content, audience = row.audience, due } = changes
    const dueAt =
      due === undefined
        ? row.dueAt
        : due === 'at-once'
          ? AT_ONCE
          : due === 'when-confirmed'
            ? 0
            : due.getTime()
    const anytime = due === undefined ? row.anytime : Number(due !== 'when-confirmed')
    const next = { ...row, content, audience: audience.slice(0, 500), dueAt, anytime }
    const looked = await this.look(next)
    if (looked.ok)
      await this.store.change(row.id, 'draft', { content, audience: next.audience, dueAt, anytime })
    return looked
  }

  /** Somebody's own draft as it would go out now. */
  async current(viewer: Viewer, owner: string): Promise<Outcome<AnnouncementDraft>> {
    return this.revise(viewer, owner, {})
  }

  /** Of somebody's own draft. */
  async number(owner: string): Promise<number | undefined> {
    return (await this.store.draftOf(owner))?.id
  }

  /** Gives one's draft up. */
  async drop(viewer: Viewer, owner: string): Promise<Outcome<number>> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    const row = await this.store.draftOf(owner)
    const dropped = row && (await this.store.change(row.id, 'draft', { state: 'cancelled' }))
    return row && dropped ? done(row.id) : refused('no-draft')
  }

  /** The draft as it stands, and remembers which groups were counted. */
  private async look(row: AnnouncementRow): Promise<Outcome<AnnouncementDraft>> {
    const found = await this.targetsOf(row.audience)
    if (!found.ok) return found
    const targets = found.value
    const substitutes = await this.ctx.access.groups.substitutes()
    const reaches = targets.map(({ ref }) => {
      const own = this.ctx.outbox.reach(ref)
      const other = substitutes.get(refKey(ref))
      return own === 'not-configured' && other ? this.ctx.outbox.reach(other) : own
    })
    const count = (...which: string[]) => reaches.filter((each) => which.includes(each)).length
    const fingerprint = fingerprintOf(targets)
    await this.store.change(row.id, 'draft', { fingerprint, targets: targets.length })
    return done({
      row: { ...row, fingerprint, targets: targets.length },
      targets,
      waiting: count('must-mention', 'must-speak'),
      gone: count('gone'),
      unconfigured: targets.filter((_, i) => reaches[i] === 'not-configured').map(({ label }) => label),
      due: this.dueOf(row, new Date()),
    })
  }

  private async targetsOf(audience: string): Promise<Outcome<AnnouncementTarget[]>> {
    const { roster, access } = this.ctx
    const { say } = this.options
    const names = await access.groups.names(say)
    const parsed = parseAudience(audience, {
      words: this.options.words,
      schools: roster.schools(),
      findSchools: (text) => roster.findSchools(text),
      named: [...names].map(([key, name]) => ({ key, name })),
    })
    if ('unknown' in parsed) return refused('unknown-audience', { given: parsed.unknown })
    const groups = groupsOf(parsed.terms, await access.groups.list(), (code) => roster.school(code))
    if (!groups.length) return refused('empty-audience')
    return done(
      groups.map(({ platform, selfId, channelId }) => {
        const ref = { platform, selfId, channelId }
        const name = names.get(refKey(ref)) ?? ''
        const label = say('label', { name, platform: platformText(say, platform) })
        return { ref, label: Array.from(label).slice(0, 100).join('') }
      }),
    )
  }

  private dueOf({ dueAt }: AnnouncementRow, now: Date): Date | undefined {
    if (dueAt === AT_ONCE) return
    if (dueAt > now.getTime()) return new Date(dueAt)
    const until = quietUntil(this.options.quiet(), now.getTime())
    return until === undefined ? undefined : new Date(until)
  }

  /** Sends exactly what was previewed; when the groups have changed since, a new preview comes instead. */
  async confirm(
    viewer: Viewer,
    owner: string,
    id: number,
  ): Promise<Outcome<AnnouncementDraft & { changed: boolean }>> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    const row = await this.store.draftOf(owner)
    if (row?.id !== id) return refused('no-draft')
    const looked = await this.look(row)
    if (!looked.ok) return looked
    const draft = looked.value
    if (draft.row.fingerprint !== row.fingerprint) return done({ ...draft, changed: true })
    const now = Date.now()
    const dueAt = draft.due?.getTime() ?? now
    const confirmed = await this.store.transaction(async () => {
      const changes = { state: 'scheduled', dueAt, confirmedAt: now, targets: draft.targets.length } as const
      if (!(await this.store.change(row.id, 'draft', changes))) return false
      await this.store.addTargets(row.id, draft.targets)
      return true
    })
    if (!confirmed) return refused('no-draft')
    return done({ ...draft, changed: false })
  }
}

function fingerprintOf(targets: readonly AnnouncementTarget[]): string {
  const keys = targets.map(({ ref }) => refKey(ref)).sort()
  return createHash('sha256').update(keys.join('\n')).digest('hex')
}
