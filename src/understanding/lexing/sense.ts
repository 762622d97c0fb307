import type { Window } from '../../calendar/day'
import type { RankedSubject } from '../intent'
import type { CalledPerson } from '../names/person-names'
import type { CalledSchool } from '../names/school-names'
import type cues from '../words/cues.json'

/** A kind of word that says what is asked; the lists are in words/cues.json. */
export type Cue = keyof (typeof cues)['cues']

export type ScopeWord = 'self' | 'own-school' | 'own-town' | 'district' | 'city'

/** One thing that a word or a group of words may mean. */
export type Sense =
  | { kind: 'cue'; cue: Cue }
  | { kind: 'filler' }
  | { kind: 'scope'; scope: ScopeWord }
  | { kind: 'subject'; of: RankedSubject }
  | { kind: 'stage'; stage: string }
  /** A group of indicators is all its members; `whole` when it was called by its full name. */
  | { kind: 'indicators'; names: readonly string[]; whole: boolean }
  | { kind: 'school'; schools: readonly CalledSchool[] }
  | { kind: 'town'; towns: readonly string[] }
  | { kind: 'person'; persons: readonly CalledPerson[] }
  | { kind: 'award'; award: string }
  | { kind: 'phase'; phase: string }
  /** `last` is the point or span named last, which "until" is about. */
  | { kind: 'window'; window: Window; last: Window; since: boolean }
  | { kind: 'whole-period' }
  | { kind: 'bad-date'; why: 'date' | 'lunar-date' }
  | { kind: 'top'; count: number }
  | { kind: 'bottom'; count: number }
  | { kind: 'nth'; count: number }
  | { kind: 'page'; page: number }
  | { kind: 'number'; value: number; length: number }
  | { kind: 'stars'; value: number }
  | { kind: 'code'; code: string }

/** How sure a reading of a word is: as written, or by its sound, letters or one wrong sign. */
export type Via = 'exact' | 'sound' | 'letters' | 'wrong'

export interface Token {
  text: string
  from: number
  to: number
  senses: readonly Sense[]
  via: Via
}
