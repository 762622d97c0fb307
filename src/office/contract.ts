import type { z } from 'zod'
import { awardContract, judgingContract, nominationContract, objectionContract } from './contract/awards'
import { cockpitContract } from './contract/cockpit'
import { demoContract } from './contract/demo'
import { importContract } from './contract/imports'
import { personContract } from './contract/person'
import { announcementContract, bulletinContract, materialContract } from './contract/publishing'
import { reminderContract } from './contract/reminders'
import { schoolContract } from './contract/school'
import { sessionContract } from './contract/session'
import { operationContract, peopleContract } from './contract/staff'
import { standingContract } from './contract/standing'
import { ticketContract } from './contract/tickets'

/**
 * Everything the page can ask, by name: what it sends, which is checked before anything looks at it, and what it is
 * answered. The page takes only the types of it, so that a wrong call does not compile.
 */
export const officeContract = {
  ...sessionContract,
  ...standingContract,
  ...personContract,
  ...schoolContract,
  ...cockpitContract,
  ...importContract,
  ...ticketContract,
  ...peopleContract,
  ...operationContract,
  ...awardContract,
  ...nominationContract,
  ...judgingContract,
  ...objectionContract,
  ...bulletinContract,
  ...announcementContract,
  ...materialContract,
  ...reminderContract,
  ...demoContract,
} as const

export type OfficeContract = typeof officeContract
export type OfficeRoute = keyof OfficeContract
/** What the server gets once the input is checked. */
export type OfficeInput<R extends OfficeRoute> = z.output<OfficeContract[R]['input']>
/** What the page sends. */
export type OfficeRequest<R extends OfficeRoute> = z.input<OfficeContract[R]['input']>
export type OfficeAnswer<R extends OfficeRoute> = z.output<OfficeContract[R]['answer']>

/** Why the page does not get what it asked for; `text` is in the language of whoever asks. */
export interface OfficeRefusal {
  code: string
  text: string
  /** Where in the input the mistake is. */
  path?: string
}
