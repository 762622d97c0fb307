import { pickNamed } from '@space-assistant/core/delivery/named'
import { refKey } from '@space-assistant/core/delivery/channel'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-outbox'
import { deliveryOf, recallableOf } from './delivery'
import type { Delivery, RecallableDelivery, TargetReceipt, UnsettledTargets } from './delivery'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { words } from './command'
import { letterhead } from './preview'
import { timeText } from './receipt'
import type { Translate } from '@space-assistant/core/text/translate'
import type { AnnouncementStore } from './store'
import type { AnnouncementRow, AnnouncementTargetRow } from './table'

const DAY_MS = 86_400_000
const mentionOnly = new Set(['qq', 'wecom'])
/** Whoever wanted it this morning may not want it this evening. */
const LATE_MS = 4 * 3_600_000

/** Announcements from their confirmation on. Every verb of staff asks whether the viewer may. */
export class Announcements {
  constructor(
    private readonly ctx: Context,
    private readonly store: AnnouncementStore,
    private readonly options: { keepDays: number; say: Translate },
  ) {}

  /** Puts what is due into the outbox; of several processes one does. */
  async dispatch(now = Date.now()): Promise<void> {
    for (const row of await this.store.due(now)) {
      if (now - row.dueAt > LATE_MS) {
        await this.missed(row)
        continue
      }
      await this.store.transaction(async () => {
        if (!(await this.store.change(row.id, 'scheduled', { state: 'sending', sentAt: now }))) return
        const targets = await this.store.targets(row.id)
        const substitutes = await this.ctx.access.groups.substitutes()
        await this.ctx.outbox.enqueue(
          targets.map(({ number, platform, selfId, channelId }) => ({
            key: `${announcementBatch(row.id)}/${number}`,
            target: { platform, selfId, channelId },
            alternatives: [substitutes.get(refKey({ platform, selfId, channelId })) ?? []].flat(),
            kind: 'announcement',
            batch: announcementBatch(row.id),
            content: letterhead(this.options.say, this.contentFor(row, platform)),
            priority: 'announcement',
            anytime: Boolean(row.anytime),
            expiresAt: now + this.options.keepDays * DAY_MS,
          })),
        )
      })
    }
  }

  /** Where the bot hears mentions only, an answer needs one. */
  private contentFor({ content, asks }: AnnouncementRow, platform: string): string {
    const { say } = this.options
    if (!asks || !mentionOnly.has(platform)) return content
    return content.replace(h.escape(say('acknowledge.ask')), h.escape(say('acknowledge.ask-mention')))
  }

  /** Nobody ran when it was due, and that is long ago: staff decide. */
  private async missed(row: AnnouncementRow): Promise<void> {
    await this.store.transaction(async () => {
      if (!(await this.store.change(row.id, 'scheduled', { state: 'paused' }))) return
      const content = h.escape(
        this.options.say('missed', { id: row.id, time: timeText(new Date(row.dueAt)) }),
      )
      const staff = await this.ctx.access.staffChats()
      await this.ctx.outbox.enqueue(
        staff.map((target, index) => ({
          key: `announcement-missed/${row.id}/${row.dueAt}/${index}`,
          ...{ target, kind: 'proposal', content },
        })),
      )
    })
  }

  /** Nothing more of it goes out until it is resumed. */
  async pause(viewer: Viewer, id: number): Promise<Outcome<Delivery>> {
    return this.with(viewer, id, (row) =>
      this.shift(row, { from: ['scheduled', 'sending'], to: 'paused', code: 'not-running' }),
    )
  }

  async cancel(viewer: Viewer, id: number): Promise<Outcome<Delivery>> {
    const from = ['proposed', 'draft', 'scheduled', 'sending', 'paused'] as const
    return this.with(viewer, id, (row) => this.shift(row, { from, to: 'cancelled', code: 'not-running' }))
  }

  private async shift(
    row: AnnouncementRow,
    {
      from,
      to,
      code,
    }: { from: readonly AnnouncementRow['state'][]; to: 'paused' | 'cancelled'; code: string },
  ): Promise<Outcome<Delivery>> {
    const changed = await this.store.transaction(async () => {
      if (!(await this.store.change(row.id, from, { state: to }))) return false
      await this.ctx.outbox.cancel({ batch: announcementBatch(row.id) })
      return true
    })
    return changed ? this.delivery({ ...row, state: to }) : refused(code, { id: row.id })
  }

  async resume(viewer: Viewer, id: number): Promise<Outcome<Delivery>> {
    return this.with(viewer, id, async (row) => {
      const state = row.sentAt ? 'sending' : 'scheduled'
      const changed = await this.store.transaction(async () => {
        const dueAt = Math.max(row.dueAt, Date.now())
        if (!(await this.store.change(row.id, 'paused', row.sentAt ? { state } : { state, dueAt })))
          return false
        if (row.sentAt) await this.ctx.outbox.resume({ batch: announcementBatch(row.id) })
        return true
      })
      if (!changed) return refused('not-paused', { id })
      await this.dispatch()
      return this.delivery({ ...row, state })
    })
  }

  /** Tries those that failed once more, or only the targets named; those of which nobody knows only when asked to. */
  async resend(
    viewer: Viewer,
    id: number,
    unknownToo: boolean,
    targets?: readonly number[],
  ): Promise<Outcome<{ count: number; delivery: Delivery }>> {
    return this.with(viewer, id, async (row) => {
      if (row.state !== 'sending') return refused('not-sending', { id })
      const count = await this.again(
        id,
        ({ key, state, reason }) =>
          (!targets || targets.some((number) => key === `${announcementBatch(id)}/${number}`)) &&
          ((state === 'failed' && reason !== 'cancelled') || (unknownToo && state === 'unknown')),
      )
      const delivery = await this.delivery(row)
      return delivery.ok ? done({ count, delivery: delivery.value }) : delivery
    })
  }

  /** The same of those that a list of names picks out. */
  async resendNamed(
    viewer: Viewer,
    id: number,
    names: string | undefined,
  ): Promise<Outcome<{ count: number; delivery: Delivery }>> {
    if (names === undefined) return this.resend(viewer, id, false)
    return this.with(viewer, id, async (row) => {
      const { receipts } = await deliveryOf(this.ctx, this.store, row)
      const chosen = this.chosen(receipts.filter(isRefused), names)
      if (!chosen.ok) return chosen
      const numbers = chosen.value.map(({ target }) => target.number)
      return this.resend(viewer, id, false, numbers)
    })
  }

  /** Staff have seen that those of which nobody knew did arrive. */
  async arrived(viewer: Viewer, id: number): Promise<Outcome<number>> {
    return this.with(viewer, id, async () => {
      const receipts = await this.ctx.outbox.receipts({ batch: announcementBatch(id) })
      const open = receipts.filter(({ state }) => state === 'unknown')
      for (const { key } of open) await this.ctx.outbox.resolve(key, 'arrived')
      return done(open.length)
    })
  }

  /** The targets of which nobody knows, before staff say what became of them; all, or those named. */
  async unsettled(
    viewer: Viewer,
    id: number,
    { what, names }: { what: 'arrived' | 'resend'; names: string | undefined },
  ): Promise<Outcome<UnsettledTargets>> {
    return this.with(viewer, id, async (row) => {
      if (what === 'resend' && row.state !== 'sending') return refused('not-sending', { id })
      const { receipts } = await deliveryOf(this.ctx, this.store, row)
      const open = receipts.filter(
        (receipt) => receipt.state === 'unknown' || (what === 'resend' && isRefused(receipt)),
      )
      const chosen = this.chosen(open, names)
      return chosen.ok ? done({ id, what, receipts: chosen.value }) : chosen
    })
  }

  /** Staff have seen what became of them: they did arrive, or are sent again in a minute. */
  async settle(viewer: Viewer, { id, what, receipts }: UnsettledTargets): Promise<Outcome<number>> {
    return this.with(viewer, id, async () => {
      const how = what === 'resend' ? 'resend-later' : what
      let count = 0
      for (const { target } of receipts) {
        if (await this.ctx.outbox.resolve(keyOfTarget(target), how)) count++
      }
      return done(count)
    })
  }

  /** Within a minute staff may say that they were wrong. */
  async undo(viewer: Viewer, id: number): Promise<Outcome<number>> {
    return this.with(viewer, id, async () =>
      done(await this.ctx.outbox.reconsider({ batch: announcementBatch(id) })),
    )
  }

  private chosen(receipts: TargetReceipt[], names: string | undefined): Outcome<TargetReceipt[]> {
    if (names === undefined) return done(receipts)
    const named = receipts.map((receipt) => ({ receipt, label: receipt.target.label }))
    const found = pickNamed(named, names, words.separators)
    if ('unknown' in found) return refused('no-such-group', { given: found.unknown })
    return done(found.picked.map(({ receipt }) => receipt))
  }

  /** What taking it back would come to; nothing is done. */
  async recallable(viewer: Viewer, id: number): Promise<Outcome<RecallableDelivery>> {
    return this.with(viewer, id, async (row) => {
      if (!row.sentAt) return refused('not-sent', { id })
      return done(recallableOf(await deliveryOf(this.ctx, this.store, row)))
    })
  }

  /** Takes back what has arrived, where the platform can; what has not arrived yet is not sent any more. */
  async recall(viewer: Viewer, id: number): Promise<Outcome<Delivery>> {
    return this.with(viewer, id, async (row) => {
      if (!row.sentAt) return refused('not-sent', { id })
      await this.store.transaction(async () => {
        await this.store.change(id, ['sending', 'paused'], { state: 'cancelled' })
        await this.ctx.outbox.recall({ batch: announcementBatch(id) })
      })
      return this.delivery({ ...row, state: 'cancelled' })
    })
  }

  /** What became of it, target by target. */
  async progress(viewer: Viewer, id?: number): Promise<Outcome<Delivery>> {
    const [newest] = id === undefined ? await this.store.recent(1) : []
    return this.with(viewer, id ?? newest?.id ?? 0, (row) => this.delivery(row))
  }

  async list(viewer: Viewer): Promise<Outcome<Delivery[]>> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    const rows = await this.store.recent(8)
    return done(await Promise.all(rows.map((row) => deliveryOf(this.ctx, this.store, row))))
  }

  private async delivery(row: AnnouncementRow): Promise<Outcome<Delivery>> {
    return done(await deliveryOf(this.ctx, this.store, row))
  }

  private async again(
    id: number,
    which: (receipt: { key: string; state: string; reason: string }) => boolean,
  ): Promise<number> {
    const receipts = (await this.ctx.outbox.receipts({ batch: announcementBatch(id) })).filter(which)
    for (const { key } of receipts) await this.ctx.outbox.resolve(key, 'resend')
    return receipts.length
  }

  private async with<T>(
    viewer: Viewer,
    id: number,
    act: (row: AnnouncementRow) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    const row = await this.store.find(id)
    return row ? act(row) : refused('no-such', { id })
  }
}

const isRefused = ({ state, reason }: TargetReceipt) => state === 'failed' && reason !== 'cancelled'

const keyOfTarget = ({ announcement, number }: AnnouncementTargetRow) =>
  `${announcementBatch(announcement)}/${number}`

export const announcementBatch = (id: number) => `announcement/${id}`
