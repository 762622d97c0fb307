import type { Day } from '../calendar/day'
import type { Audience, Phase } from '../scheme/scheme'
import type { Member, School } from '../roster/member'
import type { MemberTasks } from '../tasks/member'
import type { SchoolTasks } from '../tasks/school'
import type { DistrictDigest, SchoolRank } from './digest'
import type { MissingGoal } from './missing'
import type { NudgeSettings } from './settings'

/** Who is to be told: a member in private, a school in its own group, or an office in the chat that `id` names. */
export type Subject =
  { kind: 'member'; account: string } | { kind: 'school'; code: string } | { kind: 'office'; id: string }

/** The key of a subject, in nudges and in tables. */
export function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case 'member':
      return `member:${subject.account}`
    case 'school':
      return `school:${subject.code}`
    case 'office':
      return `office:${subject.id}`
  }
}

/** What is known of a subject's chats and wishes. */
export interface KnownNudge {
  settings: NudgeSettings
  /** Whether there is a chat into which the bot may speak, or will be able to when somebody speaks there. */
  reachable: boolean
}

/** What is said, as values; the words are in locales. */
export type NudgeContent =
  | { kind: 'own-tasks'; member: Member; tasks: MemberTasks }
  | { kind: 'school-digest'; tasks: SchoolTasks; day: Day; rank?: SchoolRank; own?: MemberTasks }
  | { kind: 'district-digest'; digest: DistrictDigest; day: Day }
  /** In place of a digest: the data that the week's nudges rest on have not come. */
  | { kind: 'import-missing'; day: Day; until?: Day }
  | { kind: 'phase'; phase: Phase; moment: 'start' | number; missing: MissingGoal; school?: School }

/** One thing to tell one subject. `key` is the same whenever it is planned, so it is told once. */
export interface Nudge {
  key: string
  audience: Audience
  subject: Subject
  content: NudgeContent
}

/** Why somebody concerned is told nothing. */
export const silenceReasons = [
  'nothing-missing',
  'muted',
  'paused',
  'no-channel',
  'nobody-there',
  'no-data',
] as const
export type SilenceReason = (typeof silenceReasons)[number]

export interface Silence {
  audience: Audience
  subject: Subject
  reason: SilenceReason
}

export type NudgeVerdict = { nudge: Nudge } | { silence: Silence }
