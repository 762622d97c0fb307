import type { Award, AwardCondition, Scheme } from '../scheme/scheme'
import { compareCodes } from '../scoring/people'
import { placesOf, prepareCondition } from './conditions'
import type { AwardOutcomes, CandidateIds, ConditionState, ConditionTest, RankedPlaces } from './conditions'
import { allMet } from './evidence'
import type { AwardEvidence, Met } from './evidence'
import { firstPlaces } from './places'
import { AwardRankings, subjectRole } from './ranking'
import { orderBy } from '../ranking/order'

/** One who may get an award, with every condition as it stands. */
export interface AwardCandidate {
  /** Account or school code. */
  code: string
  name: string
  /** Code of the own school; for schools the code itself. */
  school: string
  rank: number | null
  score: number | null
  conditions: ConditionState[]
  /** null is not decided: a tie over the last place, a judgement or a rubric that is still open. */
  selected: Met
}

/** A part of an award's list, best first. */
export interface AwardBoard {
  standing: AwardStanding
  candidates: readonly AwardCandidate[]
  /** How many get the award, and of how many that is open. */
  count: { selected: number; open: number }
}

/** Every award of a scheme as it stands; an award of people may ask for an award of their school. */
export class AwardStandings implements AwardOutcomes {
  readonly all: readonly AwardStanding[]

  constructor(scheme: Pick<Scheme, 'awards'>, evidence: AwardEvidence) {
    const rankings = new AwardRankings(evidence)
    this.all = scheme.awards.map((award) => new AwardStanding(award, rankings, this))
  }

  of(award: string): AwardStanding | undefined {
    return this.all.find((one) => one.award.name === award)
  }

  selected(award: string, code: string): Met {
    return this.of(award)?.selected(code) ?? null
  }
}

/** One award: who is in its ranking, who is in and who is out. What is asked for is computed when it is asked for. */
export class AwardStanding {
  #prepared: Prepared | undefined

  constructor(
    readonly award: Award,
    readonly rankings: AwardRankings,
    private readonly outcomes: AwardOutcomes,
  ) {}

  /** How many are in the ranking. */
  get population(): number {
    return this.#ready().list.length
  }

  /** How many more than N have a rank up to N. */
  get overBy(): number {
    return this.#ready().overBy
  }

  /** Last day of the report that the award goes by, where it goes by one. */
  get reportDay(): number | undefined {
    return this.award.source === 'snapshot' ? this.rankings.evidence.snapshot?.day : undefined
  }

  /** Candidates from a position of the list on, best first, equal ones in order of code. */
  *candidates(from = 0, count = Infinity): Generator<AwardCandidate> {
    const { list } = this.#ready()
    for (let at = from; at < Math.min(list.length, from + count); at++) {
      const id = list[at]
      if (id !== undefined) yield this.#candidate(id)
    }
  }

  /** One candidate by account or school code; undefined for who is not in the ranking. */
  candidate(code: string): AwardCandidate | undefined {
    const id = this.#id(code)
    return id === undefined ? undefined : this.#candidate(id)
  }

  /** Whether somebody gets the award; false for who is not in the ranking. */
  selected(code: string): Met {
    const id = this.#id(code)
    return id === undefined ? false : this.#selected(this.#ids(id))
  }

  /** How many get the award for certain, and of how many that is still open. */
  count(): { selected: number; open: number } {
    const { list, placed } = this.#ready()
    const counts = { selected: 0, open: 0 }
    // Whoever stands behind the first places of the ranking is out, whatever the other conditions say.
    for (const id of list.subarray(0, placed)) {
      const selected = this.#selected(this.#ids(id))
      if (selected) counts.selected++
      else if (selected === null) counts.open++
    }
    return counts
  }

  #id(code: string): number | undefined {
    const { people } = this.rankings.evidence.board
    const id = this.award.subject === 'school' ? people.schoolIndex(code) : people.slot(code)
    return id !== undefined && this.#ready().isIn(id) ? id : undefined
  }

  #ready(): Prepared {
    return (this.#prepared ??= prepare(this.award, this.rankings, this.outcomes))
  }

  #ids(id: number): CandidateIds {
    const { people } = this.rankings.evidence.board
    if (this.award.subject === 'school')
      return { school: id, slot: undefined, code: people.schools[id]?.code ?? '' }
    return { school: people.schoolOf[id] ?? -1, slot: id, code: people.accounts[id] ?? '' }
  }

  #selected(ids: CandidateIds): Met {
    return allMet(this.#ready().tests.map((test) => test.met(ids)))
  }

  #candidate(id: number): AwardCandidate {
    const { people } = this.rankings.evidence.board
    const { tests, placeOf } = this.#ready()
    const ids = this.#ids(id)
    const school = people.schools[ids.school]
    const conditions = tests.map((test) => test.state(ids))
    return {
      code: ids.code,
      name: (ids.slot === undefined ? school?.name : people.members[ids.slot]?.name) ?? ids.code,
      school: school?.code ?? '',
      ...placeOf(ids),
      conditions,
      selected: allMet(conditions.map(({ met }) => met)),
    }
  }
}

interface Prepared {
  tests: readonly ConditionTest[]
  /** Slots or indexes of schools, best first. */
  list: Uint32Array
  isIn: (id: number) => boolean
  placeOf: (ids: CandidateIds) => { rank: number | null; score: number | null }
  overBy: number
  /** How many of the list may get the award at all. */
  placed: number
}

type RankCondition = Extract<AwardCondition, { kind: 'rank' }>

function prepare(award: Award, rankings: AwardRankings, outcomes: AwardOutcomes): Prepared {
  const frame = { award, rankings, outcomes }
  const tests = award.conditions.map((condition) => prepareCondition(condition, frame))
  const ranks = award.conditions.filter((one): one is RankCondition => one.kind === 'rank')
  const main = ranks.find(({ of }) => of === award.subject) ?? ranks[0]
  if (main) return { tests, ...byRanking(main, placesOf(main, frame), frame) }
  return { tests, ...byRubric(frame) }
}

type Listed = Omit<Prepared, 'tests'>
interface Frame {
  award: Award
  rankings: AwardRankings
}

/** Everybody who is ranked; members by the rank of their school where the award asks for that. */
function byRanking(
  { of }: RankCondition,
  { ranking, places }: RankedPlaces,
  { award, rankings }: Frame,
): Listed {
  const { people } = rankings.evidence.board
  const { order, ranks, unit } = ranking
  const key = ({ school, slot }: CandidateIds) => (of === 'school' ? school : (slot ?? -1))
  const placeOf = (ids: CandidateIds) => {
    const rank = ranks[key(ids)] ?? 0
    return { rank: rank || null, score: rank ? (order.units[rank - 1] ?? 0) / unit : null }
  }
  const role = subjectRole(award.subject)
  if (of !== 'school' || !role)
    return {
      ...{ list: order.ids, isIn: (id: number) => Boolean(ranks[id]), placeOf },
      ...{ overBy: places.overBy, placed: places.within },
    }
  const rankOf = (slot: number) => ranks[people.schoolOf[slot] ?? -1] ?? 0
  const ids = people.active[role].filter((slot) => rankOf(slot) > 0)
  const list = orderBy(ids, (slot) => people.schools.length - rankOf(slot)).ids
  const known = new Set(list)
  return { list, isIn: (id) => known.has(id), placeOf, overBy: places.overBy, placed: list.length }
}

/** Nominees in order of their result; without a rubric, everybody who takes part, in order of code. */
function byRubric({ award, rankings }: Frame): Listed {
  const { evidence } = rankings
  const results = evidence.rubrics.get(award.name)
  const hasRubric = award.conditions.some(({ kind }) => kind === 'rubric')
  const found = hasRubric ? nomineesOf({ award, rankings }) : everybody({ award, rankings })
  const rankOf = (code: string) => results?.get(code)?.rank ?? null
  const listed = found
    .map((one) => ({ ...one, rank: rankOf(one.code) ?? Infinity }))
    .sort((a, b) => (a.rank === b.rank ? compareCodes(a.code, b.code) : a.rank - b.rank))
  const list = Uint32Array.from(listed, ({ id }) => id)
  const known = new Set(list)
  const ranks = [...(results?.values() ?? [])].flatMap(({ rank }) => rank ?? [])
  return {
    list,
    isIn: (id) => known.has(id),
    placeOf: ({ code }) => ({ rank: rankOf(code), score: results?.get(code)?.score ?? null }),
    overBy: award.first === undefined ? 0 : firstPlaces(ranks, award.first).overBy,
    placed: list.length,
  }
}

interface Found {
  id: number
  code: string
}

function nomineesOf({ award, rankings }: Frame): Found[] {
  const { people } = rankings.evidence.board
  const codes = rankings.evidence.nominees.get(award.name) ?? []
  const role = subjectRole(award.subject)
  return [...new Set(codes)].flatMap((code) => {
    const id = role ? people.slot(code) : people.schoolIndex(code)
    if (id === undefined) return []
    const member = people.members[id]
    if (role && !(member?.state === 'active' && member.roles.includes(role))) return []
    const school = role ? people.schoolOf[id] : id
    return rankings.takesPart(school ?? -1, award) ? [{ id, code }] : []
  })
}

function everybody({ award, rankings }: Frame): Found[] {
  const { people } = rankings.evidence.board
  const role = subjectRole(award.subject)
  if (!role) {
    return people.schools.flatMap(({ code }, id) => (rankings.takesPart(id, award) ? [{ id, code }] : []))
  }
  return Array.from(people.active[role]).flatMap((slot) =>
    rankings.takesPart(people.schoolOf[slot] ?? -1, award)
      ? [{ id: slot, code: people.accounts[slot] ?? '' }]
      : [],
  )
}
