import { administers, belongsTo, isStaff, townsOf } from '../access/viewer'
import type { Viewer } from '../access/viewer'
import { known } from '../access/visibility'
import type { AccessRefusalCode } from '../access/visibility'
import { isPublished, isSecret } from './round'
import type { AwardRoundState } from './round'

/** Whom something is about: a school by code, with its town and stage, and a member of it. */
export interface AwardSubjectPlace {
  school: string
  town?: string | undefined
  stage?: string | undefined
  account?: string
}

/** Everything that is asked about awards. */
export type AwardRequest =
  /** How the conditions of a school, or of a member, stand. */
  | { kind: 'conditions'; of: AwardSubjectPlace }
  /** Everybody's conditions, all nominations, sheets and results, before they are published. */
  | { kind: 'steer' }
  /** To nominate for a unit: a town, or a school of a stage that nominates itself. */
  | { kind: 'nominate'; nominee: AwardSubjectPlace }
  /** To see and score the own sheets. */
  | { kind: 'judge' }
  | { kind: 'results' }
  | { kind: 'exhibition' }
  | { kind: 'object' }

export const awardAccessRefusals = [
  'award-secret',
  'not-a-nominator',
  'other-unit',
  'not-a-judge',
  'staff-never-score',
  'no-results-yet',
  'no-exhibition-yet',
  'no-objections-now',
] as const
export type AwardAccessRefusal = (typeof awardAccessRefusals)[number] | AccessRefusalCode

export type AwardAccess = { allowed: true } | { allowed: false; code: AwardAccessRefusal }

/** What the rights depend on beside who asks. */
export interface AwardAccessFrame {
  state: AwardRoundState
  /** Stages whose schools nominate themselves. */
  nominatingStages: readonly string[]
}

const allow: AwardAccess = { allowed: true }
const refuse = (code: AwardAccessRefusal): AwardAccess => ({ allowed: false, code })

/** Who may see or do what of the awards. From judging to publicity, everybody but staff learns only that it is under way. */
export function decideAwardAccess(
  viewer: Viewer,
  request: AwardRequest,
  frame: AwardAccessFrame,
): AwardAccess {
  switch (request.kind) {
    case 'steer':
      if (!isStaff(viewer)) return refuse(known(viewer) ? 'staff-only' : 'not-bound')
      return isAmongStaff(viewer) ? allow : refuse('private-only')
    case 'conditions':
      return decideConditions(viewer, request.of, frame)
    case 'nominate':
      return decideNomination(viewer, request.nominee, frame)
    case 'judge':
      return decideJudge(viewer)
    case 'results':
      return isPublished(frame.state)
        ? allow
        : refuse(isSecret(frame.state) ? 'award-secret' : 'no-results-yet')
    case 'exhibition':
      return frame.state === 'exhibited' ? allow : refuse('no-exhibition-yet')
    case 'object':
      return frame.state === 'publicity' ? allow : refuse('no-objections-now')
  }
}

function decideConditions(viewer: Viewer, of: AwardSubjectPlace, { state }: AwardAccessFrame): AwardAccess {
  if (isStaff(viewer) && isAmongStaff(viewer)) return allow
  if (!known(viewer)) return refuse('not-bound')
  if (isSecret(state)) return refuse('award-secret')
  if (isStaff(viewer)) return allow
  if (of.account !== undefined && of.account === viewer.account) return allow
  const related = belongsTo(viewer, of.school) || isOffice(viewer, of.town)
  if (!related) return refuse(townsOf(viewer).length ? 'own-town-only' : 'own-school-only')
  // A colleague's places are for the school's administrators and its town office.
  if (of.account !== undefined && !administers(viewer, of.school) && !isOffice(viewer, of.town))
    return refuse('administrators-only')
  return allow
}

function decideNomination(
  viewer: Viewer,
  nominee: AwardSubjectPlace,
  { nominatingStages }: AwardAccessFrame,
): AwardAccess {
  if (!known(viewer)) return refuse('not-bound')
  const towns = townsOf(viewer)
  const nominatesOwn = (school: string) =>
    administers(viewer, school) && nominatingStages.includes(nominee.stage ?? '')
  if (isOffice(viewer, nominee.town) || nominatesOwn(nominee.school))
    return viewer.place.kind === 'private' ? allow : refuse('private-only')
  const isNominator = towns.length > 0 || viewer.grants.some(({ kind }) => kind === 'administrator')
  return refuse(isNominator ? 'other-unit' : 'not-a-nominator')
}

function decideJudge(viewer: Viewer): AwardAccess {
  if (!viewer.grants.some(({ kind }) => kind === 'judge'))
    return refuse(known(viewer) ? 'not-a-judge' : 'not-bound')
  if (isStaff(viewer)) return refuse('staff-never-score')
  return viewer.place.kind === 'private' ? allow : refuse('private-only')
}

function isOffice(viewer: Viewer, town: string | undefined): boolean {
  return town !== undefined && townsOf(viewer).includes(town)
}

/** Whether only organisers read along. */
function isAmongStaff({ place }: Viewer): boolean {
  return place.kind === 'private' || place.purpose === 'staff'
}
