import { formatNearMoment } from '@space-assistant/core/calendar/clock'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-outbox'
import type {} from 'koishi-plugin-space-schemes'
import { platformText } from './receipt'
import type { Translate } from '@space-assistant/core/text/translate'

const two = new Set(['qq', 'onebot'])

/** QQ has two ways in, which staff have to tell apart here. */
function connectionText(say: Translate, platform: string): string {
  return two.has(platform) ? say(`status.${platform}`) : platformText(say, platform)
}

const states = ['offline', 'online', 'connect', 'disconnect', 'reconnect'] as const

/** Connections, queue and failures, for staff. */
export async function statusText(ctx: Context, say: Translate): Promise<string> {
  const { counts, oldestPending, failures } = await ctx.outbox.status()
  const bots = [...ctx.bots].map((bot) => {
    const platform = connectionText(say, bot.platform ?? '')
    const state = say(`status.${states[Number(bot.status)] ?? 'offline'}`)
    // A webhook bot hears nothing by its nature.
    if (bot.platform === 'wecom-webhook') return say('status.bot', { platform, state })
    const { heardAt } = ctx.outbox.traffic(bot.sid)
    const heard =
      heardAt === undefined
        ? say('status.unheard')
        : say('status.heard', { time: formatNearMoment(new Date(heardAt)) })
    return say('status.bot-heard', { platform, state, heard })
  })
  const minutes = oldestPending ? Math.max(0, Math.floor((Date.now() - oldestPending.getTime()) / 60_000)) : 0
  const reasons = Object.entries(failures)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => say('status.failure', { reason: say(`reason.${reason || 'server'}`), count }))
  return [
    bots.length ? say('status.bots', { bots: bots.join(say('and')) }) : say('status.no-bots'),
    say('status.queue', { ...counts, waiting: counts.pending + counts.leased }),
    oldestPending ? say('status.oldest', { minutes }) : '',
    ...(counts.pending || counts.parked ? standingText(ctx, say) : []),
    reasons.length
      ? say('status.failures', { reasons: reasons.join(say('and')) })
      : say('status.no-failures'),
    counts.unknown ? say('status.unknown', { count: counts.unknown }) : '',
    rulesText(ctx, say),
  ]
    .filter(Boolean)
    .join('\n')
}

/** Why what waits is not sent now, one line for each connection. */
function standingText(ctx: Context, say: Translate): string[] {
  return ctx.outbox.standstills().map(({ bot, why, endsIn = 0 }) => {
    const platform = connectionText(say, bot.slice(0, bot.indexOf(':')))
    return say(`status.stands.${why}`, { platform, seconds: Math.ceil(endsIn / 1000) })
  })
}

/** That the rules in config/ are not those in force; '' when they are. */
function rulesText({ schemes }: Context, say: Translate): string {
  try {
    const { kind } = schemes.pending()
    return kind === 'nothing' ? '' : say(`status.rules-${kind}`)
  } catch {
    return say('status.rules-broken')
  }
}
