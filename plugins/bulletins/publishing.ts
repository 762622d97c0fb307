import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { operator } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { groupsOf, parseAudience } from '@space-assistant/core/delivery/audience'
import type { AudienceWords } from '@space-assistant/core/delivery/audience'
import { refKey } from '@space-assistant/core/delivery/channel'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type { MessageState } from '@space-assistant/core/delivery/message'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-outbox'
import type { Bulletins, SeenBulletin } from './bulletins'
import type { BulletinFiles } from './files'
import type { Bulletin, BulletinStore } from './store'
import type { BulletinHead, BulletinTargetRow } from './table'

export type BulletinTarget = Omit<BulletinTargetRow, 'bulletin' | 'number'>

/** Where a bulletin stands with one group. */
export interface BulletinReceipt {
  label: string
  state: MessageState
}

export interface PublishingParts {
  store: BulletinStore
  bulletins: Bulletins
  files: BulletinFiles
  words: AudienceWords
  say: Translate
  keepDays: number
}

const DAY_MS = 86_400_000
/** What was to go out this morning is not sent this evening without being asked for again. */
const LATE_MS = 4 * 3_600_000

/** Bulletins from their approval on. */
export class Publishing {
  constructor(
    private readonly ctx: Context,
    private readonly parts: PublishingParts,
  ) {}

  /** To whom it would go, and whether it may; nothing is done. */
  async preview(
    viewer: Viewer,
    id: number,
  ): Promise<Outcome<{ bulletin: Bulletin; targets: BulletinTarget[] }>> {
    const may = this.ctx.access.check(viewer, { kind: 'bulletins' })
    if (!may.ok) return may
    const bulletin = await this.parts.store.find(id)
    if (!bulletin) return refused('no-such', { id })
    const step = await this.parts.bulletins.step(bulletin, 'publish', '')
    if (!step.ok)
      return refused(step.code, { id, ...step.params, ...(await this.count(bulletin, step.code)) })
    const targets = await this.targetsOf(bulletin.head)
    return targets.ok ? done({ bulletin, targets: targets.value }) : targets
  }

  /** Puts it into the outbox: all groups or none, once. Given the number of edits seen, another one is refused. */
  async publish(
    viewer: Viewer,
    id: number,
    { edits }: SeenBulletin = {},
  ): Promise<Outcome<{ bulletin: Bulletin; targets: BulletinTarget[] }>> {
    const looked = await this.preview(viewer, id)
    if (!looked.ok) return looked
    const { store, files } = this.parts
    const { bulletin, targets } = looked.value
    if (edits !== undefined && edits !== bulletin.head.edits) return refused('changed-meanwhile', { id })
    const now = Date.now()
    const content = await files.message({ ...bulletin, head: { ...bulletin.head, publishedAt: now } })
    if (!content.ok) return content
    const published = await store.transact(async () => {
      const { head } = bulletin
      const columns = { state: 'published', publishedAt: now, targets: targets.length } as const
      // Whatever happened since the preview shows here: another state, other words, other data.
      const step = await this.again(bulletin)
      if (!step || !(await store.change(head, { ...columns, edits: head.edits + 1 }))) return false
      const old = head.corrects ? await store.head(head.corrects) : undefined
      if (old?.state === 'published') await store.change(old, { state: 'corrected', edits: old.edits + 1 })
      await store.addTargets(id, targets)
      await this.enqueue(id, targets, content.value, now)
      return true
    })
    if (!published) return refused('changed-meanwhile', { id })
    return done({ bulletin: { ...bulletin, head: { ...bulletin.head, state: 'published' } }, targets })
  }

  /** Publishes what is due; what cannot be any more goes back to staff, who are told why. */
  async dispatch(now = Date.now()): Promise<void> {
    for (const head of await this.parts.store.due(now)) {
      if (now - head.dueAt > LATE_MS) {
        await this.giveBack(head, 'missed', 'approved')
        continue
      }
      const outcome = await this.publish(operator, head.id)
      if (!outcome.ok) await this.giveBack(head, outcome.code, 'edited', outcome.params)
    }
  }

  async progress(
    viewer: Viewer,
    id: number,
  ): Promise<Outcome<{ head: BulletinHead; receipts: BulletinReceipt[] }>> {
    const may = this.ctx.access.check(viewer, { kind: 'bulletins' })
    if (!may.ok) return may
    const head = await this.parts.store.head(id)
    if (!head?.publishedAt) return refused(head ? 'not-published' : 'no-such', { id })
    const found = await this.ctx.outbox.receipts({ batch: batchOf(id) })
    const states = new Map(found.map(({ key, state }) => [key, state]))
    const receipts = (await this.parts.store.targets(id)).map(({ number, label }) => {
      return { label, state: states.get(keyOf(id, number)) ?? 'pending' }
    })
    return done({ head, receipts })
  }

  /** Tries the groups once more that it did not reach; those of which nobody knows only when that is asked for. */
  async resend(viewer: Viewer, id: number, unknownToo: boolean): Promise<Outcome<number>> {
    const may = this.ctx.access.check(viewer, { kind: 'bulletins' })
    if (!may.ok) return may
    const head = await this.parts.store.head(id)
    if (!head?.publishedAt) return refused(head ? 'not-published' : 'no-such', { id })
    const receipts = await this.ctx.outbox.receipts({ batch: batchOf(id) })
    const open = receipts.filter(({ state }) => state === 'failed' || (unknownToo && state === 'unknown'))
    for (const { key } of open) await this.ctx.outbox.resolve(key, 'resend')
    return done(open.length)
  }

  private async again({ head }: Bulletin): Promise<boolean> {
    const fresh = await this.parts.store.find(head.id)
    return fresh?.head.edits === head.edits && (await this.parts.bulletins.step(fresh, 'publish', '')).ok
  }

  private async count(bulletin: Bulletin, code: string): Promise<{ count?: number }> {
    return code === 'data-changed'
      ? { count: (await this.parts.bulletins.changesSince(bulletin)).length }
      : {}
  }

  private async enqueue(
    id: number,
    targets: readonly BulletinTarget[],
    content: string,
    now: number,
  ): Promise<void> {
    const substitutes = await this.ctx.access.groups.substitutes()
    await this.ctx.outbox.enqueue(
      targets.map((target, index) => ({
        key: keyOf(id, index + 1),
        target: refOf(target),
        alternatives: [substitutes.get(refKey(target)) ?? []].flat(),
        ...{ kind: 'bulletin', batch: batchOf(id), content, priority: 'bulletin' },
        expiresAt: now + this.parts.keepDays * DAY_MS,
      })),
    )
  }

  private async giveBack(
    head: BulletinHead,
    code: string,
    state: 'approved' | 'edited',
    params: object = {},
  ): Promise<void> {
    const { store, say } = this.parts
    await store.transact(async () => {
      if (!(await store.change(head, { state, edits: head.edits + 1 }))) return
      const why = say(`refusal.${code}`, { ...params, id: head.id })
      const content = h.escape(say('not-sent', { id: head.id, why }))
      const chats = await this.ctx.access.staffChats()
      await this.ctx.outbox.enqueue(
        chats.map((target, index) => ({
          key: `bulletin-back/${head.id}/${head.dueAt}/${index}`,
          ...{ target, kind: 'proposal', content },
        })),
      )
    })
  }

  private async targetsOf({ audience }: BulletinHead): Promise<Outcome<BulletinTarget[]>> {
    const { roster, access } = this.ctx
    const names = await access.groups.names(this.parts.say)
    const parsed = parseAudience(audience, {
      words: this.parts.words,
      schools: roster.schools(),
      findSchools: (text) => roster.findSchools(text),
      named: [...names].map(([key, name]) => ({ key, name })),
    })
    if ('unknown' in parsed) return refused('unknown-audience', { given: parsed.unknown })
    const groups = groupsOf(parsed.terms, await access.groups.list(), (code) => roster.school(code))
    if (!groups.length) return refused('empty-audience')
    return done(
      groups.map((group) => {
        const label = Array.from(names.get(refKey(group)) ?? '').slice(0, 100)
        return { ...refOf(group), label: label.join('') }
      }),
    )
  }
}

const refOf = ({ platform, selfId, channelId }: ChannelRef): ChannelRef => ({ platform, selfId, channelId })
const batchOf = (id: number) => `bulletin/${id}`
const keyOf = (id: number, number: number) => `${batchOf(id)}/${number}`
