import type { ChannelCapability } from '@space-assistant/core/delivery/capability'
import type { MessageState } from '@space-assistant/core/delivery/message'
import type { RecallState } from '@space-assistant/core/delivery/recall'
import type { Context } from 'koishi'

/** Times are milliseconds since 1970. */
export interface MessageRow {
  /** The caller's stable key: enqueuing the same again changes nothing. */
  id: string
  /** `platform:selfId`, and the conversation as that bot knows it. */
  bot: string
  channel: string
  kind: string
  /** What belongs together: an announcement, a week's reminders. Empty for single messages. */
  batch: string
  /** Koishi's element markup. */
  content: string
  priority: number
  state: MessageState
  createdAt: number
  /** Order among those enqueued at once. */
  position: number
  notBefore: number
  expiresAt: number
  settledAt: number
  attempts: number
  /** The process that is sending it. */
  owner: string
  /** Empty, `proactive`, or the kind of the reply. */
  routeKind: '' | 'proactive' | 'message' | 'event'
  routeReply: string
  routeSeq: number
  /** How often the platform refused the content. */
  degraded: number
  /** Platform messages of it that have arrived, and of an open attempt how many were to be sent (0: all). */
  sentParts: number
  routeParts: number
  /** It was taken back while it was on its way. */
  stopped: number
  /** Why it waited when it was taken back, for when it is sent after all. */
  priorReason: string
  /** Element markup in its stead where the platform takes nothing of it; empty for a general notice. */
  fallback: string
  idempotent: number
  /** Goes out in the quiet hours too. */
  anytime: number
  /** Other conversations to try, `platform:selfId:channelId`, separated by line ends. */
  alternatives: string
  reason: string
  code: number
  detail: string
  /** The platform's ids of the messages, separated by commas. */
  messages: string
}

export interface ChannelRow {
  bot: string
  channel: string
  mode: ChannelCapability['mode']
  modeFrom: ChannelCapability['modeFrom']
  modeAt: number
  blockedUntil: number
  blockedBy: string
  blocks: number
}

/** The newest message of a conversation that may be answered, so that a restart does not forget it. */
export interface ReplyContextRow {
  bot: string
  channel: string
  id: string
  kind: 'message' | 'event'
  at: number
  /** Answers that the outbox has begun to give; written before each. */
  used: number
}

/** A message that is to be taken back, or has been. */
export interface RecallRow {
  /** The message's. */
  id: string
  bot: string
  batch: string
  state: RecallState
  askedAt: number
  notBefore: number
  attempts: number
}

declare module 'koishi' {
  interface Tables {
    space_message: MessageRow
    space_channel: ChannelRow
    space_reply_context: ReplyContextRow
    space_recall: RecallRow
  }
}

export function defineTables(ctx: Context): void {
  ctx.model.extend(
    'space_message',
    {
      id: 'string(190)',
      bot: 'string(100)',
      channel: 'string(100)',
      kind: 'string(20)',
      batch: 'string(100)',
      content: 'text',
      priority: 'integer',
      state: 'string(10)',
      createdAt: 'unsigned(8)',
      position: 'unsigned',
      notBefore: 'unsigned(8)',
      expiresAt: 'unsigned(8)',
      settledAt: 'unsigned(8)',
      attempts: 'unsigned',
      owner: 'string(40)',
      routeKind: 'string(10)',
      routeReply: 'string(190)',
      routeSeq: 'unsigned',
      degraded: 'unsigned(1)',
      sentParts: 'unsigned',
      routeParts: 'unsigned',
      stopped: 'unsigned(1)',
      priorReason: 'string(20)',
      fallback: 'text',
      idempotent: 'unsigned(1)',
      anytime: 'unsigned(1)',
      alternatives: 'string(1000)',
      reason: 'string(20)',
      code: 'integer(8)',
      detail: 'string(200)',
      messages: 'string(1000)',
    },
    {
      primary: 'id',
      indexes: [
        {
          // The order in which `MessageStore.due` reads; put together from its columns the name would be too long.
          name: 'index:space_message:due',
          keys: {
            ...{ bot: 'asc', state: 'asc', priority: 'asc', notBefore: 'asc' },
            ...{ createdAt: 'asc', position: 'asc', id: 'asc' },
          },
        },
        ['bot', 'channel', 'state'],
        ['batch'],
        ['state', 'expiresAt'],
      ],
    },
  )
  ctx.model.extend(
    'space_channel',
    {
      bot: 'string(100)',
      channel: 'string(100)',
      mode: 'string(15)',
      modeFrom: 'string(10)',
      modeAt: 'unsigned(8)',
      blockedUntil: 'unsigned(8)',
      blockedBy: 'string(20)',
      blocks: 'unsigned',
    },
    { primary: ['bot', 'channel'] },
  )
  ctx.model.extend(
    'space_reply_context',
    {
      bot: 'string(100)',
      channel: 'string(100)',
      id: 'string(190)',
      kind: 'string(10)',
      at: 'unsigned(8)',
      used: 'unsigned',
    },
    { primary: ['bot', 'channel'], indexes: [['at']] },
  )
  ctx.model.extend(
    'space_recall',
    {
      id: 'string(190)',
      bot: 'string(100)',
      batch: 'string(100)',
      state: 'string(12)',
      askedAt: 'unsigned(8)',
      notBefore: 'unsigned(8)',
      attempts: 'unsigned',
    },
    { primary: 'id', indexes: [['bot', 'state']] },
  )
}
