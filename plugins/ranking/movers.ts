import { windowWeekBefore } from '@space-assistant/core/ranking/week-before'
import { decideAccess } from '@space-assistant/core/access/visibility'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import type { RankingAnswers } from './answers'
import { emptiness, joinRankingLines, rankingDataLine, rankingKey, rankingRefusal } from './frame'
import type { RankingContext } from './frame'
import { queryOf } from './school'

const shown = 5

/** The schools that have won or lost most places since the end of last week. */
export function moversAnswer(
  frame: RankingContext,
  {
    question,
    answers,
    show,
  }: { question: RankingQuestion; answers: RankingAnswers; show: 'risers' | 'fallers' },
): string {
  const { ctx, say, viewer } = frame
  if (question.of !== 'school') return say(rankingKey('movers.schools-only'))
  const wide = question.given.includes('scope')
    ? question
    : { ...question, scope: { kind: 'district' as const } }
  const target = answers.target(frame, wide)
  if (target.kind === 'nothing') return rankingRefusal(frame, target.refusal)
  const decision = decideAccess(viewer, { kind: 'school-standing', scope: { kind: 'district' } })
  if (!decision.allowed) return rankingRefusal(frame, decision)
  const nothing = emptiness(frame, question.window)
  if (nothing) return rankingRefusal(frame, nothing)
  const { dataUntil } = ctx.scoreboard
  const before = dataUntil === undefined ? undefined : windowWeekBefore(question.window, dataUntil)
  if (!before) return say(rankingKey('movers.too-short'))
  const inTown = target.kind === 'within' && target.scope.kind === 'town' ? target.scope : undefined
  const query = {
    ...queryOf(question),
    ...(inTown && { scope: inTown }),
    ...(question.stage && { stage: question.stage }),
  }
  const standing = ctx.scoreboard.standing(query)
  const earlier = ctx.scoreboard.standing({ ...query, window: before })
  const sign = show === 'risers' ? 1 : -1
  const moved = standing
    .entries(0, standing.size)
    .map((place) => ({ place, places: standing.changeSince(earlier, place.code)?.places ?? 0 }))
    .filter(({ places }) => places * sign > 0)
    .sort((a, b) => (b.places - a.places) * sign || a.place.rank - b.place.rank)
    .slice(0, shown)
  const since = formatDay(before.to)
  if (!moved.length)
    return joinRankingLines([say(rankingKey('movers.none'), { since }), rankingDataLine(frame)])
  const lines = moved.map(({ place, places }) =>
    say(rankingKey(`movers.${show}`), { name: place.name, rank: place.rank, places: Math.abs(places) }),
  )
  return joinRankingLines([
    say(rankingKey(`movers.head-${show}`), { since }),
    ...lines,
    rankingDataLine(frame),
  ])
}
