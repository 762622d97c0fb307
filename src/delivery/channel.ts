/** One conversation as one bot sees it. Ids are case-sensitive and never changed. */
export interface ChannelRef {
  platform: string
  selfId: string
  channelId: string
}

/** The key of a conversation in tables and maps. */
export function refKey(ref: ChannelRef): string {
  return `${ref.platform}:${ref.selfId}:${ref.channelId}`
}

/**
 * What a bot may do in a conversation: speak first, only answer, only speak (a webhook bot that hears nothing), or
 * nothing at all.
 */
export const channelModes = ['proactive', 'passive-only', 'send-only', 'down'] as const
export type ChannelMode = (typeof channelModes)[number]

/** Something a person said or did that may be answered for a while: `replyId` is what an answer refers to. */
export interface Inbound extends ChannelRef {
  replyId: string
  /** `event`: the reply is a platform event (bot added, switch turned on), not a message. */
  replyKind: 'message' | 'event'
  /** Milliseconds since 1970 when it arrived here. */
  at: number
}

/** The platform said that a bot may, or may no longer, speak first in a conversation. */
export interface ModeChange extends ChannelRef {
  mode: ChannelMode
  at: number
}

/**
 * What a message is sent as an answer to. QQ takes a message once per pair of reply and `seq`: repeating the same
 * pair never shows it twice. Parts of a split message take `seq`, `seq + 1`, ...
 */
export interface ReplyContext {
  id: string
  kind: 'message' | 'event'
  seq: number
}
