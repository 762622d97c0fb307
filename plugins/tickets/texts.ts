import type { Translate } from '@space-assistant/core/text/translate'
import type { Effect } from '@space-assistant/core/tickets/event'
import type { Like } from '@space-assistant/core/tickets/likeness'
import { maskName } from '@space-assistant/core/access/masking'
import type { TicketRules } from '@space-assistant/core/tickets/rules'
import { answeredOnly, noReply, solvedByReporter } from '@space-assistant/core/tickets/ticket'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type { PersonRow, TicketRow } from './table'

/** The language of what leaves without being an answer to somebody. */
export function sayOf(ctx: Context): Translate {
  return (key, params = {}) => h.unescape(ctx.i18n.text(['zh-CN'], [`space-tickets.${key}`], params))
}

/** A line for one ticket: number, category, urgency. */
export function headOf(
  say: Translate,
  rules: TicketRules,
  row: Pick<TicketRow, 'number' | 'category' | 'urgency'>,
) {
  const { number, category, urgency } = row
  return say(`head.${urgency}`, { number, category: categoryName(rules, category) })
}

export function categoryName(rules: TicketRules, id: string): string {
  return rules.categories.find((category) => category.id === id)?.name ?? id
}

export function reasonName(say: Translate, rules: TicketRules, id: string): string {
  const named = rules.reasons.find((reason) => reason.id === id)?.name
  return named ?? ([solvedByReporter, noReply, answeredOnly].includes(id) ? say(`reason.${id}`) : id)
}

/** Who reported, as a group may read it: school, role, first character of the name. */
export function whoLine(
  ctx: Context,
  say: Translate,
  person: PersonRow | undefined,
  plainly = false,
): string {
  if (!person) return say('who.gone')
  const { name, role, school, account } = person
  const member = account ? ctx.roster.member(account) : undefined
  const full = member?.name ?? name
  const shown = plainly ? full : maskName(full)
  if (!school) return say('who.unbound', { name: shown })
  return say('who.bound', {
    school: ctx.roster.school(school)?.name ?? school,
    role: say(`role.${role}`),
    name: shown,
  })
}

export interface Card {
  row: TicketRow
  person: PersonRow | undefined
  text: string
  files: number
  likes: readonly Like[]
  attached: readonly string[]
  known: number
}

/** What support reads of a new report. */
export function cardText(
  { ctx, say, rules }: { ctx: Context; say: Translate; rules: TicketRules },
  { row, person, text, files, likes, attached, known }: Card,
): string {
  return [
    headOf(say, rules, row),
    whoLine(ctx, say, person),
    text,
    ...(files ? [say('files', { count: files })] : []),
    ...attached,
    ...(likes.length
      ? [
          say('like.head', {
            list: likes
              .slice(0, 3)
              .map((like) => likeText(say, like))
              .join(say('and')),
          }),
        ]
      : []),
    ...(known ? [say('like.incident', { number: known })] : []),
    say('card-foot', { number: row.number }),
  ].join('\n')
}

function likeText(say: Translate, { number, score, reasons }: Like): string {
  const why = reasons.map(({ code, params }) => say(`like.${code}`, params)).join(say('and'))
  return say('like.one', { number, percent: Math.round(score * 100), why })
}

/** What a reporter reads of one effect. `call` names the person where others read along. */
export function newsText(
  { say, rules }: { say: Translate; rules: TicketRules },
  effect: Extract<Effect, { kind: 'tell-reporter' }>,
  call: string,
): string {
  const { news, message, params } = effect
  const named = {
    ...params,
    days: rules.silence.reopenDays,
    ...(params['reason'] ? { reason: reasonName(say, rules, String(params['reason'])) } : {}),
  }
  const text = message?.text ?? ''
  const line = say(`news.${news}`, { ...named, text })
  return call ? say('called', { name: call, line }) : line
}

/** What a support group reads of one effect but the first one, which is a card. */
export function supportText(
  { ctx, say, rules }: { ctx: Context; say: Translate; rules: TicketRules },
  effect: Extract<Effect, { kind: 'tell-support' }>,
  { row, person }: { row: TicketRow; person: PersonRow | undefined },
): string {
  const { news, message, params } = effect
  return say(`support.${news}`, {
    ...params,
    text: message?.text ?? '',
    head: headOf(say, rules, row),
    title: row.title,
    who: whoLine(ctx, say, person),
  })
}
