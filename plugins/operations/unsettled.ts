import { formatNearMoment } from '@space-assistant/core/calendar/clock'
import type { Translate } from '@space-assistant/core/text/translate'
import { createHash } from 'node:crypto'
import { refKey } from '@space-assistant/core/delivery/channel'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type { Receipt } from 'koishi-plugin-space-outbox'

const SHOWN = 15
const platforms = new Set(['qq', 'onebot', 'wecom', 'wecom-webhook'])
const kinds = new Set(['announcement', 'nudge', 'ticket', 'binding'])

/** Six digits that stand for a message's key: the same ones however often it is asked, here and after a restart. */
export function unsettledNumber(key: string): number {
  return 100_000 + (createHash('sha256').update(key).digest().readUInt32BE(0) % 900_000)
}

/** The messages of which nobody knows whether they arrived, for staff to look. */
export async function unsettledText(ctx: Context, say: Translate): Promise<string> {
  const messages = await ctx.outbox.unsettled()
  const [first] = messages
  if (!first) return say('none')
  const placeOf = await places(ctx, say)
  return [
    say('head', { count: messages.length }),
    ...messages.slice(0, SHOWN).map((message) =>
      say('line', {
        number: unsettledNumber(message.key),
        place: placeOf(message),
        kind: say(`kind.${kinds.has(message.kind) ? message.kind : 'other'}`),
        time: timeOf(message.settledAt),
      }),
    ),
    messages.length > SHOWN ? say('more', { count: messages.length - SHOWN }) : '',
    say('how-to', { number: unsettledNumber(first.key) }),
  ]
    .filter(Boolean)
    .join('\n')
}

/** What staff found out about one of them. */
export async function settle(
  ctx: Context,
  say: Translate,
  { number, what }: { number: number | undefined; what: 'resend' | 'arrived' },
): Promise<string> {
  if (!number) return say('which')
  const messages = await ctx.outbox.unsettled()
  const message = messages.find(({ key }) => unsettledNumber(key) === number)
  if (!message || !(await ctx.outbox.resolve(message.key, what))) return say('no-such', { number })
  const place = (await places(ctx, say))(message)
  return say(what === 'resend' ? 'resent' : 'arrived', { number, place })
}

async function places(ctx: Context, say: Translate): Promise<(message: Receipt) => string> {
  const names = await ctx.access.groups.names(say)
  return ({ target }) => {
    const platform = say(`platform.${platforms.has(target.platform) ? target.platform : 'other'}`)
    const name = names.get(refKey(target))
    if (name !== undefined) return say('group', { name, platform })
    return say(target.channelId.startsWith('private:') ? 'private' : 'unnamed', { platform })
  }
}

function timeOf(at: Date | undefined): string {
  return at ? formatNearMoment(at) : ''
}
