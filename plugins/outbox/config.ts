import { Schema } from 'koishi'
import { parseMinute } from '@space-assistant/core/calendar/clock'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import type { QuietHours } from '@space-assistant/core/delivery/quiet'

export interface Config {
  tickMs: number
  leaseMs: number
  queues: number
  /** Sends of one bot under way at once: so many are in doubt when its connection falls. */
  inFlight: number
  /** A send that takes longer hangs: nothing new begins beside it. */
  hangMs: number
  /** Pause of a bot after a send of which nobody knows whether it arrived. */
  calmMs: number
  /** Between two messages of an account that is a person's client (OneBot), at least and at most. */
  gapMinMs: number
  gapMaxMs: number
  /** Keep to the platforms' limits; off only for measuring. */
  quotas: boolean
  /** Pause before parked messages follow somebody's message, so that the answer to it comes first. */
  digestDelayMs: number
  exitMs: number
  /** Local times as HH:MM between which nothing is said that nobody waits for; the same twice: no such hours. */
  quietFrom: string
  quietTo: string
  /** Kinds of messages that go out in the quiet hours all the same, besides answers. */
  anytimeKinds: string[]
}

export const Config: Schema<Config> = Schema.object({
  tickMs: Schema.natural().role('ms').default(1_000),
  leaseMs: Schema.natural().role('ms').default(60_000),
  queues: Schema.natural().min(1).default(64),
  inFlight: Schema.natural().min(1).default(4),
  hangMs: Schema.natural().role('ms').default(5_000),
  calmMs: Schema.natural().role('ms').default(5_000),
  gapMinMs: Schema.natural().role('ms').default(1_000),
  gapMaxMs: Schema.natural().role('ms').default(3_000),
  quotas: Schema.boolean().default(true),
  digestDelayMs: Schema.natural().role('ms').default(1_500),
  exitMs: Schema.natural().role('ms').default(10_000),
  quietFrom: Schema.string().default('21:30'),
  quietTo: Schema.string().default('07:00'),
  anytimeKinds: Schema.array(String).role('table').default([]),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

/** Throws when a time is none. */
export function quietHoursOf({ quietFrom, quietTo }: Config): QuietHours {
  return { from: minuteFrom('quietFrom', quietFrom), to: minuteFrom('quietTo', quietTo) }
}

function minuteFrom(path: string, given: string): number {
  const minute = parseMinute(given)
  if (minute === undefined) {
    throw new Error(`space-outbox: ${path} is ${given}, permitted is a time of day like 21:30`)
  }
  return minute
}
