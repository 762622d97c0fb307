import type { Day } from '../calendar/day'
import type { QuotaMeter } from './quota'
import type { AwardRoundState } from './round'

export const nominationStates = ['draft', 'submitted', 'returned', 'accepted', 'withdrawn', 'vetoed'] as const
export type NominationState = (typeof nominationStates)[number]

export const nominationActs = ['submit', 'return', 'accept', 'withdraw', 'veto'] as const
export type NominationAct = (typeof nominationActs)[number]

export const nominationRefusals = [
  'not-in-this-state',
  'nomination-reason-needed',
  'nominating-closed',
  'quota-exceeded',
] as const
export type NominationRefusal = (typeof nominationRefusals)[number]

export type NominationResult =
  | { ok: true; state: NominationState }
  | { ok: false; code: NominationRefusal; params: Record<string, number> }

export interface NominationFacts {
  state: NominationState
  round: AwardRoundState
  /** Last day on which nominations are taken, the whole local day. */
  deadline: Day
  today: Day
  /** The meter as it would be with this nomination among the used. */
  meter: QuotaMeter
}

const from: Record<NominationAct, readonly NominationState[]> = {
  submit: ['draft', 'returned'],
  withdraw: ['draft', 'submitted', 'returned', 'accepted'],
  return: ['submitted', 'accepted'],
  accept: ['submitted'],
  veto: ['submitted', 'returned', 'accepted'],
}

const to: Record<NominationAct, NominationState> = {
  submit: 'submitted',
  withdraw: 'withdrawn',
  return: 'returned',
  accept: 'accepted',
  veto: 'vetoed',
}

/** Whether an act on a nomination is possible, and what comes of it. Returning and vetoing need a reason. */
export function actOnNomination(facts: NominationFacts, act: NominationAct, reason = ''): NominationResult {
  const refuse = (code: NominationRefusal, params: Record<string, number> = {}): NominationResult => ({
    ok: false,
    code,
    params,
  })
  if (!from[act].includes(facts.state)) return refuse('not-in-this-state')
  if ((act === 'return' || act === 'veto') && !reason.trim()) return refuse('nomination-reason-needed')
  const isOpen = facts.round === 'nominating' && facts.today <= facts.deadline
  // What was returned may be mended while it is checked; everything else ends with the deadline.
  const isMending = act === 'submit' && facts.state === 'returned' && facts.round === 'checking'
  if (act === 'submit' && !isOpen && !isMending) return refuse('nominating-closed')
  if (act === 'withdraw' && facts.round !== 'nominating' && facts.round !== 'checking')
    return refuse('nominating-closed')
  if (act === 'submit' && facts.meter.over > 0) return refuse('quota-exceeded', { over: facts.meter.over })
  return { ok: true, state: to[act] }
}

/** Whether a nomination takes a place of its quota. */
export function takesQuota(state: NominationState): boolean {
  return state === 'submitted' || state === 'returned' || state === 'accepted'
}
