import { windowWeekBefore } from '@space-assistant/core/ranking/week-before'
import { figure } from '@space-assistant/core/text/figure'
import { decideAccess } from '@space-assistant/core/access/visibility'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import { formatDay, mondayOf } from '@space-assistant/core/calendar/day'
import {
  rankingDataLine,
  emptiness,
  gapText,
  joinRankingLines,
  rankingKey,
  rankingRefusal,
  schoolName,
  windowText,
} from './frame'
import type { RankingContext } from './frame'
import { schoolReasons } from './school-reasons'
import { compare } from './snapshot'

/**
 * One school: its score and place, what changed, and the platform's figure; `why`: what the score is made of, otherwise
 * who is before and after.
 */
export async function answerSchoolRanking(
  frame: RankingContext,
  code: string,
  { question, why }: { question: RankingQuestion; why: boolean },
): Promise<string> {
  const { ctx, say, viewer } = frame
  const decision = decideAccess(viewer, { kind: 'school-figures', scope: { kind: 'school', school: code } })
  if (!decision.allowed) return rankingRefusal(frame, decision)
  const nothing = emptiness(frame, question.window)
  if (nothing) return rankingRefusal(frame, nothing)
  const { scoreboard } = ctx
  const query = queryOf(question)
  const standing = scoreboard.standing(query)
  const place = standing.place(code)
  const name = schoolName(frame, code)
  if (!place) return rankingRefusal(frame, { code: 'not-ranked', params: { school: name } })
  const window = windowText(say, question.window)
  const head = say(rankingKey('school.head'), {
    school: name,
    window,
    what: what(frame, question),
    score: figure(place.score),
    rank: place.rank,
    size: standing.size,
  })
  return joinRankingLines([
    head + change(frame, query, code),
    ...(why
      ? schoolReasons(frame, code, question)
      : [others(frame, query, code), neighbours(frame, query, code)]),
    await platform(frame, code, question),
    rankingDataLine(frame),
  ])
}

/** What is compared when it is not the whole score. */
export function what(
  frame: RankingContext,
  { indicators, stage }: Pick<RankingQuestion, 'indicators' | 'stage'>,
): string {
  const parts = [...(indicators ? [nameOf(frame, indicators)] : []), ...(stage ? [stage] : [])]
  return parts.length ? frame.say(rankingKey('what'), { what: parts.join(' ') }) : ''
}

/** A group of indicators by its name, others by their own, of many the first. */
function nameOf({ ctx, say }: RankingContext, names: readonly string[]): string {
  const { indicators } = ctx.schemes.active
  const members = (group: string) => indicators.filter((one) => one.group === group).map(({ name }) => name)
  const group = indicators.find(({ name }) => name === names[0])?.group
  if (group !== undefined && members(group).length > 1 && sameNames(members(group), names)) return group
  const listed = names.slice(0, 3).join(say(rankingKey('and')))
  return names.length > 3 ? say(rankingKey('and-more'), { listed, count: names.length }) : listed
}

const sameNames = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((name) => b.includes(name))

export function queryOf(question: RankingQuestion): StandingQuery & { of: 'schools' } {
  const { window, indicators } = question
  const { from, to } = window
  return {
    of: 'schools',
    window: { from, to },
    scope: { kind: 'district' },
    ...(indicators && { indicators }),
  }
}

/** Places won or lost since last week, in brackets. */
export function change({ ctx, say, today }: RankingContext, query: StandingQuery, code: string): string {
  const { dataUntil } = ctx.scoreboard
  const before = dataUntil === undefined ? undefined : windowWeekBefore(query.window, dataUntil)
  if (!before) return ''
  const standing = ctx.scoreboard.standing(query)
  const earlier = ctx.scoreboard.standing({ ...query, window: before })
  // While nobody had a point all were first, and whoever is behind now has lost nothing.
  if (!earlier.entries(0, 1)[0]?.score) return ''
  const moved = standing.changeSince(earlier, code)
  if (!moved) return ''
  const since =
    before.to === mondayOf(today) - 1
      ? say(rankingKey('change.last-week'))
      : say(rankingKey('change.day'), { day: formatDay(before.to) })
  if (moved.places === 0) return say(rankingKey('change.same'), { since })
  return say(rankingKey(moved.places > 0 ? 'change.up' : 'change.down'), {
    since,
    places: Math.abs(moved.places),
  })
}

/** Places within the town and the stage. */
function others(frame: RankingContext, query: StandingQuery, code: string): string {
  const { ctx, say } = frame
  const school = ctx.roster.school(code)
  const parts: string[] = []
  const add = (name: string, narrowed: StandingQuery) => {
    const standing = ctx.scoreboard.standing(narrowed)
    const place = standing.place(code)
    if (place) parts.push(say(rankingKey('school.within'), { name, rank: place.rank, size: standing.size }))
  }
  if (school?.town) add(school.town, { ...query, scope: { kind: 'town', town: school.town } })
  if (school?.stage) add(school.stage, { ...query, stage: school.stage })
  return parts.join(say(rankingKey('and')))
}

function neighbours({ ctx, say }: RankingContext, query: StandingQuery, code: string): string {
  const around = ctx.scoreboard.standing(query).around(code, 1)
  const at = around.findIndex((place) => place.code === code)
  const own = around[at]
  const parts = around.flatMap((place, i) => {
    if (i === at || !own) return []
    const params = { name: place.name, rank: place.rank, score: figure(place.score) }
    if (place.rank === own.rank) return [say(rankingKey('school.tied'), params)]
    const gap = gapText(say, place.score, own.score)
    return [say(rankingKey(i < at ? 'school.before' : 'school.after'), { ...params, gap })]
  })
  return parts.join(say(rankingKey('then')))
}

async function platform(
  { ctx, say }: RankingContext,
  code: string,
  question: RankingQuestion,
): Promise<string> {
  if (question.window.kind !== 'period' || question.indicators) return ''
  const snapshot = await ctx.scoreboard.snapshot({ kind: 'school', code })
  if (!snapshot) return ''
  const { board } = ctx.scoreboard
  const window = { from: question.window.from, to: snapshot.day }
  const estimate = board.schoolScore(code, window)?.score ?? 0
  const of = (indicator: string) => board.schoolScore(code, window, [indicator])?.score ?? 0
  return compare(say, { snapshot, estimate, of })
}
