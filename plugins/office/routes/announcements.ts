import type { Outcome } from '@space-assistant/core/access/outcome'
import type { OfficeAnswer, OfficeInput } from '@space-assistant/core/office/contract'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type { AnnouncementPreview, AnnouncementWriter, Delivery } from 'koishi-plugin-space-announcements'
import type { OfficeService } from '../office'
import type { OfficeAsker, RouteHandlers, RouteOutcome } from '../visit'
import { worded } from '../visit'
import { answered } from './answers'
import { nameOfAsker } from './asker'

type AnnouncementRoute =
  | 'announcements'
  | 'announcement-write'
  | 'announcement-revise'
  | 'announcement-adopt'
  | 'announcement-drop'
  | 'announcement-confirm'
  | 'announcement'
  | 'announcement-steer'

type Draft = OfficeAnswer<'announcement-write'>
type Line = OfficeAnswer<'announcements'>['rows'][number]

const LETTERS = 60
const instants = new Set(['at-once', 'when-confirmed'])

/** Announcements by the rules of the chat: the same service decides who writes, sends and stops them. */
export function announcementRoutes(ctx: Context, office: OfficeService): RouteHandlers<AnnouncementRoute> {
  const { announcements } = ctx
  const told = () => office.events.tell('announcements')
  const shown = (asker: OfficeAsker, found: Outcome<AnnouncementPreview>): RouteOutcome<Draft> => {
    if (!found.ok) return announcementWorded<Draft>(ctx, asker, found)
    told()
    return answered(draftOf(found.value))
  }
  return {
    async announcements(asker) {
      const found = await announcements.sent.list(asker.viewer)
      if (!found.ok) return announcementWorded(ctx, asker, found)
      const draft = await announcements.preview(asker.viewer, await writerOf(ctx, asker))
      // Drafts stand above the list or are their writers'; one that was given up has never been an announcement.
      const isOne = ({ row }: Delivery) =>
        row.state !== 'draft' && (row.state !== 'cancelled' || Number(row.confirmedAt) > 0)
      const rows = found.value.filter(isOne).map(lineOf)
      return answered({ rows, ...(draft.ok && { draft: draftOf(draft.value) }) })
    },
    async 'announcement-write'(asker, input) {
      return shown(asker, await announcements.write(asker.viewer, await writerOf(ctx, asker), input))
    },
    async 'announcement-revise'(asker, { audience, due }) {
      const changes = { ...(audience !== undefined && { audience }), ...(due && { due: dueOf(due) }) }
      return shown(asker, await announcements.revise(asker.viewer, await writerOf(ctx, asker), changes))
    },
    async 'announcement-adopt'(asker, { id }) {
      return shown(asker, await announcements.adopt(asker.viewer, await writerOf(ctx, asker), id))
    },
    async 'announcement-drop'(asker) {
      const found = await announcements.drop(asker.viewer, await writerOf(ctx, asker))
      if (!found.ok) return announcementWorded(ctx, asker, found)
      told()
      return answered({})
    },
    async 'announcement-confirm'(asker, { id }) {
      const found = await announcements.confirm(asker.viewer, await writerOf(ctx, asker), id)
      if (!found.ok) return announcementWorded(ctx, asker, found)
      told()
      return answered({ changed: found.value.changed })
    },
    async announcement(asker, { id }) {
      const found = await announcements.sent.progress(asker.viewer, id)
      if (!found.ok) return announcementWorded(ctx, asker, found)
      const standing = found.value.row.asks
        ? await announcements.answers.standing(asker.viewer, id)
        : undefined
      return answered({
        ...lineOf(found.value),
        receipts: found.value.receipts.map((receipt) => ({
          ...{ number: receipt.target.number, group: receipt.target.label },
          ...(receipt.state && { state: receipt.state }),
          what: announcements.describe(id, receipt),
        })),
        ...(standing?.ok && {
          answers: {
            answered: standing.value.answered.length,
            missing: standing.value.missing.map(({ name }) => name),
          },
        }),
      })
    },
    async 'announcement-steer'(asker, { id, what }) {
      const found = await steer(ctx, asker, id, what)
      if (!found.ok) return announcementWorded(ctx, asker, found)
      told()
      return answered({})
    },
  }
}

function announcementWorded<T>(ctx: Context, asker: OfficeAsker, outcome: RouteOutcome<T>): RouteOutcome<T> {
  return worded(ctx, asker, { outcome, from: 'space-announcements.refusal' })
}

async function writerOf(ctx: Context, asker: OfficeAsker): Promise<AnnouncementWriter> {
  return { ...asker.who, name: await nameOfAsker(ctx, asker) }
}

function dueOf(due: string): Date | 'at-once' | 'when-confirmed' {
  return instants.has(due) ? (due as 'at-once' | 'when-confirmed') : new Date(due)
}

async function steer(
  { announcements }: Context,
  { viewer }: OfficeAsker,
  id: number,
  what: OfficeInput<'announcement-steer'>['what'],
): Promise<Outcome<unknown>> {
  const { sent, answers } = announcements
  switch (what.kind) {
    case 'pause':
      return sent.pause(viewer, id)
    case 'resume':
      return sent.resume(viewer, id)
    case 'cancel':
      return sent.cancel(viewer, id)
    case 'recall':
      return sent.recall(viewer, id)
    case 'arrived':
      return sent.arrived(viewer, id)
    case 'remind':
      return answers.remind(viewer, id)
    case 'resend':
      return sent.resend(viewer, id, what.unknownToo, what.targets)
  }
}

function lineOf({ row, counts }: Delivery): Line {
  const text = h
    .unescape(row.content.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
  return {
    ...{ id: row.id, state: row.state, author: row.author, targets: row.targets, asks: Boolean(row.asks) },
    text: Array.from(text).slice(0, LETTERS).join(''),
    at: new Date(Number(row.sentAt || row.dueAt || row.createdAt)).toISOString(),
    sent: counts.sent,
    open: counts.pending + counts.leased + counts.parked,
    failed: counts.failed + counts.unknown,
  }
}

function draftOf({ row, targets, waiting, gone, due, text, platforms }: AnnouncementPreview) {
  return {
    ...{ id: row.id, text, audience: row.audience, asks: Boolean(row.asks), waiting, gone },
    ...(due && { due: due.toISOString() }),
    groups: targets.map(({ label }) => label),
    platforms: platforms.map(({ name, groups, messages }) => ({ name, groups, messages })),
  }
}
