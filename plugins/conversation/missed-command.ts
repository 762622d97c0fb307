import type { Viewer } from '@space-assistant/core/access/viewer'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type { NotUnderstood } from './not-understood'
import type { ConversationPart } from './registry'
import words from './words.json'

interface MissedConversation {
  missed: NotUnderstood
  viewer(session: Session): Promise<Viewer>
  register(part: ConversationPart): () => void
}

/** Declares the command by which staff read what was not understood; said as a sentence it is the same. */
export function declareMissed(ctx: Context, conversation: MissedConversation): void {
  const answer = async (session: Session) => {
    const say = (key: string, params: object = {}) =>
      h.unescape(session.text(`space-conversation.${key}`, params))
    return h.text(await conversation.missed.answer(await conversation.viewer(session), say))
  }
  ctx
    .command(`${words.status}.${words.missed}`, { captureQuote: false })
    .action(({ session }) => (session ? answer(session) : ''))
  conversation.register({
    texts: 'space-conversation',
    intents: {
      status: (session, { ask }) => (ask === 'not-understood' ? answer(session) : Promise.resolve(undefined)),
    },
  })
}
