import { pathToFileURL } from 'node:url'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type {} from 'koishi-plugin-space-outbox'

/** One message that is to leave. `key` makes enqueuing it twice the same as once. */
export interface Parcel {
  key: string
  target: ChannelRef
  text: string
  /** Stored attachments: their paths, media types and names. */
  files?: readonly { path: string; type: string; name: string }[]
}

const lifeMs = 14 * 86_400_000

/** Hands messages to the outbox, inside the transaction that causes them. */
export async function post(ctx: Context, parcels: readonly Parcel[]): Promise<void> {
  if (!parcels.length) return
  await ctx.outbox.enqueue(
    parcels.map(({ key, target, text, files = [] }) => ({
      key: `ticket/${key}`,
      target,
      content: [h.text(text), ...files.map(elementOf)],
      kind: 'ticket',
      priority: 'answer' as const,
      expiresAt: Date.now() + lifeMs,
    })),
  )
}

/** What became of a message: with the reader, waiting until somebody there speaks to the bot, on its way, or lost. */
export type Fate = 'sent' | 'parked' | 'underway' | 'lost'

/** Waits a moment for the messages to be settled; the least settled of them counts. */
export async function fateOf(ctx: Context, keys: readonly string[], patienceMs = 1500): Promise<Fate> {
  const until = Date.now() + patienceMs
  for (;;) {
    const states = await ctx.outbox.states(keys.map((key) => `ticket/${key}`))
    const fates = states.map((state): Fate => {
      if (state === 'sent') return 'sent'
      if (state === 'parked') return 'parked'
      return state === 'failed' || state === 'unknown' ? 'lost' : 'underway'
    })
    const worst = (['lost', 'parked', 'underway'] as const).find((fate) => fates.includes(fate))
    if (worst !== 'underway' || Date.now() > until) return worst ?? 'sent'
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Takes what was said about a ticket out of the messages that have left, or have not yet. */
export function forget(ctx: Context, number: number): Promise<void> {
  return ctx.outbox.forget({ kind: 'ticket', keys: `ticket/${number}/`, mention: `#${number} ` })
}

/** The key of the message that the platform knows by this id, if we sent it. */
export async function keyOfMessage(ctx: Context, place: ChannelRef, id: string): Promise<string | undefined> {
  const key = await ctx.outbox.sentAs(place, id)
  return key?.startsWith('ticket/') ? key.slice('ticket/'.length) : undefined
}

function elementOf({ path, type, name }: { path: string; type: string; name: string }): h {
  const src = pathToFileURL(path).href
  if (type.startsWith('image/')) return h('img', { src })
  return h('file', { src, title: name })
}
