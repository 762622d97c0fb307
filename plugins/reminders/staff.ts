import type { Viewer } from '@space-assistant/core/access/viewer'
import { dayOf, formatDay, mondayOf } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import { unknownYears } from '@space-assistant/core/calendar/workday'
import { weeklyDay } from '@space-assistant/core/nudges/occasion'
import type { NudgeTimes } from '@space-assistant/core/nudges/occasion'
import { parseUpcoming } from '@space-assistant/core/nudges/upcoming'
import type { Translate } from '@space-assistant/core/text/translate'
import type { Context, Session } from 'koishi'
import { h } from 'koishi'
import type { Planner } from './planner'
import { dayPreviewLines } from './preview-text'
import type { HeldWeek, Reminders } from './service'
import type { Settings } from './settings'
import { words } from './wish'
import type { ReminderCommand } from './wish'

/** The sentence of a refusal. */
export type Refuse = (refusal: { code: string; params: object }) => string

/** What the command works with. */
export interface CommandTools {
  reminders: Reminders
  planner: Planner
  settings: Settings
  times: NudgeTimes
}

interface StaffRequest {
  say: Translate
  viewer: Viewer
  tools: CommandTools
  refuse: Refuse
}

const AHEAD_DAYS = 30
const WAIT_MS = 10 * 60_000

/** Who would get what, when, and why somebody gets nothing. */
export async function previewText(
  ctx: Context,
  { say, viewer, tools, refuse, given }: StaffRequest & { given: string },
): Promise<string> {
  const may = ctx.access.check(viewer, { kind: 'announce' })
  if (!may.ok) return refuse(may)
  const today = dayOf(new Date())
  const asked = given ? dayIn(ctx, given, today) : undefined
  if (given && asked === undefined) {
    return say('refusal.preview-day', { given: Array.from(given).slice(0, 12).join('') })
  }
  const { planner, reminders, times } = tools
  const soon = Array.from({ length: AHEAD_DAYS + 1 }, (_, ahead) => today + ahead)
  const day = asked ?? soon.find((each) => planner.on(each).length > 0)
  if (day === undefined) return say('preview.none-soon', { days: AHEAD_DAYS })
  if (!planner.on(day).length)
    return say('preview.nothing', { day: formatDay(day), why: why(ctx, { say, times }, day) })
  const outcome = await reminders.previewDay(viewer, day, say)
  if (!outcome.ok) return refuse(outcome)
  const years = unknownYears({ from: day, to: day }, ctx.schemes.calendar)
  const note = years.length ? [say('preview.unknown-years', { years: years.join(say('and')) })] : []
  return [...dayPreviewLines(say, outcome.value), ...note].join('\n')
}

function why(ctx: Context, { say, times }: { say: Translate; times: NudgeTimes }, day: Day): string {
  const found = weeklyDay(ctx.schemes.active, ctx.schemes.calendar, day, times)
  if ('none' in found) return say(`preview.why.${found.none}`)
  return say('preview.why.other-day', { on: formatDay(found.day) })
}

/** The Monday of a week that is named as such. */
export function weekOf(given: string, today: Day): Day | undefined {
  const weeks: Partial<Record<string, number>> = words.weeks
  const ahead = weeks[given]
  return ahead === undefined ? undefined : mondayOf(today) + ahead
}

function dayIn(ctx: Context, given: string, today: Day): Day | undefined {
  const { dates } = ctx.schemes.headers
  return weekOf(given, today) ?? parseUpcoming(given, today, { ...words, dates })?.day
}

/**
 * Holding the whole district's reminders, and letting them go on. Staff who pause a week by its name may mean
 * everybody's, so they are asked. Undefined: something else is wanted.
 */
export async function holdingText(
  ctx: Context,
  session: Session,
  request: StaffRequest & { wish: ReminderCommand },
): Promise<string | undefined> {
  const { say, viewer, tools, wish, refuse } = request
  if (wish.kind !== 'hold' && wish.kind !== 'lift' && wish.kind !== 'pause') return undefined
  const may = ctx.access.check(viewer, { kind: 'announce' })
  const today = dayOf(new Date())
  const isNamed = weekOf(wish.day, today) !== undefined
  if (wish.kind === 'pause' && (!may.ok || !isNamed)) return undefined
  if (!may.ok) return refuse(may)
  const day = dayIn(ctx, wish.day || (Object.keys(words.weeks)[0] ?? ''), today)
  if (day === undefined)
    return say('refusal.which-week', { given: Array.from(wish.day).slice(0, 12).join('') })
  if (wish.kind === 'lift') {
    const outcome = await tools.reminders.lift(viewer, day, { now: new Date() })
    if (!outcome.ok) return refuse(outcome)
    const { changed, late } = outcome.value
    return say(`hold.${changed ? (late ? 'lifted-late' : 'lifted') : 'not-held'}`, paramsOf(outcome.value))
  }
  return askToHold(ctx, session, { ...request, day })
}

function askToHold(
  ctx: Context,
  session: Session,
  { say, tools, refuse, day }: StaffRequest & { day: Day },
): string {
  const now = new Date()
  const from = mondayOf(day)
  if (from + 6 < dayOf(now)) return refuse({ code: 'week-over', params: paramsOf({ from, to: from + 6 }) })
  const ahead = (from - mondayOf(dayOf(now))) / 7
  const week = say(`hold.${ahead === 0 ? 'this' : ahead === 1 ? 'next' : 'that'}`)
  const number = ctx.conversation.ask(session, {
    about: 'reminders-hold',
    form: 'act',
    label: say('hold.label', { week }),
    ms: WAIT_MS,
    expired: say('hold.expired', { week }),
    answer: async (next, answer) => {
      if (answer.kind !== 'yes') return h.text(say('hold.kept', { week }))
      const current = await ctx.access.viewer(next)
      const by = next.event.member?.nick ?? next.username
      const outcome = await tools.reminders.hold(current, day, { by, now: new Date() })
      if (!outcome.ok) return h.text(refuse(outcome))
      return h.text(say(`hold.${outcome.value.changed ? 'held' : 'already'}`, paramsOf(outcome.value)))
    },
  })
  return say('hold.ask', { ...paramsOf({ from, to: from + 6 }), week, number })
}

function paramsOf({ from, to }: Pick<HeldWeek, 'from' | 'to'>) {
  return { from: formatDay(from), to: formatDay(to), day: formatDay(to) }
}
