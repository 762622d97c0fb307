import type { GroupPurpose } from '@space-assistant/core/access/viewer'
import type { BindRequest } from './table'
import type { Member, School } from '@space-assistant/core/roster/member'

/** Who speaks and where; every session is one. */
export interface SpeakerIdentity {
  platform: string
  selfId: string
  userId?: string | undefined
  channelId?: string | undefined
  isDirect: boolean
  /** The id by which the platform knows the person everywhere, where it says so. */
  unionId?: string | undefined
  /** A session holds it here. */
  event?: { user?: { unionId?: string; name?: string }; member?: { nick?: string } }
}

declare module '@satorijs/protocol' {
  interface User {
    /** The id by which the platform knows the person everywhere, where ids differ from group to group. */
    unionId?: string
  }
}

/** A chat account as a bot sees it. */
export interface ChatRef {
  platform: string
  selfId: string
  userId: string
}

export interface GroupRef {
  platform: string
  selfId: string
  channelId: string
}

/** What a group is for. School groups name their school, exchange groups may name a town. */
export interface GroupSetting {
  purpose: GroupPurpose
  school?: string
  town?: string
  /** How staff call it; left out, it keeps the name that it has. */
  name?: string
  /** A robot of WeCom that can write into the group; left out, it keeps the one that it has. */
  robot?: string
}

/** The codes of a school, to be handed to each person; they cannot be shown a second time. */
export interface CodeList {
  school: School
  rows: { name: string; account: string; code: string }[]
  /** Members left out because a chat account is theirs already. */
  bound: number
  expiresAt: Date
}

/** An open request as the one who may confirm it sees it. */
export interface RequestView {
  id: number
  member: Member
  createdAt: Date
  /** The platform and the end of the chat account that asks: two who claim one person are told apart by it. */
  platform: string
  tail: string
  /** How many chat accounts claim the same person now. */
  claims: number
}

const TAIL = 4

/** What of a request is shown to whoever decides it. */
export function viewOfRequest(
  { id, account, createdAt, platform, userId }: BindRequest,
  member: Member,
  all: readonly BindRequest[],
): RequestView {
  const claims = all.filter((other) => other.account === account).length
  return { id, member, createdAt, platform, tail: userId.slice(-TAIL), claims }
}

/** The id by which the platform knows the speaker everywhere. */
export const unionOf = ({ unionId, event }: SpeakerIdentity) => unionId ?? event?.user?.unionId

/** The chat account of whoever speaks. */
export function chatOf({ platform, selfId, userId = '' }: SpeakerIdentity | ChatRef): ChatRef {
  return { platform, selfId, userId }
}

/** The key of a group in maps. */
export const speakerGroupKey = (group: GroupRef) => `${group.platform}:${group.selfId}:${group.channelId}`

/** Who of a school has no chat account yet. */
export interface UnboundList {
  school: School
  open: Member[]
  bound: number
}
