import { dayOf, mondayOf } from '@space-assistant/core/calendar/day'
import { h } from 'koishi'
import type { Fragment } from 'koishi'
import { ban, cannedList, unban } from './desk-tools'
import { book, filesOf, history } from './documents'
import { askToErase } from './erase'
import { figureLines } from '../figure-text'
import { lookText, rowLine } from './look-text'
import { isDesk, readTicketNumber, ticketRefusal } from './talk'
import type { TicketDialogue } from './talk'
import words from '../words.json'

const shown = 15

/** Support's own command: the queue, one ticket, figures, export, numbers in plain, erasing. */
export async function desk(talk: TicketDialogue, text: string): Promise<Fragment> {
  const { ctx, asker } = talk
  const may = ctx.access.check(asker.viewer, { kind: 'tickets' })
  if (!may.ok) return h.text(ticketRefusal(talk, may))
  if (!isDesk(talk)) return h.text(ticketRefusal(talk, { ok: false, code: 'private-only', params: {} }))
  const typed = text.trim()
  const [word = '', ...more] = typed.split(/\s+/)
  if (words.desk.figures.includes(word)) return h.text(await figures(talk))
  if (words.desk.export.includes(word)) return exported(talk, more.join(' '))
  if (words.desk.reveal.includes(word)) return reveal(talk, more.join(' '))
  if (words.desk.erase.includes(word)) return h.text(await erase(talk, more.join(' ')))
  if (words.desk.canned.includes(word)) return h.text(cannedList(talk))
  if (words.desk.unban.includes(word)) return h.text(await unban(talk, more.join(' ')))
  if (words.desk.ban.includes(word)) return h.text(await ban(talk, more.join(' ')))
  const { number } = await readTicketNumber(talk, typed)
  return number === undefined ? h.text(await queue(talk)) : show(talk, number)
}

async function queue(talk: TicketDialogue): Promise<string> {
  const { ctx, asker, say } = talk
  const outcome = await ctx.tickets.queue(asker)
  if (!outcome.ok) return ticketRefusal(talk, outcome)
  const rows = [...outcome.value].sort(
    (a, b) => Number(b.urgency === 'high') - Number(a.urgency === 'high') || a.number - b.number,
  )
  if (!rows.length) return say('queue.none')
  const more = rows.length > shown ? [say('mine.more', { count: rows.length - shown })] : []
  return [
    say('queue.head', { count: rows.length }),
    ...rows.slice(0, shown).map((row) => rowLine(talk, row)),
    ...more,
  ].join('\n')
}

/** A ticket's history, with what is attached. */
async function show(talk: TicketDialogue, number: number): Promise<Fragment> {
  const { ctx, asker } = talk
  const found = await ctx.tickets.look(number, asker)
  if (!found.ok) return h.text(ticketRefusal(talk, found))
  return [h.text(lookText(talk, found.value, true)), ...filesOf(talk, found.value)]
}

/** With every number as it was typed, and what is attached. */
async function reveal(talk: TicketDialogue, text: string): Promise<Fragment> {
  const { ctx, asker, say } = talk
  const { number } = await readTicketNumber(talk, text)
  if (number === undefined) return h.text(say('which-number'))
  const found = await ctx.tickets.revealed(number, asker)
  if (!found.ok) return h.text(ticketRefusal(talk, found))
  return [h.text(lookText(talk, found.value, true)), ...filesOf(talk, found.value)]
}

/** One ticket's history when a number is said, otherwise the figures of the last weeks. */
async function exported(talk: TicketDialogue, text: string): Promise<Fragment> {
  const { number } = await readTicketNumber(talk, text)
  return number === undefined ? book(talk, text) : history(talk, number)
}

async function erase(talk: TicketDialogue, text: string): Promise<string> {
  const { ctx, asker, say } = talk
  const { number } = await readTicketNumber(talk, text)
  if (number === undefined) return say('which-number')
  const found = await ctx.tickets.look(number, asker)
  return found.ok ? askToErase(talk, number) : ticketRefusal(talk, found)
}

/** This week so far. */
async function figures(talk: TicketDialogue): Promise<string> {
  const { ctx, asker, say } = talk
  const today = dayOf(new Date())
  const outcome = await ctx.tickets.figures({ from: mondayOf(today), to: today }, asker)
  if (!outcome.ok) return ticketRefusal(talk, outcome)
  const helpers = await ctx.tickets.helpers()
  return figureLines({ ...ctx.tickets.frame, say }, outcome.value, helpers).join('\n')
}
