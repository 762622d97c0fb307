import { createHash } from 'node:crypto'
import { known } from '@space-assistant/core/access/visibility'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-database'
import type { BotArrival } from 'koishi-plugin-space-outbox'

const DAY_MS = 86_400_000
/** Where the bot is spoken to by a mention. */
const mentioning = new Set(['qq', 'wecom'])

/** A conversation that was greeted; a second greeting would be noise. */
export interface WelcomeRow {
  id: string
  at: number
}

declare module 'koishi' {
  interface Tables {
    space_welcome: WelcomeRow
  }
}

export const name = 'space-welcome'
export const inject = ['database', 'bulk', 'access', 'outbox']

/** Whoever lets the bot in is told once, in one line, what to do. */
export function apply(ctx: Context, { locale }: { locale: string }): void {
  ctx.model.extend('space_welcome', { id: 'string(64)', at: 'unsigned(8)' }, { primary: 'id' })
  ctx.on('space/arrived', (arrival) => {
    greet(ctx, arrival, locale).catch(() => ctx.logger('space-operations').warn('a greeting was not sent'))
  })
}

async function greet(ctx: Context, arrival: BotArrival, locale: string): Promise<void> {
  const { platform, selfId, channelId, welcome } = arrival
  const id = createHash('sha256')
    .update(JSON.stringify([platform, selfId, channelId]))
    .digest('hex')
  if (!(await ctx.bulk.insert('space_welcome', [{ id, at: Date.now() }]))) return
  const key = await sentence(ctx, arrival)
  const call = mentioning.has(platform) && !arrival.direct ? 'mention' : 'plain'
  const say = (path: string, params: object) =>
    h.unescape(ctx.i18n.text([locale], [`space-operations.welcome.${path}`], params))
  const text = say(key, { call: say(`call-${call}`, {}) })
  if (welcome) return welcome(text)
  await ctx.outbox.enqueue({
    key: `welcome/${id}`,
    target: { platform, selfId, channelId },
    ...{ kind: 'welcome', content: h.escape(text), priority: 'answer', expiresAt: Date.now() + DAY_MS },
  })
}

async function sentence(ctx: Context, { platform, selfId, channelId, direct }: BotArrival) {
  if (!direct) {
    const [group] = await ctx.access.groups.list({ platform, selfId, channelId })
    return group ? 'group' : 'new-group'
  }
  const userId = channelId.replace(/^private:/, '')
  const viewer = await ctx.access.viewer({ platform, selfId, channelId, userId, isDirect: true })
  return known(viewer) ? 'bound' : 'stranger'
}
