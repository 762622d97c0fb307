import { administers, belongsTo, isStaff, isSupport, schoolOfViewer, townsOf } from './viewer'
import { maskName } from './masking'
import type { Viewer } from './viewer'

/** Where a person belongs, as far as visibility needs it. */
export interface Whose {
  school: string
  town?: string
  account: string
}

/** An organisation that a question is about: the district, a town by name, a school by code (with its town). */
export type AccessScope =
  { kind: 'district' } | { kind: 'town'; town: string } | { kind: 'school'; school: string; town?: string }

/** Everything that is asked of the bot about people and organisations. */
export type AccessRequest =
  | { kind: 'own-figures' }
  /** Total, place and points per indicator of a member. */
  | { kind: 'member-figures'; member: Whose }
  /** The records of a member with their times. */
  | { kind: 'member-records'; member: Whose }
  /** Names of the members of an organisation, also "who is behind", "who has not opened". */
  | { kind: 'member-list'; scope: AccessScope }
  /** Places and points of teachers or administrators. */
  | { kind: 'member-standing'; scope: AccessScope }
  /** Score, rank and activation of one school, figures without names. */
  | { kind: 'school-figures'; scope: AccessScope }
  /** Schools against each other. */
  | { kind: 'school-standing'; scope: AccessScope }
  | { kind: 'student-names'; scope: AccessScope }
  /** The one-time binding codes of a school. */
  | { kind: 'codes'; school: string }
  /** To confirm or refuse that a chat account is this member's. */
  | { kind: 'confirm-binding'; member: Whose }
  /** To unbind somebody else's chat accounts. */
  | { kind: 'unbind'; member: Whose }
  | { kind: 'import' }
  | { kind: 'import-history' }
  | { kind: 'rescore' }
  /** To draft, approve and publish bulletins. */
  | { kind: 'bulletins' }
  | { kind: 'groups' }
  | { kind: 'grants' }
  | { kind: 'announce' }
  | { kind: 'tickets' }

/** The sentences that a refusal is answered with; each says what to do next. */
export const accessRefusalCodes = [
  'not-bound',
  'not-bound-here',
  'no-account',
  'staff-only',
  'support-only',
  'own-school-only',
  'own-town-only',
  'schools-only',
  'administrators-only',
  'own-records-only',
  'private-only',
  'students-never-named',
] as const
export type AccessRefusalCode = (typeof accessRefusalCodes)[number]

/**
 * `masked`: other people's names appear masked. `rows` (lists and standings of people): 'all', or
 * 'own-school' when only people of the viewer's own school may be shown besides the viewer's own place.
 */
export type AccessDecision =
  | { allowed: true; masked: boolean; rows: 'all' | 'own-school' }
  | { allowed: false; code: AccessRefusalCode; params: Record<string, string | number> }

/** How one person's row appears to the viewer. */
export type Appearance = 'named' | 'masked' | 'withheld'

const refuse = (code: AccessRefusalCode, params: Record<string, string> = {}): AccessDecision => ({
  allowed: false,
  code,
  params,
})

const allow = (masked = false, rows: 'all' | 'own-school' = 'all'): AccessDecision => ({
  allowed: true,
  masked,
  rows,
})

/**
 * Who may see or do what, where. Decided strictly where the rule leaves room:
 * - what the asker may know decides on figures, the place only on names, because an exchange group reads along;
 * - teacher-level figures (teachers and administrators alike) belong to the school, its town office and staff.
 *   Others get a district or town standing reduced to their own place and their own school's rows, not masked rows
 *   of other schools, since a school, a first character and a score still tell who it is;
 * - a colleague's records with their times are for the school's administrators, not for every teacher;
 * - schools' own figures are public among the participants: anybody bound, and whoever is in a group that staff set up.
 */
export function decideAccess(viewer: Viewer, question: AccessRequest): AccessDecision {
  switch (question.kind) {
    case 'own-figures':
      return viewer.account === undefined ? unbound(viewer, 'no-account') : allow()
    case 'member-figures':
      return decideMember(viewer, question.member, belongsTo(viewer, question.member.school))
    case 'member-records':
      return decideRecords(viewer, question.member)
    case 'member-list':
      return decideList(viewer, question.scope)
    case 'member-standing':
      return decideStanding(viewer, question.scope)
    case 'school-figures':
    case 'school-standing':
      return participates(viewer) ? allow() : refuse(strangerRefusal(viewer))
    case 'student-names':
      return refuse('students-never-named')
    case 'codes':
      if (!isStaff(viewer) && !administers(viewer, question.school))
        return unbound(viewer, 'administrators-only')
      return viewer.place.kind === 'private' ? allow() : refuse('private-only')
    case 'confirm-binding':
    case 'unbind':
      return decideBinding(viewer, question.member)
    case 'tickets':
      return isSupport(viewer) || isStaff(viewer) ? allow() : unbound(viewer, 'support-only')
    case 'import':
    case 'import-history':
    case 'rescore':
    case 'bulletins':
    case 'grants':
    case 'announce':
      if (!isStaff(viewer)) return unbound(viewer, 'staff-only')
      return readOnlyByStaff(viewer) ? allow() : refuse('private-only')
    case 'groups':
      return isStaff(viewer) ? allow() : unbound(viewer, 'staff-only')
  }
}

/**
 * How a person appears to the viewer in a list: plainly for oneself, in private and in the group of the
 * person's own school; masked in any other group; withheld when the viewer may not know the person's figures.
 */
export function appearance(viewer: Viewer, member: Whose): Appearance {
  if (viewer.account === member.account) return 'named'
  if (!mayKnow(viewer, member)) return 'withheld'
  return masks(viewer, member.school) ? 'masked' : 'named'
}

/** The name to show to the viewer, where the figures may be shown; undefined when the row is withheld. */
export function nameFor(viewer: Viewer, member: Whose & { name: string }): string | undefined {
  const how = appearance(viewer, member)
  if (how === 'withheld') return
  return how === 'masked' ? maskName(member.name) : member.name
}

/** Whether other people of the school appear masked where the viewer stands. */
export function masks(viewer: Viewer, school: string): boolean {
  const { place } = viewer
  if (place.kind === 'private') return false
  return !(place.purpose === 'school' && place.school === school)
}

function mayKnow(viewer: Viewer, of: { school: string; town?: string }): boolean {
  return isStaff(viewer) || belongsTo(viewer, of.school) || officeOf(viewer, of.town)
}

function officeOf(viewer: Viewer, town: string | undefined): boolean {
  return town !== undefined && townsOf(viewer).includes(town)
}

function decideMember(viewer: Viewer, member: Whose, related: boolean): AccessDecision {
  if (viewer.account === member.account) return allow()
  if (isStaff(viewer) || related || officeOf(viewer, member.town)) return allow(masks(viewer, member.school))
  return unbound(viewer, instead(viewer))
}

function decideRecords(viewer: Viewer, member: Whose): AccessDecision {
  const decision = decideMember(viewer, member, administers(viewer, member.school))
  // A colleague may know the figures, and is told so.
  return decision.allowed || !belongsTo(viewer, member.school) ? decision : refuse('own-records-only')
}

function decideList(viewer: Viewer, scope: AccessScope): AccessDecision {
  return knowsAll(viewer, scope) ? allow(masksScope(viewer, scope)) : unbound(viewer, instead(viewer))
}

function decideStanding(viewer: Viewer, scope: AccessScope): AccessDecision {
  if (knowsAll(viewer, scope)) return allow(masksScope(viewer, scope))
  const own = schoolOfViewer(viewer)
  if (scope.kind === 'school' || own === undefined) return unbound(viewer, instead(viewer))
  return allow(masks(viewer, own), 'own-school')
}

/** Whether every person of the organisation may be known to the viewer. */
function knowsAll(viewer: Viewer, scope: AccessScope): boolean {
  switch (scope.kind) {
    case 'district':
      return isStaff(viewer)
    case 'town':
      return isStaff(viewer) || officeOf(viewer, scope.town)
    case 'school':
      return mayKnow(viewer, scope)
  }
}

function masksScope(viewer: Viewer, scope: AccessScope): boolean {
  return scope.kind === 'school' ? masks(viewer, scope.school) : viewer.place.kind === 'group'
}

function decideBinding(viewer: Viewer, member: Whose): AccessDecision {
  // Nobody confirms oneself, not even an administrator.
  if (isStaff(viewer)) return allow(masks(viewer, member.school))
  if (administers(viewer, member.school) && viewer.account !== member.account) {
    return allow(masks(viewer, member.school))
  }
  return unbound(viewer, 'administrators-only')
}

/** Whether only organisers read along: in private and in the staff's own group. */
function readOnlyByStaff(viewer: Viewer): boolean {
  return viewer.place.kind === 'private' || viewer.place.purpose === 'staff'
}

/** Whether the viewer may know the figures of schools: is bound, or speaks where staff have set up a group. */
export function participates(viewer: Viewer): boolean {
  if (known(viewer)) return true
  return viewer.place.kind === 'group' && viewer.place.purpose !== 'unknown'
}

/** Somebody unknown is told to bind, everybody else why not. */
function unbound(viewer: Viewer, code: AccessRefusalCode): AccessDecision {
  return refuse(known(viewer) ? code : strangerRefusal(viewer))
}

/** What a stranger is told: where ids differ from group to group, that somebody bound elsewhere is one here. */
export function strangerRefusal({ place }: Viewer): 'not-bound' | 'not-bound-here' {
  return place.kind === 'group' && place.ownIds ? 'not-bound-here' : 'not-bound'
}

/** Names are refused with what the viewer may look at instead: each has something else. */
function instead(viewer: Viewer): AccessRefusalCode {
  if (schoolOfViewer(viewer) !== undefined) return 'own-school-only'
  return townsOf(viewer).length ? 'own-town-only' : 'schools-only'
}

/** Whether the bot knows the viewer at all. A retired member is bound without any grant. */
export function known(viewer: Viewer): boolean {
  return viewer.account !== undefined || viewer.grants.length > 0
}
