import type { ChannelRef, Inbound, ModeChange, ReplyContext } from '@space-assistant/core/delivery/channel'
import type { FailureReason } from '@space-assistant/core/delivery/message'
import type { Standstill } from './dispatcher'

/** What may have happened to an account; each has a sentence in the locales of whoever tells staff. */
export const platformTroubles = [
  'login-refused',
  'banned',
  'account-offline',
  'account-online',
  'two-connections',
  'friend-granted',
  'friend-left',
  'invite-granted',
  'invite-left',
  'removed',
  'backup-failed',
  'disk-short',
] as const

export interface PlatformTrouble {
  platform: string
  selfId: string
  what: (typeof platformTroubles)[number]
  /** The conversation that it is about, if any. */
  channelId?: string
}

/** Why the messages of a bot stand still. */
export type BotStandstill = Standstill | 'offline' | 'lease' | 'quiet'

declare module 'koishi' {
  interface Events {
    /** Emitted by the adapters for everything a person says, before anything else sees it. */
    'space/inbound'(inbound: Inbound): void
    /** Emitted by the adapters when an owner's switch was turned, a bot was added or thrown out. */
    'space/channel-mode'(change: ModeChange): void
    /** Emitted by the adapters for what a bot says past the outbox: the direct answers to what it was asked. */
    'space/spoken'(spoken: Spoken): void
    /** Emitted by the adapters when a bot was added to a group, befriended, or opened for the first time. */
    'space/arrived'(arrival: BotArrival): void
    /** Something about an account or a platform that staff must know, or that is over. */
    'space/trouble'(trouble: PlatformTrouble): void
    /** Something in the delivery that staff must know: a bot is banned, its credentials are refused, attempts ran out. */
    'space/delivery-alert'(alert: { bot: string; reason: FailureReason }): void
  }
}

/** Somebody has just let the bot in. */
export interface BotArrival extends ChannelRef {
  direct: boolean
  /** The only way in which the platform lets it be answered, where it has one of its own. */
  welcome?: (text: string) => Promise<void>
}

declare module '@satorijs/protocol' {
  interface SendOptions {
    /** Send as an answer to this; without it (and without a session) the bot speaks first. */
    reply?: ReplyContext
    /** Of the platform messages that the content comes to only these: the first ones have arrived before. */
    parts?: { from: number; count?: number }
  }
}

/** So many platform messages of a bot that did not come out of the outbox. */
export interface Spoken extends ChannelRef {
  /** What they answer, where answers are counted; without it they count against how fast the bot may speak. */
  replyId?: string
  messages: number
}
