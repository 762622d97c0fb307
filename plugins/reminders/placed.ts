import type { NudgeVerdict } from '@space-assistant/core/nudges/nudge'
import type { Occasion } from '@space-assistant/core/nudges/occasion'
import type { ReminderAddress } from './directory'

/** A verdict on one occasion, with where a nudge goes. */
export type Placed = NudgeVerdict & { occasion: Occasion; mailbox?: ReminderAddress }

export interface PlacedBatch {
  placed: Iterable<Placed>
  isLast: boolean
  /** Chats of people with an office, who may be members too. */
  officeChats: ReadonlySet<string>
}
