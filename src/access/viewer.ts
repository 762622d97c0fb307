import type { Member } from '../roster/member'

/** What a person may do, with the organisation it is tied to. Roles of a roster entry become grants once bound. */
export type Grant =
  | { kind: 'staff' }
  | { kind: 'support' }
  | { kind: 'town'; town: string }
  | { kind: 'administrator'; school: string; account: string }
  | { kind: 'teacher'; school: string; account: string }
  | { kind: 'judge'; account: string }

/** Grants that staff hand out; the others follow from the roster. */
export const givenGrants = ['staff', 'support', 'town', 'judge'] as const
export type GivenGrant = (typeof givenGrants)[number]

/** What a group is for, as staff have set it; `unknown` until then. */
export const groupPurposes = ['exchange', 'school', 'support', 'staff'] as const
export type GroupPurpose = (typeof groupPurposes)[number]

/**
 * Where something is said: everybody in a group reads the answer. `school` is a code, `town` a name. `ownIds`: the platform
 * may know people there by other ids than elsewhere.
 */
export type ConversationPlace =
  | { kind: 'private' }
  | { kind: 'group'; purpose: GroupPurpose | 'unknown'; school?: string; town?: string; ownIds?: true }

/** Who asks, and where. `account` is the roster account of the person, if bound to one. */
export interface Viewer {
  account?: string
  grants: readonly Grant[]
  place: ConversationPlace
}

/** The bot's own process: command line, scheduled work. Sees names, like staff in private. */
export const operator: Viewer = { grants: [{ kind: 'staff' }], place: { kind: 'private' } }

/** Whether the viewer is one of the organisers. */
export function isStaff(viewer: Viewer): boolean {
  return viewer.grants.some((grant) => grant.kind === 'staff')
}

/** Whether the viewer is one of the platform's support people. */
export function isSupport(viewer: Viewer): boolean {
  return viewer.grants.some((grant) => grant.kind === 'support')
}

/** The school whose administrator or teacher the viewer is; an administrator's school comes first. */
export function schoolOfViewer(viewer: Viewer): string | undefined {
  const own = (kind: 'administrator' | 'teacher') =>
    viewer.grants.flatMap((grant) => (grant.kind === kind ? [grant.school] : []))[0]
  return own('administrator') ?? own('teacher')
}

/** Whether the viewer is an administrator of the school. */
export function administers(viewer: Viewer, school: string): boolean {
  return viewer.grants.some((grant) => grant.kind === 'administrator' && grant.school === school)
}

/** Whether the viewer is an administrator or a teacher of the school. */
export function belongsTo(viewer: Viewer, school: string): boolean {
  return viewer.grants.some(
    (grant) => (grant.kind === 'administrator' || grant.kind === 'teacher') && grant.school === school,
  )
}

/** The towns whose office the viewer is. */
export function townsOf(viewer: Viewer): string[] {
  return viewer.grants.flatMap((grant) => (grant.kind === 'town' ? [grant.town] : []))
}

/** What follows from a roster entry: only those who are active have the rights of their roles. */
export function rosterGrants(member: Member): Grant[] {
  if (member.state !== 'active') return []
  return member.roles.map((kind) => ({ kind, school: member.school, account: member.account }))
}
