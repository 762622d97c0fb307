import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-outbox'
import type { AskedQuestion } from './pending'

/** Tells in private that nobody has answered a question and that nothing was done. */
export async function tellExpired(ctx: Context, question: AskedQuestion): Promise<void> {
  const { who, label, number, expired = '', until } = question
  const { platform, selfId, userId } = who
  const target = { platform, selfId, channelId: `private:${userId}` }
  const key = `question:${platform}:${selfId}:${userId}:${number}:${until}`.slice(0, 190)
  try {
    await ctx.get('outbox')?.enqueue({ key, kind: 'question', target, content: h.escape(expired) })
  } catch (error) {
    const what = error instanceof Error ? error.name : 'error'
    ctx.logger('space-conversation').warn('the end of a question (%s) was not told: %s', label, what)
  }
}
