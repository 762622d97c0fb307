import { refKey } from '@space-assistant/core/delivery/channel'
import { findCannedAnswer } from '@space-assistant/core/tickets/canned'
import { h } from 'koishi'
import type { TicketCommand } from '../acting'
import { attachments, delivered, readTicketNumber, quotedNumber, ticketRefusal, splitNumber } from './talk'
import type { TicketDialogue } from './talk'
import words from '../words.json'

/** What support says to the reporter, or asks. */
export async function tell(
  talk: TicketDialogue,
  number: number,
  { kind, text: given }: { kind: 'answer' | 'ask-back'; text: string },
): Promise<string> {
  const word = words.desk.canned.find((each) => given === each || given.startsWith(`${each} `))
  const rest = word === undefined ? '' : given.slice(word.length).trim()
  const text = word === undefined ? given : findCannedAnswer(talk.ctx.tickets.canned, rest)
  if (text === undefined) return talk.say('canned.unknown', { given: rest })
  const { files, notes } = await attachments(talk)
  if (!text && !files.length) return talk.say('refusal.empty')
  const outcome = await talk.ctx.tickets.act(number, { kind, text, files }, talk.asker)
  const said = await delivered(talk, outcome, kind === 'answer' ? 'answered' : 'asked')
  const joined = outcome.ok ? outcome.value.ticket.reporters.length - 1 : 0
  const gone = outcome.ok && !outcome.value.told.length ? [talk.say('fate.gone')] : []
  return [said, ...gone, ...(joined > 0 ? [talk.say('joined-later', { count: joined })] : []), ...notes].join(
    '\n',
  )
}

/** A verb of support that needs a number and nothing else, or a word behind it; some are the reporter's too. */
export async function deskVerb(
  talk: TicketDialogue,
  text: string,
  {
    wish,
    key,
    anybody = false,
  }: {
    wish: (rest: string, number: number) => TicketCommand | string | Promise<TicketCommand | string>
    key: string
    anybody?: boolean
  },
): Promise<string> {
  const { number, rest } = await readTicketNumber(talk, text.trim())
  if (number === undefined) return talk.say('which-number')
  const may = talk.ctx.access.check(talk.asker.viewer, { kind: 'tickets' })
  if (!may.ok && !anybody) return ticketRefusal(talk, may)
  const wanted = await wish(rest, number)
  if (typeof wanted === 'string') return wanted
  return delivered(talk, await talk.ctx.tickets.act(number, wanted, talk.asker), key)
}

/** `reason [text]`: the reason is one of those of the house, by name, its beginning, or its place in the list. */
export function resolution(
  talk: TicketDialogue,
  rest: string,
  number: number,
): { reason: string; text: string } | string {
  const { reasons } = talk.ctx.tickets.rules
  const [first = '', ...more] = rest.split(/\s+/)
  const named =
    reasons.find(({ name }) => rest.startsWith(name)) ??
    reasons.find(
      ({ name, id }, index) =>
        id === first || String(index + 1) === first || (first.length > 1 && name.startsWith(first)),
    )
  const list = reasons.map(({ name }, index) => `${index + 1} ${name}`).join(talk.say('and'))
  if (!named) return talk.say('which-reason', { list, number })
  return {
    reason: named.id,
    text: rest.startsWith(named.name) ? rest.slice(named.name.length).trim() : more.join(' '),
  }
}

/** A category by its name, its beginning or its place in the list. */
export function category(talk: TicketDialogue, rest: string, number: number): TicketCommand | string {
  const { categories } = talk.ctx.tickets.rules
  const wanted = categories.find(
    ({ name, id }, index) =>
      name === rest ||
      id === rest ||
      String(index + 1) === rest ||
      (rest.length > 1 && name.startsWith(rest)),
  )
  if (wanted) return { kind: 'change-category', category: wanted.id }
  const list = categories.map(({ name }, index) => `${index + 1} ${name}`).join(talk.say('and'))
  return talk.say('which-category', { list, number })
}

/** To another group by its number in the list, or back to everybody of the own one. */
export async function handing(
  talk: TicketDialogue,
  rest: string,
  number: number,
): Promise<TicketCommand | string> {
  const { ctx, session, say, asker } = talk
  const groups = await ctx.tickets.groups.all()
  const found = await ctx.tickets.look(number, asker)
  if (!found.ok) return ticketRefusal(talk, found)
  const own = found.value.row.group
  if (words.everybody.includes(rest)) return { kind: 'hand-on', group: own }
  const chosen = /^\d{1,3}$/.test(rest) ? groups[Number(rest) - 1] : undefined
  if (chosen) return { kind: 'hand-on', group: refKey(chosen) }
  const support = await ctx.tickets.groups.support()
  const names = await ctx.access.groups.names((key, params) => h.unescape(session.text(key, params)))
  const lines = groups.map((group, index) =>
    say('group-line', {
      number: index + 1,
      kind: say(index < support.length ? 'group.support' : 'group.staff'),
      name: names.get(refKey(group)) ?? group.platform,
      here: refKey(group) === own ? say('group.here') : '',
    }),
  )
  return [say('which-group', { number }), ...lines].join('\n')
}

/** Puts one ticket into another. */
export async function mergeByCommand(talk: TicketDialogue, text: string): Promise<string> {
  const { number, rest } = await readTicketNumber(talk, text.trim())
  const into = splitNumber(rest).number
  // With a quoted card the only number is the other ticket's.
  const source = into === undefined ? await quotedNumber(talk) : number
  const target = into ?? number
  if (source === undefined || target === undefined || source === target) return talk.say('which-numbers')
  return delivered(talk, await talk.ctx.tickets.merge(source, target, talk.asker), 'merged')
}

export function urgency(rest: string): TicketCommand {
  return { kind: 'change-urgency', urgency: words.normal.includes(rest) ? 'normal' : 'high' }
}
