import { formatMinute } from '@space-assistant/core/calendar/clock'
import { isStaff } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { maskName } from '@space-assistant/core/access/masking'
import type { Subject } from '@space-assistant/core/nudges/nudge'
import { occasionsOn, weeklyDay } from '@space-assistant/core/nudges/occasion'
import type { NudgeTimes, Occasion } from '@space-assistant/core/nudges/occasion'
import { parseUpcoming } from '@space-assistant/core/nudges/upcoming'
import { unknownYears } from '@space-assistant/core/calendar/workday'
import { dayOf, formatDay, minuteOf } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import type { Context } from 'koishi'
import type { Placed, Planner } from './planner'
import type { Renderer } from './render'
import type { Translate } from '@space-assistant/core/text/translate'
import type { Settings } from './settings'
import { words } from './wish'

/** What the command works with. */
export interface CommandTools {
  planner: Planner
  settings: Settings
  renderer: Renderer
  times: NudgeTimes
}

export interface PreviewRequest extends CommandTools {
  /** A day in words; empty for the next day on which there is something. */
  wish: string
  say: Translate
  viewer: Viewer
}

const AHEAD_DAYS = 30
const EXAMPLES = 3

/** Who would get what, when, and why somebody gets nothing. Plans like the clock does, and writes nothing. */
export async function makeReminderPreview(ctx: Context, request: PreviewRequest): Promise<string> {
  const { wish, say } = request
  const today = dayOf(new Date())
  const { dates } = ctx.schemes.headers
  const asked = wish ? parseUpcoming(wish, today, { ...words, dates }) : undefined
  if (wish && !asked) {
    return say('refusal.preview-day', { given: Array.from(wish).slice(0, 12).join('') })
  }
  const day = asked?.day ?? nextDay(ctx, request, today)
  if (day === undefined) return say('preview.none-soon', { days: AHEAD_DAYS })
  const occasions = occasionsOf(ctx, request, day)
  if (!occasions.length) return say('preview.nothing', { day: formatDay(day), why: why(ctx, request, day) })
  const parts: string[] = []
  for (const occasion of occasions) parts.push(await describe(ctx, request, occasion))
  const years = unknownYears({ from: day, to: day }, ctx.schemes.calendar)
  if (years.length) parts.push(say('preview.unknown-years', { years: years.join(say('and')) }))
  return parts.join('\n')
}

function occasionsOf(ctx: Context, { times }: PreviewRequest, day: Day): Occasion[] {
  return occasionsOn(ctx.schemes.active, ctx.schemes.calendar, day, times)
}

function nextDay(ctx: Context, request: PreviewRequest, today: Day): Day | undefined {
  for (let day = today; day <= today + AHEAD_DAYS; day++) {
    if (occasionsOf(ctx, request, day).length) return day
  }
  return undefined
}

function why(ctx: Context, { say, times }: PreviewRequest, day: Day): string {
  const found = weeklyDay(ctx.schemes.active, ctx.schemes.calendar, day, times)
  if ('none' in found) return say(`preview.why.${found.none}`)
  return say('preview.why.other-day', { on: formatDay(found.day) })
}

interface Tally {
  told: number
  silent: number
  reasons: Map<string, { count: number; examples: string[] }>
  example: string
}

async function describe(ctx: Context, request: PreviewRequest, occasion: Occasion): Promise<string> {
  const { say, planner } = request
  const audiences = new Map<string, Tally>()
  for await (const batch of planner.verdicts(occasion)) {
    for (const placed of batch) count(ctx, request, { audiences, placed })
  }
  const lines = [...audiences].flatMap(([audience, tally]) => {
    const head = say('preview.told', { audience: say(`audience.${audience}`), ...tally })
    return tally.reasons.size ? [head, reasonsLine(say, tally)] : [head]
  })
  const examples = [...audiences].flatMap(([audience, { example }]) => {
    return example ? say('preview.example', { audience: say(`audience.${audience}`), text: example }) : []
  })
  const state = await stateLine(request, occasion)
  return [title(say, occasion), ...(state ? [state] : []), ...lines, ...examples].join('\n')
}

function title(say: Translate, occasion: Occasion): string {
  const params = { day: formatDay(occasion.day), time: formatMinute(minuteOf(occasion.due)) }
  if (occasion.kind === 'weekly') return say('preview.weekly', params)
  const left = occasion.kind === 'phase-deadline' ? occasion.daysLeft : undefined
  const key = left === 0 ? 'phase-last-day' : occasion.kind
  return say(`preview.${key}`, { ...params, phase: occasion.phase.name, left })
}

async function stateLine({ planner, say }: PreviewRequest, { key }: Occasion): Promise<string | undefined> {
  const run = await planner.claims.find(key)
  if (!run) return
  const time = formatMinute(minuteOf(new Date(Number(run.finishedAt) || Number(run.startedAt))))
  return say(`preview.${run.state}`, { time, told: run.told })
}

function reasonsLine(say: Translate, { reasons }: Tally): string {
  const parts = [...reasons]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([reason, { count, examples }]) =>
      say('preview.reason', { reason: say(`reason.${reason}`), count, examples: examples.join(say('and')) }),
    )
  return say('preview.reasons', { reasons: parts.join(say('and')) })
}

function count(
  ctx: Context,
  { say, viewer, renderer }: PreviewRequest,
  { audiences, placed }: { audiences: Map<string, Tally>; placed: Placed },
): void {
  const { audience, subject } = 'nudge' in placed ? placed.nudge : placed.silence
  const tally: Tally = audiences.get(audience) ?? { told: 0, silent: 0, reasons: new Map(), example: '' }
  audiences.set(audience, tally)
  const open = isStaff(viewer) && viewer.place.kind === 'private'
  if ('nudge' in placed) {
    tally.told++
    // Where others read along, the example is what a group would read.
    tally.example ||= renderer.text(placed.nudge, open ? (placed.mailbox?.place ?? 'private') : 'group')
    return
  }
  tally.silent++
  const known = tally.reasons.get(placed.silence.reason)
  const reason = known ?? { count: 0, examples: [] as string[] }
  tally.reasons.set(placed.silence.reason, reason)
  reason.count++
  if (reason.examples.length < EXAMPLES) reason.examples.push(nameOf(ctx, say, { subject, open }))
}

function nameOf(
  ctx: Context,
  say: Translate,
  { subject, open }: { subject: Subject; open: boolean },
): string {
  switch (subject.kind) {
    case 'member': {
      const name = ctx.roster.member(subject.account)?.name ?? ''
      return open ? name : maskName(name)
    }
    case 'school':
      return say('preview.group-of', { school: ctx.roster.school(subject.code)?.name ?? subject.code })
    case 'office':
      return say('preview.someone')
  }
}
