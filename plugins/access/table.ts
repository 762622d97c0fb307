import type { SpokenLanguage } from '@space-assistant/core/access/languages'
import type { GivenGrant, GroupPurpose } from '@space-assistant/core/access/viewer'
import type { Context } from 'koishi'

/** A chat account that is known to be a member's. Several may be one person's. */
export interface PersonLink {
  platform: string
  selfId: string
  userId: string
  account: string
  boundAt: Date
}

/** Something that staff handed out, to a roster account or to a chat account (the other columns are ''). */
export interface GrantRow {
  id: number
  kind: GivenGrant
  account: string
  platform: string
  selfId: string
  userId: string
  town: string
  /** How staff call the holder. */
  label: string
  createdAt: Date
}

/** A one-time code, known only by its hash. */
export interface BindCode {
  hash: string
  /** 'account', 'link' (another chat of whoever asked for it), or the kind of grant. */
  kind: 'account' | 'link' | GivenGrant
  account: string
  town: string
  label: string
  /** Of a link: whose chat. */
  platform: string
  selfId: string
  userId: string
  state: 'open' | 'used' | 'void'
  createdAt: Date
  expiresAt: Date
  usedAt: Date | null
}

/** A chat that belongs to whoever has another one, as a code has shown: in a group, ids of people may be others. */
export interface ChatLink extends ChatColumns {
  ofPlatform: string
  ofSelfId: string
  ofUserId: string
  /** The group in which it was made; '' in private. */
  place: string
  linkedAt: Date
}

/** The id by which a platform knows the person of a chat everywhere. */
export interface ChatUnion extends ChatColumns {
  unionId: string
}

/** The language that somebody wants to be answered in. */
export interface LanguageRow extends ChatColumns {
  language: SpokenLanguage
}

interface ChatColumns {
  platform: string
  selfId: string
  userId: string
}

export interface BindRequest {
  id: number
  platform: string
  selfId: string
  userId: string
  account: string
  /** Where it was asked, to answer there. */
  channelId: string
  state: 'open' | 'confirmed' | 'refused'
  createdAt: Date
  decidedAt: Date | null
}

export interface GroupRow {
  platform: string
  selfId: string
  channelId: string
  purpose: GroupPurpose
  school: string
  town: string
  /** How people call it: as staff have said, or the platform; empty when nobody has. */
  name: string
  /** A robot that can write into this WeCom group too (its name in WECOM_WEBHOOKS); empty when there is none. */
  robot: string
  /** Given out in the order of setting up and kept: tells groups apart that have nothing else. */
  number: number
  setAt: Date
}

declare module 'koishi' {
  interface Tables {
    space_person_link: PersonLink
    space_grant: GrantRow
    space_bind_code: BindCode
    space_bind_request: BindRequest
    space_group: GroupRow
    space_chat_link: ChatLink
    space_chat_union: ChatUnion
    space_language: LanguageRow
  }
}

const chat = { platform: 'string(32)', selfId: 'string(64)', userId: 'string(128)' } as const

/** Declares the tables of this plugin; nobody else writes them. */
export function defineAccessTables(ctx: Context) {
  ctx.model.extend(
    'space_person_link',
    { ...chat, account: 'string(64)', boundAt: 'timestamp' },
    { primary: ['platform', 'selfId', 'userId'], indexes: ['account'] },
  )
  ctx.model.extend(
    'space_grant',
    {
      id: 'unsigned(8)',
      kind: 'string(16)',
      account: 'string(64)',
      ...chat,
      town: 'string(64)',
      label: 'string(64)',
      createdAt: 'timestamp',
    },
    {
      autoInc: true,
      unique: [['kind', 'account', 'platform', 'selfId', 'userId', 'town']],
      indexes: ['account', ['platform', 'selfId', 'userId']],
    },
  )
  ctx.model.extend(
    'space_bind_code',
    {
      hash: 'string(64)',
      kind: 'string(16)',
      account: 'string(64)',
      town: 'string(64)',
      label: 'string(64)',
      ...chat,
      state: { type: 'string', length: 8, initial: 'open' },
      createdAt: 'timestamp',
      expiresAt: 'timestamp',
      usedAt: 'timestamp',
    },
    { primary: 'hash', indexes: [['account', 'state']] },
  )
  ctx.model.extend(
    'space_chat_link',
    {
      ...chat,
      ofPlatform: 'string(32)',
      ofSelfId: 'string(64)',
      ofUserId: 'string(128)',
      place: 'string(128)',
      linkedAt: 'timestamp',
    },
    { primary: ['platform', 'selfId', 'userId'], indexes: [['ofPlatform', 'ofSelfId', 'ofUserId']] },
  )
  ctx.model.extend(
    'space_chat_union',
    { ...chat, unionId: 'string(128)' },
    { primary: ['platform', 'selfId', 'userId'], indexes: [['platform', 'selfId', 'unionId']] },
  )
  ctx.model.extend(
    'space_language',
    { ...chat, language: 'string(8)' },
    { primary: ['platform', 'selfId', 'userId'] },
  )
  ctx.model.extend(
    'space_bind_request',
    {
      id: 'unsigned(8)',
      ...chat,
      account: 'string(64)',
      channelId: 'string(128)',
      state: { type: 'string', length: 12, initial: 'open' },
      createdAt: 'timestamp',
      decidedAt: 'timestamp',
    },
    {
      autoInc: true,
      unique: [['platform', 'selfId', 'userId', 'account']],
      indexes: ['state', 'account'],
    },
  )
  ctx.model.extend(
    'space_group',
    {
      platform: 'string(32)',
      selfId: 'string(64)',
      channelId: 'string(128)',
      purpose: 'string(16)',
      school: 'string(64)',
      town: 'string(64)',
      name: 'string(60)',
      robot: 'string(64)',
      number: 'unsigned',
      setAt: 'timestamp',
    },
    { primary: ['platform', 'selfId', 'channelId'], indexes: ['purpose', 'school'] },
  )
}
