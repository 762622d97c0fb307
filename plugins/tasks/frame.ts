import type { Day } from '@space-assistant/core/scheme/calendar'
import { formatDay } from '@space-assistant/core/scheme/calendar'
import type { Viewer } from '@space-assistant/core/identity/viewer'
import type { Context, Session } from 'koishi'

/** Text of a message key in plain form. */
export type Say = (key: string, params?: object) => string

/** The services that an answer is made from, taken out of the context once: looking them up there is slow. */
export type Services = Pick<
  Context,
  'roster' | 'scoreboard' | 'schemes' | 'identity' | 'gateway' | '$commander'
>

/** Everything an answer is made with. */
export interface Frame {
  ctx: Services
  session: Session
  say: Say
  viewer: Viewer
  today: Day
}

export const key = (name: string) => `space-tasks.${name}`

/** The sentence of a refusal by the rules of who may know what. */
export const refusal = ({ say }: Frame, { code, params }: { code: string; params: object }) =>
  say(`space-identity.refusal.${code}`, params)

/** The last line of every answer that rests on imported records. */
export function dataLine({ ctx, say }: Pick<Frame, 'ctx' | 'say'>): string {
  const { dataUntil } = ctx.scoreboard
  return dataUntil === undefined ? say(key('no-data')) : say(key('data-until'), { day: formatDay(dataUntil) })
}

export function joined(lines: readonly (string | undefined | false)[]): string {
  return lines.filter(Boolean).join('\n')
}
