import type { Context } from 'koishi'

export const announcementStates = [
  'proposed',
  'draft',
  'scheduled',
  'sending',
  'paused',
  'cancelled',
] as const
export type AnnouncementState = (typeof announcementStates)[number]

/** Times are milliseconds since 1970. */
export interface AnnouncementRow {
  id: number
  /** What it came from, once each: a phase's moment, or a chat. */
  origin: string
  /** The chat account that writes it; empty while nobody has taken a proposal. */
  owner: string
  author: string
  state: AnnouncementState
  /** Element markup; files are on the disk. */
  content: string
  /** The audience as staff have put it; empty for the usual one. */
  audience: string
  /** Which groups the preview counted; another set at the confirmation asks for another look. */
  fingerprint: string
  /** 0: when it is confirmed, outside the quiet hours; 1: at once. */
  dueAt: number
  /** Staff have chosen the time: it is sent in the quiet hours too. */
  anytime: number
  /** Schools are asked to say that they have read it. */
  asks: number
  createdAt: number
  confirmedAt: number
  /** When its messages went into the outbox; 0 before. */
  sentAt: number
  targets: number
}

export interface AnnouncementTargetRow {
  announcement: number
  number: number
  platform: string
  selfId: string
  channelId: string
  /** How staff know the group. */
  label: string
}

/** A school that has read an announcement which asks for that. */
export interface AcknowledgementRow {
  announcement: number
  school: string
  who: string
  at: number
}

declare module 'koishi' {
  interface Tables {
    space_announcement_answer: AcknowledgementRow
    space_announcement: AnnouncementRow
    space_announcement_target: AnnouncementTargetRow
  }
}

export function defineTables(ctx: Context): void {
  ctx.model.extend(
    'space_announcement',
    {
      id: 'unsigned(8)',
      origin: 'string(190)',
      owner: 'string(190)',
      author: 'string(64)',
      state: 'string(10)',
      content: 'text',
      audience: 'string(500)',
      fingerprint: 'string(64)',
      dueAt: 'unsigned(8)',
      anytime: 'unsigned(1)',
      asks: 'unsigned(1)',
      createdAt: 'unsigned(8)',
      confirmedAt: 'unsigned(8)',
      sentAt: 'unsigned(8)',
      targets: 'unsigned',
    },
    { primary: 'id', unique: ['origin'], indexes: [['state', 'dueAt'], ['owner']] },
  )
  ctx.model.extend(
    'space_announcement_target',
    {
      announcement: 'unsigned(8)',
      number: 'unsigned',
      platform: 'string(32)',
      selfId: 'string(64)',
      channelId: 'string(128)',
      label: 'string(100)',
    },
    { primary: ['announcement', 'number'] },
  )
  ctx.model.extend(
    'space_announcement_answer',
    { announcement: 'unsigned(8)', school: 'string(64)', who: 'string(64)', at: 'unsigned(8)' },
    { primary: ['announcement', 'school'] },
  )
}
