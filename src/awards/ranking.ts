import { memberRoles } from '../scheme/scheme'
import type { Window } from '../calendar/day'
import type { Award, AwardCondition, AwardSubject, MemberRole } from '../scheme/scheme'
import { knownActivations, meetsActivation } from './activation'
import type { KnownActivation } from './activation'
import type { AwardEvidence } from './evidence'
import { rankIds } from './places'
import type { RankedOrder } from './places'

const MICRO = 1_000_000

/** Rankings and shares that several awards are judged by, each made once. */
export class AwardRankings {
  /** Made when an award asks for one. */
  #activations: readonly KnownActivation[] | undefined
  readonly #orders = new Map<string, RankedOrder>()

  constructor(readonly evidence: AwardEvidence) {}

  activation(school: number): KnownActivation {
    this.#activations ??= knownActivations(this.evidence.board.people)
    return this.#activations[school] ?? { total: null, opened: 0, unknown: 0 }
  }

  /** Whether a school takes part in an award: not of an excluded stage, and eligible where only those take a place. */
  takesPart(school: number, award: Pick<Award, 'among' | 'conditions'>): boolean {
    const stage = this.evidence.board.people.schools[school]?.stage
    return award.conditions.every((condition) => {
      if (condition.kind === 'not-stage') return stage === undefined || !condition.stages.includes(stage)
      if (condition.kind !== 'activation' || award.among === 'all') return true
      return meetsActivation(this.activation(school), condition.min) === true
    })
  }

  /** The ranking of a condition among those who take part in its award. */
  order(condition: Extract<AwardCondition, { kind: 'rank' }>, award: Award): RankedOrder {
    const { window, of } = condition
    const narrowing = award.conditions.filter(({ kind }) => kind === 'not-stage' || kind === 'activation')
    const key = JSON.stringify([of, window, award.source, award.among, narrowing])
    const known = this.#orders.get(key)
    if (known) return known
    const order = this.#rank(of, this.#untilNow(window), award)
    this.#orders.set(key, order)
    return order
  }

  #untilNow({ from, to }: Window): Window {
    return { from, to: Math.min(to, this.evidence.asOf ?? to) }
  }

  #rank(of: AwardSubject, window: Window, award: Award): RankedOrder {
    const { people } = this.evidence.board
    const part = people.schools.map((_, index) => this.takesPart(index, award))
    if (of === 'school') {
      const { unitsOf, unit } = this.#schoolUnits(window, award)
      const ids = Uint32Array.from(people.schools.keys()).filter(
        (id) => part[id] && !Number.isNaN(unitsOf(id)),
      )
      return rankIds(ids, unitsOf, { count: people.schools.length, unit })
    }
    const { unitsOf, unit } = this.#memberUnits(of, window, award)
    const ids = people.active[of].filter(
      (slot) => part[people.schoolOf[slot] ?? -1] && !Number.isNaN(unitsOf(slot)),
    )
    return rankIds(ids, unitsOf, { count: people.accounts.length, unit })
  }

  /** Units by index of school; NaN for a school without score. */
  #schoolUnits(window: Window, { source }: Award): Units {
    const { board, snapshot } = this.evidence
    const scores =
      source === 'snapshot'
        ? board.people.schools.map(({ code }) => snapshot?.schools.get(code))
        : board.schoolScores(window).map(({ score }) => score)
    return { unitsOf: (id) => Math.round((scores[id] ?? NaN) * MICRO), unit: MICRO }
  }

  /** Units by slot; NaN for a member without score. */
  #memberUnits(role: MemberRole, window: Window, { source }: Award): Units {
    const { board, snapshot } = this.evidence
    if (source === 'snapshot') {
      const { accounts } = board.people
      const total = (slot: number) => snapshot?.members.get(accounts[slot] ?? '') ?? NaN
      return { unitsOf: (slot) => Math.round(total(slot) * MICRO), unit: MICRO }
    }
    const { values } = board.column({ role, window })
    const { scale } = board.rules
    if (scale <= MICRO) return { unitsOf: (slot) => values[slot] ?? 0, unit: scale }
    // One division of whole numbers, so that halves are halves.
    return { unitsOf: (slot) => Math.round((values[slot] ?? 0) / (scale / MICRO)), unit: MICRO }
  }
}

interface Units {
  unitsOf: (id: number) => number
  unit: number
}

/** Role of an award's subject; undefined for schools. */
export function subjectRole(subject: AwardSubject): MemberRole | undefined {
  return memberRoles.find((role) => role === subject)
}
