import { dayOf, mondayOf } from '@space-assistant/core/scheme/calendar'
import { h } from 'koishi'
import type { Fragment } from 'koishi'
import { figureLines } from './figure-text'
import { lookText, rowLine } from './look-text'
import { isDesk } from './reporter-talk'
import { numberOf, plain, refusal } from './talk'
import type { Talk } from './talk'
import words from './words.json'

const shown = 15

/** Support's own command: the queue, one ticket, figures, export, numbers in plain, erasing. */
export async function desk(talk: Talk, text: string): Promise<Fragment> {
  const { ctx, asker } = talk
  const may = ctx.identity.check(asker.viewer, { kind: 'tickets' })
  if (!may.ok) return h.text(refusal(talk, may))
  if (!isDesk(talk)) return h.text(refusal(talk, { ok: false, code: 'private-only', params: {} }))
  const typed = plain(text)
  const [word = '', ...more] = typed.split(/\s+/)
  if (words.desk.figures.includes(word)) return h.text(await figures(talk))
  if (words.desk.export.includes(word)) return book(talk, more.join(' '))
  if (words.desk.reveal.includes(word)) return reveal(talk, more.join(' '))
  if (words.desk.erase.includes(word)) return h.text(await erase(talk, more.join(' ')))
  const { number } = await numberOf(talk, typed)
  return number === undefined ? h.text(await queue(talk)) : show(talk, number)
}

async function queue(talk: Talk): Promise<string> {
  const { ctx, asker, say } = talk
  const outcome = await ctx.tickets.queue(asker)
  if (!outcome.ok) return refusal(talk, outcome)
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

/** The whole history of a ticket, in private with its attachments. */
async function show(talk: Talk, number: number): Promise<Fragment> {
  const { ctx, asker } = talk
  const found = await ctx.tickets.look(number, asker)
  return h.text(found.ok ? lookText(talk, found.value, true) : refusal(talk, found))
}

/** With every number as it was typed, and what is attached: the export of one ticket. */
async function reveal(talk: Talk, text: string): Promise<Fragment> {
  const { ctx, asker, say } = talk
  const { number } = await numberOf(talk, text)
  if (number === undefined) return h.text(say('which-number'))
  const found = await ctx.tickets.revealed(number, asker)
  if (!found.ok) return h.text(refusal(talk, found))
  const files = found.value.files.map(({ id, name, type }) => {
    const src = `file://${ctx.tickets.pathOf(id)}`
    return type.startsWith('image/') ? h('img', { src }) : h('file', { src, title: name })
  })
  return [h.text(lookText(talk, found.value, true)), ...files]
}

async function erase(talk: Talk, text: string): Promise<string> {
  const { ctx, asker, say } = talk
  const { number } = await numberOf(talk, text)
  if (number === undefined) return say('which-number')
  const outcome = await ctx.tickets.act(number, { kind: 'erase' }, asker)
  return outcome.ok ? say('erased', { number }) : refusal(talk, outcome)
}

/** This week so far. */
async function figures(talk: Talk): Promise<string> {
  const { ctx, asker, say } = talk
  const today = dayOf(new Date())
  const outcome = await ctx.tickets.figures({ from: mondayOf(today), to: today }, asker)
  if (!outcome.ok) return refusal(talk, outcome)
  const helpers = await ctx.tickets.helpers()
  return figureLines({ ...ctx.tickets.frame, say }, outcome.value, helpers).join('\n')
}

/** Figures and tickets of the last weeks (four unless said) as a spreadsheet. */
async function book(talk: Talk, text: string): Promise<Fragment> {
  const { ctx, asker, say } = talk
  const weeks = /^\d{1,2}$/.test(text) ? Math.max(1, Number(text)) : 4
  const today = dayOf(new Date())
  const outcome = await ctx.tickets.book({ from: mondayOf(today) - 7 * (weeks - 1), to: today }, asker)
  if (!outcome.ok) return h.text(refusal(talk, outcome))
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  const src = `data:${type};base64,${Buffer.from(outcome.value).toString('base64')}`
  return [h.text(say('book.sent', { weeks })), h('file', { src, title: say('book.file') })]
}
