import type { TicketState, Urgency } from '@space-assistant/core/tickets/ticket'
import type { EventKind } from '@space-assistant/core/tickets/event'
import type { SecretKind } from '@space-assistant/core/text/number-masking'
import type { Context } from 'koishi'

/** Numbers are given out by the database. */
export interface NumberRow {
  id: number
  at: Date
}

/** A ticket as src/tickets knows it, and what is searched by. '' and 0 stand for none. */
export interface TicketRow {
  number: number
  version: number
  state: TicketState
  category: string
  urgency: Urgency
  /** Key of the support group's conversation; '' while there is none. */
  group: string
  helper: string
  reason: string
  mergedInto: number
  reportedAt: Date
  dueSince: Date | null
  respondedAt: Date | null
  resolvedAt: Date | null
  closedAt: Date | null
  changedAt: Date
  reopened: number
  timer: '' | 'warn' | 'close'
  timerSince: number
  timerDue: Date | null
  originalGone: boolean
  school: string
  /** Beginning of the report, masked: for lists and for comparing. */
  title: string
  /** Key of the group that it was reported in; '' for a private chat. */
  origin: string
  /** How many numbers were taken out of its texts so far. */
  secrets: number
  /** Number of the first ticket of the incident that it belongs to. */
  incident: number
  /** Support hears of it in a bundle after this. */
  heldUntil: Date | null
}

/** Somebody who reported or joined, and where the answers go. */
export interface PersonRow {
  ticket: number
  person: string
  position: number
  platform: string
  selfId: string
  userId: string
  channelId: string
  isDirect: boolean
  messageId: string
  name: string
  account: string
  school: string
  role: string
  stars: number
}

/** One step of a ticket's life. */
export interface EventRow {
  ticket: number
  version: number
  kind: EventKind
  /** `reporter`, `helper` or `system`, and who. */
  byKind: string
  by: string
  at: Date
  /** The state after it. */
  state: TicketState
  /** What was said; what a reporter said is masked. */
  text: string
  detail: string
}

export interface FileRow {
  id: string
  ticket: number
  version: number
  name: string
  type: string
  size: number
  at: Date
}

export interface SecretRow {
  ticket: number
  token: number
  kind: SecretKind
  original: string
}

/** How somebody of support is called. */
export interface HelperRow {
  person: string
  name: string
}

export interface LikeRow {
  ticket: number
  other: number
  percent: number
}

export interface IncidentRow {
  first: number
  raisedAt: Date
}

/** Somebody who is kept from filing, as it was said; stays as the log of it. Times are milliseconds since 1970. */
export interface BanRow {
  person: string
  at: number
  account: string
  /** The report for which. */
  ticket: number
  name: string
  by: string
  byName: string
  reason: string
  until: number
  /** When it was ended before its time; 0 when it was not. */
  endedAt: number
  endedBy: string
}

/** A message to a reporter that holds what support has said, and whether support has heard what became of it. */
export interface ToldRow {
  /** The outbox's key. */
  key: string
  ticket: number
  version: number
  at: Date
  /** Empty while it is under way. */
  outcome: '' | 'delivered' | 'late' | 'expired' | 'failed' | 'retracted'
}

declare module 'koishi' {
  interface Tables {
    space_ticket_number: NumberRow
    space_ticket: TicketRow
    space_ticket_person: PersonRow
    space_ticket_event: EventRow
    space_ticket_file: FileRow
    space_ticket_secret: SecretRow
    space_ticket_helper: HelperRow
    space_ticket_like: LikeRow
    space_ticket_incident: IncidentRow
    space_ticket_told: ToldRow
    space_ticket_ban: BanRow
  }
}

/** Declares the tables of this plugin; nobody else writes them. */
export function defineTicketTables(ctx: Context): void {
  ctx.model.extend('space_ticket_number', { id: 'unsigned(4)', at: 'timestamp' }, { autoInc: true })
  extendTicket(ctx)
  const ticket = 'unsigned(4)' as const
  ctx.model.extend(
    'space_ticket_person',
    {
      ticket,
      person: 'string(24)',
      position: 'unsigned(4)',
      platform: 'string(32)',
      selfId: 'string(64)',
      userId: 'string(128)',
      channelId: 'string(128)',
      isDirect: 'boolean',
      messageId: 'string(128)',
      name: 'string(64)',
      account: 'string(64)',
      school: 'string(64)',
      role: 'string(16)',
      stars: 'unsigned(1)',
    },
    { primary: ['ticket', 'person'], indexes: ['person', 'account', 'messageId'] },
  )
  ctx.model.extend(
    'space_ticket_event',
    {
      ticket,
      version: 'unsigned(4)',
      kind: 'string(20)',
      byKind: 'string(10)',
      by: 'string(24)',
      at: 'timestamp',
      state: 'string(10)',
      text: 'text',
      detail: 'string(100)',
    },
    { primary: ['ticket', 'version'] },
  )
  ctx.model.extend(
    'space_ticket_file',
    {
      id: 'string(32)',
      ticket,
      version: 'unsigned(4)',
      name: 'string(100)',
      type: 'string(100)',
      size: 'unsigned(4)',
      at: 'timestamp',
    },
    { primary: 'id', indexes: ['ticket', 'at'] },
  )
  ctx.model.extend(
    'space_ticket_secret',
    { ticket, token: 'unsigned(4)', kind: 'string(10)', original: 'string(100)' },
    { primary: ['ticket', 'token'] },
  )
  ctx.model.extend('space_ticket_helper', { person: 'string(24)', name: 'string(64)' }, { primary: 'person' })
  ctx.model.extend(
    'space_ticket_like',
    { ticket, other: 'unsigned(4)', percent: 'unsigned(1)' },
    { primary: ['ticket', 'other'] },
  )
  ctx.model.extend(
    'space_ticket_ban',
    {
      ...{ person: 'string(24)', at: 'unsigned(8)', account: 'string(64)', ticket, name: 'string(64)' },
      ...{ by: 'string(24)', byName: 'string(64)', reason: 'string(200)' },
      ...{ until: 'unsigned(8)', endedAt: 'unsigned(8)', endedBy: 'string(24)' },
    },
    { primary: ['person', 'at'], indexes: ['until'] },
  )
  ctx.model.extend(
    'space_ticket_told',
    { key: 'string(190)', ticket, version: 'unsigned(4)', at: 'timestamp', outcome: 'string(10)' },
    { primary: 'key', indexes: ['ticket', 'outcome'] },
  )
  ctx.model.extend(
    'space_ticket_incident',
    { first: 'unsigned(4)', raisedAt: 'timestamp' },
    { primary: 'first', indexes: ['raisedAt'] },
  )
}

function extendTicket(ctx: Context): void {
  ctx.model.extend(
    'space_ticket',
    {
      number: 'unsigned(4)',
      version: 'unsigned(4)',
      state: 'string(10)',
      category: 'string(30)',
      urgency: 'string(10)',
      group: 'string(230)',
      helper: 'string(24)',
      reason: 'string(30)',
      mergedInto: 'unsigned(4)',
      reportedAt: 'timestamp',
      dueSince: 'timestamp',
      respondedAt: 'timestamp',
      resolvedAt: 'timestamp',
      closedAt: 'timestamp',
      changedAt: 'timestamp',
      reopened: 'unsigned(4)',
      timer: 'string(8)',
      timerSince: 'unsigned(4)',
      timerDue: 'timestamp',
      originalGone: 'boolean',
      school: 'string(64)',
      title: 'string(200)',
      origin: 'string(230)',
      secrets: 'unsigned(4)',
      incident: 'unsigned(4)',
      heldUntil: 'timestamp',
    },
    { primary: 'number', indexes: ['state', 'timerDue', 'heldUntil', 'reportedAt', 'changedAt', 'incident'] },
  )
}
