import { cleanName } from '../text/normalise'

/** A judge as far as it matters whom they may score. */
export interface PanelJudge {
  /** Number or name by which sheets are told apart. */
  id: string
  /** Account in the roster; external judges have none. */
  account?: string
  /** Every other account of the same person. */
  otherAccounts?: readonly string[]
  /** Schools (code, or name as written) and other units, now and at any time of the scoring year. */
  affiliations: readonly string[]
  /** Nominees (account or school code) with whom staff have declared a conflict. */
  declared?: readonly string[]
}

/** A nominee as far as it matters who may score it. */
export interface JudgedNominee {
  /** Account, or school code for an award of schools. */
  code: string
  /** Codes of the schools that it is of or has been of in the scoring year. */
  schools: readonly { code: string; name: string }[]
}

export const conflictReasons = ['same-school', 'own-nomination', 'declared'] as const
/** Why a judge never scores a nominee. */
export type ConflictReason = (typeof conflictReasons)[number]

/**
 * Whether a judge must not score a nominee. Asked when sheets are assigned, opened, submitted and counted: people move
 * in between.
 */
export function conflictOf(judge: PanelJudge, nominee: JudgedNominee): ConflictReason | undefined {
  const accounts = [judge.account, ...(judge.otherAccounts ?? [])]
  if (accounts.includes(nominee.code) || judge.id === nominee.code) return 'own-nomination'
  const units = new Set(judge.affiliations.map(unitKey))
  if (nominee.schools.some(({ code, name }) => units.has(unitKey(code)) || units.has(unitKey(name))))
    return 'same-school'
  return judge.declared?.includes(nominee.code) ? 'declared' : undefined
}

/** What names of units are compared by. */
export function unitKey(unit: string): string {
  return cleanName(unit).replace(/\s/g, '').toLowerCase()
}
