import { accessRefusalCodes } from '@space-assistant/core/access/visibility'
import type { Context, Session } from 'koishi'
import { h } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import type { KeptFile } from '../files'
import type { Done } from '../acting'
import type { Outcome, Refused } from '@space-assistant/core/access/outcome'
import { keyOfMessage } from '../post'
import type { Asker } from '../asker'
import { categoryName, reasonName } from '../texts'
import type { Translate } from '@space-assistant/core/text/translate'

/** What an answer is made with. */
export interface TicketDialogue {
  ctx: Context
  session: Session
  say: Translate
  asker: Asker
}

export async function openTicketContext(ctx: Context, session: Session): Promise<TicketDialogue> {
  const { platform, selfId, userId = '', channelId = '', isDirect, messageId = '', username } = session
  const name = session.event.member?.nick || username || ''
  const origin = { platform, selfId, userId, channelId, isDirect, messageId, name }
  const say: Translate = (key, params = {}) => h.unescape(session.text(`space-tickets.${key}`, params))
  return { ctx, session, say, asker: { origin, viewer: await ctx.access.viewer(session) } }
}

const visibility: ReadonlySet<string> = new Set(accessRefusalCodes)

/** The sentence of a refusal, of tickets or of the rules of who may do what. */
export function ticketRefusal({ ctx, session, say }: TicketDialogue, { code, params }: Refused): string {
  if (visibility.has(code)) return h.unescape(session.text(`space-access.refusal.${code}`, params))
  const reason = params['reason']
    ? { reason: reasonName(say, ctx.tickets.rules, String(params['reason'])) }
    : {}
  const state = params['state'] ? { state: say(`state.${params['state']}`) } : {}
  return say(`refusal.${code}`, { ...params, ...reason, ...state })
}

/** The words of a message without its elements, as they were typed. */
export function plainTicketText(content: string): string {
  return h
    .select(h.parse(content), 'text')
    .map((element) => String(element.attrs['content']))
    .join(' ')
    .trim()
}

/** Whether somebody else than the bot is mentioned, by the platform or as people type it. */
export function namesSomebodyElse(session: Session): boolean {
  const elements = session.elements ?? []
  const mentions = h.select(elements, 'at').map(({ attrs }) => attrs as { id?: string; type?: string })
  if (mentions.some(({ id, type }) => type !== undefined || id !== session.selfId)) return true
  const text = plainTicketText(session.stripped.content)
  return /(?:^|\s)[@\uff20]\S/u.test(text)
}

const numbered = /^\s*\p{P}?(\d{4,9})(?!\d)(?:\s|\p{Po})*/u

/** The number at the beginning of a text, and the rest of it. */
export function splitNumber(text: string): { number?: number; rest: string } {
  const found = numbered.exec(text)
  return found
    ? { number: Number(found[1]), rest: text.slice(found[0].length).trim() }
    : { rest: text.trim() }
}

/**
 * The ticket of the message of ours that is quoted: by the platform's id of it, else by the number at the head of its
 * text, where the platform tells no more. What somebody else has said is no ticket, whatever number is in it, and a
 * message about many says nothing either.
 */
export async function quotedNumber({
  ctx,
  session,
  say,
}: Pick<TicketDialogue, 'ctx' | 'session' | 'say'>): Promise<number | undefined> {
  const { quote, platform, selfId, channelId } = session
  if (!quote || !channelId) return undefined
  const key = quote.id ? await keyOfMessage(ctx, { platform, selfId, channelId }, quote.id) : undefined
  if (key !== undefined) {
    const own = /^(\d+)\//.exec(key)?.[1]
    return own ? Number(own) : undefined
  }
  if (quote.user && quote.user.id !== selfId) return undefined
  const text = plainTicketText(quote.content ?? '')
  const heads = text.split('\n').filter((line) => /^\s*#\d{4,9}/.test(line))
  if (heads.length > 1) return undefined
  const [receipt = ''] = say('filed', { number: '', category: '' }).split('#')
  const bare = text.replace(/^@\S+\s/u, '').trimStart()
  const rest = bare.startsWith(receipt) ? bare.slice(receipt.length) : bare
  const found = /^#(\d{4,9})(?!\d)/.exec(rest)?.[1]
  return found ? Number(found) : undefined
}

/** The number that a command names or quotes. */
export async function readTicketNumber(
  talk: TicketDialogue,
  text: string,
): Promise<{ number?: number; rest: string }> {
  const split = splitNumber(text)
  if (split.number !== undefined) return split
  const quoted = await quotedNumber(talk)
  return quoted === undefined ? split : { number: quoted, rest: split.rest }
}

/** Keeps what is attached to the message; a line for what could not be kept. */
export async function attachments(
  { ctx, session, say, asker }: TicketDialogue,
  more: readonly h[] = [],
): Promise<{ files: KeptFile[]; notes: string[] }> {
  const { kept, refused, host } = await ctx.tickets.keep([...(session.elements ?? []), ...more], asker)
  return {
    files: kept,
    notes: [...new Set(refused)].map((code) =>
      code === 'not-fetched' && host !== undefined
        ? say('unkept.closed-host', { host })
        : say(`unkept.${code}`, ctx.tickets.limits),
    ),
  }
}

/** What somebody who told reporters something reads: whether it has arrived. */
export async function delivered(talk: TicketDialogue, outcome: Outcome<Done>, key: string): Promise<string> {
  if (!outcome.ok) return ticketRefusal(talk, outcome)
  const { told, ticket } = outcome.value
  // A reporter who does something need not know how the others hear of it.
  const support = talk.ctx.access.check(talk.asker.viewer, { kind: 'tickets' }).ok
  const fate = told.length && support ? await talk.ctx.tickets.fate(told) : 'none'
  const category = categoryName(talk.ctx.tickets.rules, ticket.category)
  const urgency = talk.say(`urgency.${ticket.urgency}`)
  const said = talk.say(key, { number: ticket.number, category, urgency })
  return [said, talk.say(`fate.${fate}`)].filter(Boolean).join('')
}

/** Whether support's business may be read where this is said. */
export function isDesk({ asker }: TicketDialogue): boolean {
  const { place } = asker.viewer
  return place.kind === 'private' || place.purpose === 'support' || place.purpose === 'staff'
}
