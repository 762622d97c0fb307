import { decideAccess } from '@space-assistant/core/access/visibility'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import type { QuestionWindow } from '@space-assistant/core/ranking/question-window'
import { figure } from '@space-assistant/core/text/figure'
import {
  emptiness,
  isScored,
  joinRankingLines,
  rankingDataLine,
  rankingKey,
  rankingRefusal,
  scopeName,
  windowText,
} from './frame'
import type { RankingContext } from './frame'

/** How many students took part, as the schools' table has it; students are counted, never named. */
export function participationAnswer(frame: RankingContext, scope: StandingQuery['scope']): string {
  const { ctx, say, viewer } = frame
  const decision = decideAccess(viewer, { kind: 'school-figures', scope: { kind: 'district' } })
  if (!decision.allowed) return rankingRefusal(frame, decision)
  const schools = ctx.roster.schools().filter(({ code, town }) => {
    if (scope.kind === 'school') return code === scope.code
    return scope.kind === 'district' || town === scope.town
  })
  if (!schools.length) return rankingRefusal(frame, { code: 'no-schools', params: {} })
  const where = scopeName(frame, scope)
  let [students, tookPart, unknown] = [0, 0, 0]
  for (const school of schools) {
    if (school.students === undefined || school.studentsTookPart === undefined) unknown++
    else {
      students += school.students
      tookPart += school.studentsTookPart
    }
  }
  if (!students) return say(rankingKey('participation.nobody'), { where })
  // Rounded down, as the share of opened spaces is.
  const rate = `${figure(Math.floor((tookPart / students) * 1000 + 1e-9) / 10)}%`
  return joinRankingLines([
    say(rankingKey('participation.head'), { where, rate, students, tookPart }),
    unknown > 0 && say(rankingKey('participation.schools-unknown'), { count: unknown }),
  ])
}

/** How many of the active members had a point in a window; no names. */
export function activityAnswer(
  frame: RankingContext,
  scope: StandingQuery['scope'],
  window: QuestionWindow,
): string {
  const { ctx, say, viewer } = frame
  const decision = decideAccess(viewer, { kind: 'school-figures', scope: { kind: 'district' } })
  if (!decision.allowed) return rankingRefusal(frame, decision)
  const nothing = emptiness(frame, window)
  if (nothing) return rankingRefusal(frame, nothing)
  const { from, to } = window
  const members = new Set<string>()
  const active = new Set<string>()
  for (const [role, of] of [
    ['teacher', 'teachers'],
    ['administrator', 'administrators'],
  ] as const) {
    if (!isScored(frame, role)) continue
    const standing = ctx.scoreboard.standing({ of, window: { from, to }, scope })
    for (const { code, score } of standing.entries(0, standing.size)) {
      members.add(code)
      if (score > 0) active.add(code)
    }
  }
  if (!members.size) return rankingRefusal(frame, { code: 'nobody-ranked', params: {} })
  const params = {
    ...{ where: scopeName(frame, scope), window: windowText(say, window) },
    ...{ members: members.size, active: active.size },
    rate: `${figure(Math.floor((active.size / members.size) * 1000 + 1e-9) / 10)}%`,
  }
  return joinRankingLines([say(rankingKey('activity.head'), params), rankingDataLine(frame)])
}
