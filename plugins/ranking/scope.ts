import { participates, strangerRefusal } from '@space-assistant/core/access/visibility'
import { schoolOfViewer, townsOf } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import type { Refusal } from '@space-assistant/core/access/outcome'

/** What a question is about, once it is known who asks and where. */
export type RankingTarget =
  { kind: 'self' } | { kind: 'within'; scope: StandingQuery['scope'] } | { kind: 'nothing'; refusal: Refusal }

/** Turns "own" into the asker's, or into the group's; somebody without a school who names none gets the district. */
export function targetOf(
  question: RankingQuestion,
  viewer: Viewer,
  townOf: (school: string) => string | undefined,
): RankingTarget {
  const { scope, given } = question
  const { place } = viewer
  const school = schoolOfViewer(viewer) ?? (place.kind === 'group' ? place.school : undefined)
  const within = (found: StandingQuery['scope']): RankingTarget => ({ kind: 'within', scope: found })
  // Naming a school or town helps only who may ask about them.
  const nothing = (code: string): RankingTarget => {
    return {
      kind: 'nothing',
      refusal: { code: participates(viewer) ? code : strangerRefusal(viewer), params: {} },
    }
  }
  switch (scope.kind) {
    case 'self':
      return { kind: 'self' }
    case 'district':
      return within({ kind: 'district' })
    case 'town':
      return within(scope)
    case 'school':
      return within(scope)
    case 'own-town': {
      const town =
        townsOf(viewer)[0] ?? (place.kind === 'group' ? place.town : undefined) ?? (school && townOf(school))
      return town ? within({ kind: 'town', town }) : nothing('no-own-town')
    }
    case 'own-school': {
      if (school !== undefined) return within({ kind: 'school', code: school })
      const [town] = townsOf(viewer)
      if (!given.includes('scope'))
        return within(town === undefined ? { kind: 'district' } : { kind: 'town', town })
      return nothing('no-own-school')
    }
  }
}
