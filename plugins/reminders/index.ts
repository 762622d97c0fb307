import { parseMinute } from '@space-assistant/core/calendar/clock'
import type { NudgeTimes } from '@space-assistant/core/nudges/occasion'
import { h, Schema } from 'koishi'
import type { Context, Session } from 'koishi'
import { answer } from './command'
import type {} from 'koishi-plugin-space-conversation'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { ReminderHolds } from './holds'
import { Planner } from './planner'
import { Renderer } from './render'
import type { Translate } from '@space-assistant/core/text/translate'
import { startClock } from './schedule'
import { Reminders } from './service'
import { Settings } from './settings'
import { defineTables } from './table'
import { welcomeNewcomers } from './welcome'
import { reminderTextOf, words } from './wish'
import { present } from '@space-assistant/core/text/present'

export type { AudiencePreview, DayPreview, OccasionPreview } from './preview'
export type { HeldWeek, Reminders, WeekPreview } from './service'

declare module 'koishi' {
  interface Context {
    reminders: Reminders
  }
}

export interface Config {
  /** 1 is Monday. */
  weekday: number
  /** Local times as HH:MM. */
  time: string
  until: string
  /** Language of what is said without being asked. */
  locale: 'zh-CN' | 'en-US'
  /** Whether somebody new in a registered group reads how to bind. */
  welcome: boolean
}

export const Config: Schema<Config> = Schema.object({
  weekday: Schema.natural().min(1).max(7).default(1),
  time: Schema.string().default('08:30'),
  until: Schema.string().default('20:00'),
  locale: Schema.union(['zh-CN', 'en-US'] as const).default('zh-CN'),
  welcome: Schema.boolean().default(true),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

export const name = 'space-reminders'
export const inject = [
  'database',
  'bulk',
  'leases',
  'schemes',
  'roster',
  'scoreboard',
  'access',
  'outbox',
  'conversation',
]

/** Tells people what is still to do, each week and at the deadlines of phases. */
export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  defineTables(ctx)
  const times = timesOf(config)
  const settings = new Settings(ctx)
  const say: Translate = (key, params = {}) =>
    h.unescape(ctx.i18n.text([config.locale], [pathOf(key)], params))
  // Asked for every nudge: looked up once, as each access through the context costs.
  const { scoreboard, schemes } = ctx
  const renderer = new Renderer({
    say,
    scheme: () => schemes.active,
    dataUntil: () => scoreboard.dataUntil,
  })
  const holds = new ReminderHolds(ctx)
  const planner = new Planner(ctx, { times, settings, renderer, holds })
  const reminders = new Reminders(ctx, { planner, renderer, settings, holds, times, say })
  ctx.provide('reminders')
  ctx.set('reminders', reminders)
  const reply = async (session: Session, text: string) => {
    const inSession: Translate = (key, params = {}) => {
      return h.unescape(session.text(pathOf(key), params))
    }
    const tools = { reminders, planner, settings, times }
    return h.text(await answer(ctx, session, { text, say: inSession, tools }))
  }
  ctx
    .command(`${words.command} [text:rawtext]`, { captureQuote: false })
    .action(({ session }, text = '') => reply(present(session, 'session'), h.unescape(text)))
  ctx.inject(['conversation'], (inner) => {
    inner.effect(() =>
      inner.conversation.register({
        texts: 'space-reminders',
        help: words.help,
        intents: { remind: (session, intent) => reply(session, reminderTextOf(intent)) },
      }),
    )
  })
  if (config.welcome) welcomeNewcomers(ctx, say)
  ctx.on('ready', async () => {
    await ctx.model.prepared()
    startClock(ctx, planner)
  })
}

/** Sentences about tasks and refusals are those of the plugins that say them when asked. */
const pathOf = (key: string) => (key.startsWith('space-') ? key : `space-reminders.${key}`)

function timesOf({ weekday, time, until }: Config): NudgeTimes {
  const times = { weekday, minute: minuteFrom('time', time), lastMinute: minuteFrom('until', until) }
  if (times.lastMinute > times.minute) return times
  throw new Error(`space-reminders: until is ${until}, permitted is a time after ${time}`)
}

function minuteFrom(path: string, given: string): number {
  const minute = parseMinute(given)
  if (minute === undefined)
    throw new Error(`space-reminders: ${path} is ${given}, permitted is a time like 08:30`)
  return minute
}
