import { decideAccess } from '../access/visibility'
import type { AccessRequest } from '../access/visibility'
import type { Grant, Viewer } from '../access/viewer'

const own = { school: 'own', town: 'own', account: 'self' }
const colleague = { school: 'own', town: 'own', account: 'colleague' }
const foreign = { school: 'other', town: 'other', account: 'other' }

/** Whoever asks, each with the organisation that the questions below call the own one. */
const roles: Record<string, readonly Grant[]> = {
  staff: [{ kind: 'staff' }],
  town: [{ kind: 'town', town: own.town }],
  administrator: [{ kind: 'administrator', school: own.school, account: own.account }],
  teacher: [{ kind: 'teacher', school: own.school, account: own.account }],
  support: [{ kind: 'support' }],
  judge: [{ kind: 'judge', account: '' }],
}

/** What is asked for in private, by the name of the right. */
const rights: Record<string, AccessRequest> = {
  'own-figures': { kind: 'own-figures' },
  'colleague-figures': { kind: 'member-figures', member: colleague },
  'colleague-records': { kind: 'member-records', member: colleague },
  'other-figures': { kind: 'member-figures', member: foreign },
  'school-list': { kind: 'member-list', scope: { kind: 'school', ...own } },
  'town-list': { kind: 'member-list', scope: { kind: 'town', town: own.town } },
  'district-list': { kind: 'member-list', scope: { kind: 'district' } },
  'school-standing': { kind: 'school-standing', scope: { kind: 'district' } },
  'confirm-binding': { kind: 'confirm-binding', member: colleague },
  codes: { kind: 'codes', school: own.school },
  import: { kind: 'import' },
  rescore: { kind: 'rescore' },
  groups: { kind: 'groups' },
  grants: { kind: 'grants' },
  announce: { kind: 'announce' },
  tickets: { kind: 'tickets' },
}

/** Who may what, worked out by the very decision that every question passes. */
export function rightsTable(): { right: string; roles: string[] }[] {
  return Object.entries(rights).map(([right, request]) => ({
    right,
    roles: Object.keys(roles).filter((role) => decideAccess(viewerOf(roles[role] ?? []), request).allowed),
  }))
}

function viewerOf(grants: readonly Grant[]): Viewer {
  const account = grants.flatMap((grant) => ('account' in grant && grant.account ? [grant.account] : []))[0]
  return { grants, place: { kind: 'private' }, ...(account !== undefined && { account }) }
}
