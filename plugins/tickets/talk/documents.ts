import { dayOf, mondayOf } from '@space-assistant/core/calendar/day'
import { h } from 'koishi'
import type { Fragment } from 'koishi'
import { historyBook } from './history-book'
import type { Look } from '../reading'
import { isDesk, ticketRefusal } from './talk'
import type { TicketDialogue } from './talk'

/**
 * The whole history of a ticket as a document: in private with every number as it was typed and with what is attached,
 * for support and for the reporter; in support's own groups masked.
 */
export async function history(talk: TicketDialogue, number: number): Promise<Fragment> {
  const { ctx, asker, say } = talk
  const alone = asker.viewer.place.kind === 'private'
  const found = alone ? await ctx.tickets.revealed(number, asker) : await ctx.tickets.look(number, asker)
  if (!found.ok) return h.text(ticketRefusal(talk, found))
  if (!alone && !isDesk(talk))
    return h.text(ticketRefusal(talk, { ok: false, code: 'private-only', params: {} }))
  const document = documentOf(await historyBook(talk, found.value), say('history.file', { number }))
  const said = say(found.value.own ? 'history.sent-own' : 'history.sent', { number })
  return [h.text(said), document, ...(alone && found.value.whole ? filesOf(talk, found.value) : [])]
}

function documentOf(bytes: Uint8Array, title: string): h {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  return h('file', { src: `data:${type};base64,${Buffer.from(bytes).toString('base64')}`, title })
}

/** Figures and tickets of the last weeks (four unless said) as a spreadsheet. */
export async function book(talk: TicketDialogue, text: string): Promise<Fragment> {
  const { ctx, asker, say } = talk
  const weeks = /^\d{1,2}$/.test(text) ? Math.max(1, Number(text)) : 4
  const today = dayOf(new Date())
  const outcome = await ctx.tickets.book({ from: mondayOf(today) - 7 * (weeks - 1), to: today }, asker)
  if (!outcome.ok) return h.text(ticketRefusal(talk, outcome))
  return [h.text(say('book.sent', { weeks })), documentOf(outcome.value, say('book.file'))]
}

/** What is attached to a ticket, as it is sent. */
export function filesOf({ ctx }: TicketDialogue, { files }: Look): h[] {
  return files.map(({ id, name, type }) => {
    const src = `file://${ctx.tickets.pathOf(id)}`
    return type.startsWith('image/') ? h('img', { src }) : h('file', { src, title: name })
  })
}
