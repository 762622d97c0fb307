import { formatDay } from '@space-assistant/core/calendar/day'
import type { Figures, WeeklyFigures } from '@space-assistant/core/tickets/figures'
import { minutesPerDay } from '@space-assistant/core/calendar/working-hours'
import type { WorkClock } from '@space-assistant/core/calendar/working-hours'
import type { House } from './house'
import { categoryName } from './texts'
import type { Translate } from '@space-assistant/core/text/translate'

const shownSchools = 5

/** Working time as people say it: minutes, hours, working days. */
export function durationText(say: Translate, clock: WorkClock, minutes: number): string {
  const perDay = minutesPerDay(clock)
  const round = (value: number) => Math.round(value * 10) / 10
  if (minutes >= perDay) return say('days', { count: round(minutes / perDay) })
  return minutes >= 60
    ? say('hours', { count: round(minutes / 60) })
    : say('minutes', { count: Math.round(minutes) })
}

/** A window's figures as lines: all, per category, per responder (names are the caller's), the schools with most. */
export function figureLines(
  { say, clock, rules, ctx }: Pick<House, 'say' | 'clock' | 'rules' | 'ctx'>,
  figures: WeeklyFigures,
  helpers: ReadonlyMap<string, string> = new Map(),
): string[] {
  const { window, all, byCategory, bySchool, byHelper } = figures
  const line = (name: string, one: Figures) => figureLine({ say, clock }, name, one)
  const named = bySchool
    .filter(({ key, reported }) => key !== undefined && reported > 0)
    .slice(0, shownSchools)
  return [
    say('figures.head', { from: formatDay(window.from), to: formatDay(window.to) }),
    line(say('figures.all'), all),
    ...byCategory.map((one) => line(categoryName(rules, one.key ?? ''), one)),
    ...named.map((one) => line(ctx.roster.school(one.key ?? '')?.name ?? one.key ?? '', one)),
    ...byHelper.map((one, index) =>
      line(helpers.get(one.key ?? '') ?? say('figures.helper', { number: index + 1 }), one),
    ),
  ]
}

function figureLine(
  { say, clock }: { say: Translate; clock: WorkClock },
  name: string,
  one: Figures,
): string {
  const { reported, resolved, reopened, left, response, resolution, rating } = one
  const parts = [
    say('figures.counts', { reported, resolved, left }),
    ...(reopened ? [say('figures.reopened', { reopened })] : []),
    ...(response ? [say('figures.response', { median: durationText(say, clock, response.median) })] : []),
    ...(resolution
      ? [say('figures.resolution', { median: durationText(say, clock, resolution.median) })]
      : []),
    ...(rating
      ? [say('figures.rating', { mean: Math.round(rating.mean * 10) / 10, count: rating.count })]
      : []),
  ]
  return say('figures.line', { name, parts: parts.join(say('and')) })
}
