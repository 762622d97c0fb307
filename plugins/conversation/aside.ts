import { randomUUID } from 'node:crypto'
import { unwrap } from '@space-assistant/core/delivery/unwrap'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-outbox'

const lifeMs = 10 * 60_000
const patienceMs = 2000

/** Sends what was asked in a group to the asker alone; whether it has arrived or is on its way. */
export async function sendAside(ctx: Context, session: Session, text: string): Promise<boolean> {
  const outbox = ctx.get('outbox')
  if (!outbox) return false
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
    if (state === 'sent') return true
    if (state === 'parked' || state === 'failed' || state === 'unknown') return false
    if (Date.now() > until) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
