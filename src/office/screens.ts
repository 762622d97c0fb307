import { decideAccess, known } from '../access/visibility'
import { schoolOfViewer, townsOf } from '../access/viewer'
import type { Viewer } from '../access/viewer'

/** Every screen of the page, in the order of its menu. */
export const officeScreens = ['ranking', 'school', 'mine'] as const
export type OfficeScreen = (typeof officeScreens)[number]

/** The screens that somebody gets to see. What is on them is decided anew at every question. */
export function screensFor(viewer: Viewer): OfficeScreen[] {
  return officeScreens.filter((screen) => opens(viewer, screen))
}

function opens(viewer: Viewer, screen: OfficeScreen): boolean {
  switch (screen) {
    case 'ranking':
      return decideAccess(viewer, { kind: 'school-standing', scope: { kind: 'district' } }).allowed
    case 'school':
      return (
        known(viewer) &&
        (schoolOfViewer(viewer) !== undefined || townsOf(viewer).length > 0 || seesAll(viewer))
      )
    case 'mine':
      return decideAccess(viewer, { kind: 'own-figures' }).allowed
  }
}

function seesAll(viewer: Viewer): boolean {
  return decideAccess(viewer, { kind: 'member-list', scope: { kind: 'district' } }).allowed
}
