import { randomUUID } from 'node:crypto'
import { unwrap } from '@space-assistant/core/delivery/unwrap'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-outbox'

const lifeMs = 10 * 60_000
const patienceMs = 2000

/** Sends what was asked in a group to the asker alone; whether it has arrived, is on its way, or has to be asked for. */
export async function sendAside(
  ctx: Context,
  session: Session,
  text: string,
): Promise<'sent' | 'underway' | 'ask-private'> {
  const outbox = ctx.get('outbox')
  if (!outbox) return 'ask-private'
  const { platform, selfId, userId } = unwrap(session)
  const key = `aside/${platform}/${selfId}/${randomUUID()}`
  await outbox.enqueue({
    key,
    kind: 'aside',
    target: { platform, selfId, channelId: `private:${userId}` },
    content: [h.text(text)],
    priority: 'answer',
    expiresAt: Date.now() + lifeMs,
  })
  const until = Date.now() + patienceMs
  for (;;) {
    const [state] = await outbox.states([key])
    if (state === 'sent') return 'sent'
    if (state === 'parked' || state === 'failed' || state === 'unknown') return 'ask-private'
    if (Date.now() > until) return 'underway'
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
