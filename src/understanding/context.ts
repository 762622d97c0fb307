import type { Day } from '../calendar/day'
import type { Intent } from './intent'
import type { UnderstandingVocabulary } from './vocabulary'

/** What somebody is to the assistant, as far as it changes what words mean. */
export const actorRoles = ['administrator', 'teacher', 'staff', 'support', 'town', 'stranger'] as const
export type ActorRole = (typeof actorRoles)[number]

/** Who asks. `school` is a code, `town` a name; both are absent where nothing is known. */
export interface UnderstandingActor {
  role: ActorRole
  name?: string
  school?: string
  town?: string
}

/** Where something is said; `overheard` is a group in which it was not said to the assistant. */
export const hearingPlaces = ['private', 'group', 'overheard'] as const
export type HearingPlace = (typeof hearingPlaces)[number]

export interface UnderstandingContext {
  vocabulary: UnderstandingVocabulary
  actor: UnderstandingActor
  place: HearingPlace
  today: Day
  /** What the same person asked just before in the same place, the latest last; empty when it is too long ago. */
  previous: readonly Intent[]
}

/** A name that was read although it was written otherwise, to be said in the answer. */
export interface ReadName {
  said: string
  read: string
}

/** Up to three intents in the order of saying; `none` or `unclear` stand alone. */
export interface Understanding {
  intents: readonly Intent[]
  names: readonly ReadName[]
}
