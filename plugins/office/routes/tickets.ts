import { decideAccess } from '@space-assistant/core/access/visibility'
import { maskName } from '@space-assistant/core/access/masking'
import type { OfficeAnswer, OfficeInput } from '@space-assistant/core/office/contract'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-tickets'
import type { Look, Origin, TicketCommand, TicketRow } from 'koishi-plugin-space-tickets'
import type { OfficeAsker, RouteHandlers, RouteOutcome } from '../visit'
import { worded } from '../visit'
import { answered } from './answers'

type TicketRoute = 'tickets' | 'ticket' | 'ticket-report' | 'ticket-step'
type Line = OfficeAnswer<'tickets'>['rows'][number]

const CLOSED_DAYS = 30
const LISTED = 200

/** Issue reports by the rules of the chat: the same service decides who sees and does what. */
export function ticketRoutes(ctx: Context): RouteHandlers<TicketRoute> {
  const from = 'space-tickets.refusal'
  return {
    async tickets(asker, { whose }) {
      const { tickets } = ctx
      const rows = await rowsOf(ctx, asker, whose)
      if (!rows.ok) return rows
      const { categories, reasons } = tickets.rules
      return answered({
        rows: rows.value.slice(0, LISTED).map((row) => lineOf(ctx, asker, row)),
        categories: categories.map(({ id, name }) => ({ id, name })),
        reasons: reasons.map(({ id, name }) => ({ id, name })),
      })
    },
    async ticket(asker, { number }) {
      const found = await ctx.tickets.look(number, askerOf(ctx, asker))
      if (!found.ok) return worded(ctx, asker, { outcome: found, from })
      return answered(ticketOf(ctx, asker, found.value))
    },
    async 'ticket-report'(asker, { text }) {
      const { viewer } = asker
      const filed = await ctx.tickets.report({ origin: personOf(ctx, asker), viewer, text, files: [] })
      if (!filed.ok) return worded(ctx, asker, { outcome: filed, from })
      const { number, category } = filed.value
      return answered({ number, category: categoryName(ctx, category) })
    },
    async 'ticket-step'(asker, { number, version, step }) {
      const doer = askerOf(ctx, asker)
      const outcome =
        step.kind === 'merge'
          ? await ctx.tickets.merge(number, step.into, doer)
          : await ctx.tickets.act(number, commandOf(step), doer, version)
      if (!outcome.ok) return worded(ctx, asker, { outcome, from })
      ctx.office.events.tell('tickets')
      return answered({ state: outcome.value.ticket.state })
    },
  }
}

async function rowsOf(
  ctx: Context,
  asker: OfficeAsker,
  whose: 'mine' | 'open',
): Promise<RouteOutcome<TicketRow[]>> {
  if (whose === 'open') return ctx.tickets.queue(askerOf(ctx, asker))
  const since = new Date(Date.now() - CLOSED_DAYS * 86_400_000)
  return answered(await ctx.tickets.mine(askerOf(ctx, asker), since))
}

function commandOf(step: Exclude<OfficeInput<'ticket-step'>['step'], { kind: 'merge' }>): TicketCommand {
  switch (step.kind) {
    case 'resolve':
    case 'reopen': {
      const { text, ...rest } = step
      return { ...rest, ...(text && { text }) }
    }
    default:
      return step
  }
}

/** Who asks, as the tickets know people: answers go to the private chat with the bot. */
export function personOf({ roster }: Context, { who, viewer }: OfficeAsker): Origin {
  const member = viewer.account === undefined ? undefined : roster.member(viewer.account)
  return {
    ...who,
    channelId: `private:${who.userId}`,
    isDirect: true,
    messageId: '',
    name: member?.name ?? '',
  }
}

function askerOf(ctx: Context, asker: OfficeAsker) {
  return { origin: personOf(ctx, asker), viewer: asker.viewer }
}

function categoryName({ tickets }: Context, id: string): string {
  return tickets.rules.categories.find((category) => category.id === id)?.name ?? id
}

function lineOf(ctx: Context, { locale }: OfficeAsker, row: TicketRow): Line {
  return {
    number: row.number,
    state: row.state,
    stateText: h.unescape(ctx.i18n.text([locale], [`space-tickets.state.${row.state}`], {})),
    urgent: row.urgency === 'high',
    category: categoryName(ctx, row.category),
    title: row.title,
    school: ctx.roster.school(row.school)?.name ?? '',
    reportedAt: row.reportedAt.toISOString(),
  }
}

function ticketOf(ctx: Context, asker: OfficeAsker, look: Look): OfficeAnswer<'ticket'> {
  const say = (key: string, params: object = {}) =>
    h.unescape(ctx.i18n.text([asker.locale], [`space-tickets.${key}`], params))
  const support = decideAccess(asker.viewer, { kind: 'tickets' }).allowed
  return {
    ...lineOf(ctx, asker, look.row),
    version: look.row.version,
    who: look.people.map(({ name, account, school }) => {
      const full = ctx.roster.member(account)?.name ?? name
      // Who joined somebody else's report does not learn who reported it.
      const shown = support || look.whole ? full : maskName(full)
      return [ctx.roster.school(school)?.name, shown].filter(Boolean).join(' ')
    }),
    helper: look.helper,
    own: look.own,
    support,
    steps: look.events.map(({ at, byKind, kind, text, detail }) => ({
      at: at.toISOString(),
      by: say(`by.${byKind}`),
      what: say(`event.${kind}`, { detail: detailOf(ctx, say, { kind, detail }) }),
      text,
    })),
    files: look.files.map(({ name, size }) => ({ name, size })),
    likes: support ? look.likes.map(({ other, percent }) => ({ number: other, percent })) : [],
  }
}

function detailOf(
  ctx: Context,
  say: (key: string) => string,
  { kind, detail }: { kind: string; detail: string },
): string {
  if (kind === 'report' || kind === 'change-category') return categoryName(ctx, detail)
  if (kind === 'change-urgency') return say(`urgency.${detail}`)
  if (kind === 'hand-on') return ''
  if (kind !== 'resolve') return detail
  return ctx.tickets.rules.reasons.find(({ id }) => id === detail)?.name ?? say(`reason.${detail}`)
}
