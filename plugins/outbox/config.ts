import { Schema } from 'koishi'
import { parseMinute } from '@space-assistant/core/calendar/clock'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import type { QuietHours } from '@space-assistant/core/delivery/quiet'

export interface Config {
  tickMs: number
  leaseMs: number
  queues: number
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
