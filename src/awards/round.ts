export const awardRoundStates = [
  'draft',
  'nominating',
  'checking',
  'judging',
  'tallied',
  'publicity',
  'decided',
  'commended',
  'exhibited',
] as const
export type AwardRoundState = (typeof awardRoundStates)[number]

/** What staff want to do with a round: the next step, or one back with a reason. */
export type AwardRoundStep = { to: AwardRoundState; reason?: string }

/** What stands in the way of a step. */
export interface AwardRoundFacts {
  state: AwardRoundState
  /** Nominations that are submitted or returned and neither accepted nor vetoed. */
  unchecked: number
  /** Assigned sheets that are not submitted, and are neither recused nor void. */
  openSheets: number
  /** Objections that are not answered. */
  openObjections: number
  /** Objections that were upheld since the publicity period began. */
  upheldObjections: number
  /** Whether the last day of publicity is over. */
  publicityOver: boolean
  /** Equals over the last place, and judgements, that staff have yet to decide. */
  undecided: number
}

export const awardRoundRefusals = [
  'no-such-step',
  'reason-needed',
  'unchecked-nominations',
  'open-sheets',
  'undecided-places',
  'objections-open',
  'objections-upheld',
  'publicity-running',
] as const
export type AwardRoundRefusal = (typeof awardRoundRefusals)[number]

export type AwardRoundResult =
  { ok: true; state: AwardRoundState; back: boolean } | { ok: false; code: AwardRoundRefusal; count?: number }

/** Where one step back leads: from a decision on to publicity, which then starts anew; undefined from the draft. */
export function stepBackOf(state: AwardRoundState): AwardRoundState | undefined {
  const at = awardRoundStates.indexOf(state)
  return at > awardRoundStates.indexOf('publicity') ? 'publicity' : awardRoundStates[at - 1]
}

/**
 * Whether a round may take a step. Forward one at a time, back one at a time with a reason. Sheets that are still open do not hold up a tally when `force` is given.
 */
export function stepRound(
  facts: AwardRoundFacts,
  { to, reason = '' }: AwardRoundStep,
  force = false,
): AwardRoundResult {
  const at = awardRoundStates.indexOf(facts.state)
  const goal = awardRoundStates.indexOf(to)
  if (stepBackOf(facts.state) === to) {
    return reason.trim() ? { ok: true, state: to, back: true } : { ok: false, code: 'reason-needed' }
  }
  if (goal !== at + 1) return { ok: false, code: 'no-such-step' }
  const hindrance = hindranceOf(facts, to, force)
  return hindrance ?? { ok: true, state: to, back: false }
}

function hindranceOf(
  facts: AwardRoundFacts,
  to: AwardRoundState,
  force: boolean,
): AwardRoundResult | undefined {
  const refuse = (code: AwardRoundRefusal, count: number): AwardRoundResult => ({ ok: false, code, count })
  switch (to) {
    case 'judging':
      return facts.unchecked ? refuse('unchecked-nominations', facts.unchecked) : undefined
    case 'tallied':
      return facts.openSheets && !force ? refuse('open-sheets', facts.openSheets) : undefined
    case 'publicity':
      return facts.undecided ? refuse('undecided-places', facts.undecided) : undefined
    case 'decided':
      if (facts.openObjections) return refuse('objections-open', facts.openObjections)
      if (facts.upheldObjections) return refuse('objections-upheld', facts.upheldObjections)
      return facts.publicityOver ? undefined : { ok: false, code: 'publicity-running' }
    default:
      return undefined
  }
}

/** From judging to publicity nobody but staff learns how it stands, whatever they ask. */
export function isSecret(state: AwardRoundState): boolean {
  return state === 'judging' || state === 'tallied'
}

/** Whether winners are known to everybody. */
export function isPublished(state: AwardRoundState): boolean {
  return awardRoundStates.indexOf(state) >= awardRoundStates.indexOf('publicity')
}
