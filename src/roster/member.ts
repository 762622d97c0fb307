import type { MemberRole } from '../scheme/scheme'

/** Only active members count, in sums and in headcounts. */
export const memberStates = ['active', 'retired', 'departed'] as const
export type MemberState = (typeof memberStates)[number]

/** A roster entry. The account is the member's code; points follow it to another school. */
export interface Member {
  account: string
  name: string
  school: string
  roles: readonly MemberRole[]
  state: MemberState
  subject?: string | undefined
  opened?: boolean | undefined
}

export interface School {
  code: string
  name: string
  town?: string | undefined
  stage?: string | undefined
  students?: number | undefined
  studentsOpened?: number | undefined
  studentsTookPart?: number | undefined
}
