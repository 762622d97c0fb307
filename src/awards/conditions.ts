import type { Award, AwardCondition, AwardSource } from '../scheme/scheme'
import { knownRate, meetsActivation, spacesMissing } from './activation'
import type { Met } from './evidence'
import { firstPlaces, firstPlacesOf, isAmongFirst } from './places'
import type { FirstPlaces, RankedOrder } from './places'
import type { AwardRankings } from './ranking'

export const conditionKinds = [
  'activation',
  'rank',
  'judgement',
  'rubric',
  'notStage',
  'schoolAwarded',
] as const
/** A condition by its key in the scheme file. */
export type ConditionKind = (typeof conditionKinds)[number]

/** What is missing to meet a condition: places and points of a ranking, or spaces to be opened. */
export interface ConditionGap {
  places?: number
  points?: number
  spaces?: number
}

/** One condition of an award as it stands for one candidate. */
export interface ConditionState {
  kind: ConditionKind
  needed: number | string | readonly string[]
  value: number | string | boolean | null
  met: Met
  gap?: ConditionGap
}

/** A candidate by numbers: its school's index, and its slot when it is a member. */
export interface CandidateIds {
  school: number
  slot: number | undefined
  /** Account or school code. */
  code: string
}

/** One condition made ready for many candidates. */
export interface ConditionTest {
  met(ids: CandidateIds): Met
  state(ids: CandidateIds): ConditionState
}

/** What a condition may ask about other awards. */
export interface AwardOutcomes {
  /** Whether a school has an award. */
  selected(award: string, code: string): Met
}

interface Frame {
  award: Award
  rankings: AwardRankings
  outcomes: AwardOutcomes
}

/** Makes a condition ready; everything that all candidates have in common is computed here. */
export function prepareCondition(condition: AwardCondition, frame: Frame): ConditionTest {
  switch (condition.kind) {
    case 'activation':
      return activationTest(condition.min, frame)
    case 'rank':
      return rankTest(condition, frame)
    case 'judgement':
      return withValue('judgement', condition.text, ({ code }) => {
        const decided = frame.rankings.evidence.judgement(frame.award.name, code, condition.text)
        return { value: decided ?? null, met: decided ?? null }
      })
    case 'rubric':
      return rubricTest(condition.rubric, frame)
    case 'not-stage':
      return withValue('notStage', condition.stages, ({ school }) => {
        const stage = frame.rankings.evidence.board.people.schools[school]?.stage
        return { value: stage ?? null, met: stage === undefined ? null : !condition.stages.includes(stage) }
      })
    case 'school-awarded':
      return withValue('schoolAwarded', condition.award, ({ school }) => {
        const code = frame.rankings.evidence.board.people.schools[school]?.code ?? ''
        const met = frame.outcomes.selected(condition.award, code)
        return { value: met, met }
      })
  }
}

function withValue(
  kind: ConditionKind,
  needed: ConditionState['needed'],
  valueOf: (ids: CandidateIds) => Pick<ConditionState, 'value' | 'met'>,
): ConditionTest {
  return {
    met: (ids) => valueOf(ids).met,
    state: (ids) => ({ kind, needed, ...valueOf(ids) }),
  }
}

function activationTest(min: number, { rankings }: Frame): ConditionTest {
  return {
    met: ({ school }) => meetsActivation(rankings.activation(school), min),
    state({ school }) {
      const activation = rankings.activation(school)
      const [rate, met] = [knownRate(activation), meetsActivation(activation, min)]
      const spaces = met === true ? 0 : (spacesMissing(activation, min) ?? 0)
      return {
        kind: 'activation',
        needed: min,
        value: rate === null ? null : Math.round(rate * 1e6) / 1e6,
        met,
        ...(spaces > 0 && { gap: { spaces } }),
      }
    },
  }
}

/** A ranking with its first places, by which candidates are chosen. */
export interface RankedPlaces {
  ranking: RankedOrder
  places: FirstPlaces
}

/** The ranking that a condition asks for and how its first places come out. */
export function placesOf(
  condition: Extract<AwardCondition, { kind: 'rank' }>,
  { award, rankings }: Pick<Frame, 'award' | 'rankings'>,
): RankedPlaces {
  const ranking = rankings.order(condition, award)
  return { ranking, places: firstPlacesOf(ranking, condition.first) }
}

function rankTest(condition: Extract<AwardCondition, { kind: 'rank' }>, frame: Frame): ConditionTest {
  const { ranking, places } = placesOf(condition, frame)
  const { tie, source } = frame.award
  const rankOf = ({ school, slot }: CandidateIds) =>
    ranking.ranks[condition.of === 'school' ? school : (slot ?? -1)] ?? 0
  const metOf = (rank: number): Met => (rank ? isAmongFirst(rank, places, tie) : unrankedMet(source))
  return {
    met: (ids) => metOf(rankOf(ids)),
    state(ids) {
      const rank = rankOf(ids)
      const gap = rank > condition.first ? gapTo(condition.first, rank, ranking) : undefined
      return {
        kind: 'rank',
        needed: condition.first,
        value: rank || null,
        met: metOf(rank),
        ...(gap && { gap }),
      }
    },
  }
}

/** Whoever is missing in the platform's report may be in the next one; who has no score of ours has none. */
function unrankedMet(source: AwardSource): Met {
  return source === 'snapshot' ? null : false
}

/** Places and points between a rank and the last of the first places. */
function gapTo(first: number, rank: number, { order, unit }: RankedOrder): ConditionGap {
  const points = (order.units[first - 1] ?? 0) - (order.units[rank - 1] ?? 0)
  return { places: rank - first, points: Math.round((points / unit) * 1e6) / 1e6 }
}

function rubricTest(rubric: string, { award, rankings }: Frame): ConditionTest {
  const results = rankings.evidence.rubrics.get(award.name)
  const ranks = [...(results?.values() ?? [])].flatMap(({ rank }) => rank ?? [])
  const places = award.first === undefined ? undefined : firstPlaces(ranks, award.first)
  return withValue('rubric', rubric, ({ code }) => {
    const result = results?.get(code)
    const rank = result?.rank ?? null
    const met = rank === null || !places ? null : isAmongFirst(rank, places, award.tie)
    return { value: result?.score ?? null, met }
  })
}
