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
  subject?: string
  opened?: boolean
}

export interface School {
  code: string
  name: string
  town?: string
  stage?: string
  students?: number
  studentsOpened?: number
  studentsTookPart?: number
}
