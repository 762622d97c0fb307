import { h } from 'koishi'
import { openTicketContext, ticketRefusal } from './talk'
import type { TicketDialogue } from './talk'

const WAIT_MS = 10 * 60_000

/** Asks before a ticket's content is deleted, which nothing brings back. */
export function askToErase({ ctx, session, say }: TicketDialogue, number: number): string {
  const confirm = ctx.conversation.ask(session, {
    about: 'erase',
    form: 'act',
    label: say('question.erase', { number }),
    number,
    ms: WAIT_MS,
    expired: say('question.erase-expired', { number }),
    answer: async (next, answer) => {
      const talk = await openTicketContext(ctx, next)
      if (answer.kind !== 'yes') return h.text(talk.say('not-erased', { number }))
      const outcome = await ctx.tickets.act(number, { kind: 'erase' }, talk.asker)
      return h.text(
        outcome.ok
          ? talk.say('erased', { number: outcome.value.ticket.number })
          : ticketRefusal(talk, outcome),
      )
    },
  })
  return say(session.isDirect ? 'erase-first' : 'erase-first-group', { number, confirm })
}
