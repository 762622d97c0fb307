import { decideAccess } from '@space-assistant/core/access/visibility'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import { figure } from '@space-assistant/core/text/figure'
import type { IntentOf } from '@space-assistant/core/understanding/intent'
import type { RankingAnswers } from './answers'
import {
  emptiness,
  joinRankingLines,
  rankingDataLine,
  rankingKey,
  rankingRefusal,
  schoolName,
  scopeName,
  windowText,
} from './frame'
import type { RankingContext } from './frame'
import { queryOf, what } from './school'

type Within = NonNullable<IntentOf<'ranking'>['within']>

/** One school's place among those of a town, a stage or the district. */
export function placeWithin(
  frame: RankingContext,
  { question, answers, within }: { question: RankingQuestion; answers: RankingAnswers; within: Within },
): string {
  const { ctx, say, viewer } = frame
  const target = answers.target(frame, question)
  if (target.kind === 'nothing') return rankingRefusal(frame, target.refusal)
  if (target.kind !== 'within' || target.scope.kind !== 'school')
    return rankingRefusal(frame, { code: 'gap-of-one', params: {} })
  const { code } = target.scope
  const decision = decideAccess(viewer, { kind: 'school-figures', scope: { kind: 'school', school: code } })
  if (!decision.allowed) return rankingRefusal(frame, decision)
  const nothing = emptiness(frame, question.window)
  if (nothing) return rankingRefusal(frame, nothing)
  const list = listWithin(frame, within, code)
  if (!list) return rankingRefusal(frame, { code: 'no-own-town', params: {} })
  const standing = ctx.scoreboard.standing({ ...queryOf(question), ...list })
  const place = standing.place(code)
  const school = schoolName(frame, code)
  const name = list.stage ?? scopeName(frame, list.scope)
  if (!place) return say(rankingKey('school.not-in'), { school, name })
  return joinRankingLines([
    say(rankingKey('school.in'), {
      ...{ school, name, rank: place.rank, size: standing.size, score: figure(place.score) },
      ...{ window: windowText(say, question.window), what: what(frame, question) },
    }),
    rankingDataLine(frame),
  ])
}

function listWithin(
  { ctx }: RankingContext,
  within: Within,
  code: string,
): Pick<StandingQuery, 'scope' | 'stage'> | undefined {
  if (within.startsWith('stage:'))
    return { scope: { kind: 'district' }, stage: within.slice('stage:'.length) }
  if (within === 'district') return { scope: { kind: 'district' } }
  const town = within === 'own-town' ? ctx.roster.school(code)?.town : within.slice('town:'.length)
  return town === undefined ? undefined : { scope: { kind: 'town', town } }
}
