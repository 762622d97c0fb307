import { decideAccess, known } from '../access/visibility'
import { isStaff, schoolOfViewer, townsOf } from '../access/viewer'
import type { AccessRequest } from '../access/visibility'
import type { Viewer } from '../access/viewer'

/** Every screen of the page, in the order of its menu. */
export const officeScreens = [
  'cockpit',
  'ranking',
  'school',
  'mine',
  'imports',
  'announcements',
  'bulletins',
  'reminders',
  'tickets',
  'awards',
  'nominations',
  'judging',
  'people',
  'groups',
  'operations',
  'rules',
  'audit',
  'zone',
  'sessions',
] as const
export type OfficeScreen = (typeof officeScreens)[number]

/** The screens that somebody gets to see. What is on them is decided anew at every question. */
export function screensFor(viewer: Viewer): OfficeScreen[] {
  return officeScreens.filter((screen) => opens(viewer, screen))
}

function opens(viewer: Viewer, screen: OfficeScreen): boolean {
  const may = (request: AccessRequest) => decideAccess(viewer, request).allowed
  switch (screen) {
    case 'cockpit':
      return seesAll(viewer) || townsOf(viewer).length > 0
    case 'bulletins':
    case 'ranking':
      return may({ kind: 'school-standing', scope: { kind: 'district' } })
    case 'school':
      return (
        known(viewer) &&
        (schoolOfViewer(viewer) !== undefined || townsOf(viewer).length > 0 || seesAll(viewer))
      )
    case 'reminders':
      return may({ kind: 'announce' }) || may({ kind: 'own-figures' })
    case 'sessions':
      return true
    case 'mine':
      return may({ kind: 'own-figures' })
    case 'imports':
      return may({ kind: 'import' })
    case 'nominations':
      return (
        isStaff(viewer) ||
        townsOf(viewer).length > 0 ||
        viewer.grants.some(({ kind }) => kind === 'administrator')
      )
    case 'judging':
      return isStaff(viewer) || viewer.grants.some(({ kind }) => kind === 'judge')
    case 'tickets':
    case 'awards':
    case 'zone':
      return known(viewer)
    case 'people':
      return may({ kind: 'grants' }) || viewer.grants.some(({ kind }) => kind === 'administrator')
    case 'groups':
      return may({ kind: 'groups' })
    case 'announcements':
    case 'operations':
      return may({ kind: 'announce' })
    case 'rules':
      return may({ kind: 'rescore' })
    case 'audit':
      return may({ kind: 'import-history' })
  }
}

/** Whether somebody may read the names of everybody. */
function seesAll(viewer: Viewer): boolean {
  return decideAccess(viewer, { kind: 'member-list', scope: { kind: 'district' } }).allowed
}
