import type { BulletinSectionKey } from '@space-assistant/core/bulletins/draft'
import type { BulletinState } from '@space-assistant/core/bulletins/life'
import type { Context } from 'koishi'

/** Times are milliseconds since 1970, days whole days; 0 and empty texts are nothing. */
export interface BulletinHead {
  id: number
  state: BulletinState
  title: string
  /** Number of the document, such as that of an official letter. */
  docnumber: string
  recipients: string
  issuer: string
  /** Persons by key, and how others read their names. */
  author: string
  authorName: string
  submitter: string
  submittedAt: number
  approver: string
  approverName: string
  /** Hash of what was approved. */
  approvedContent: string
  /** What the numbers are from. */
  windowFrom: number
  windowTo: number
  dataUntil: number
  scheme: string
  schemeName: string
  version: number
  imports: string
  /** Last day with data of the bulletin before; 0 for the first. */
  since: number
  /** The last places are named. */
  lastplaces: number
  audience: string
  dueAt: number
  publishedAt: number
  targets: number
  /** The bulletin that this one corrects, and why. */
  corrects: number
  reason: string
  /** Why it was sent back last. */
  returned: string
  createdAt: number
  /** Grows with every step and every edit: who acts on what has changed meanwhile is told so. */
  edits: number
}

export interface BulletinSectionRow {
  bulletin: number
  position: number
  part: BulletinSectionKey
  content: string
  /** As the program wrote it; another text is somebody's. */
  drafted: string
}

export interface BulletinNumberRow {
  bulletin: number
  field: string
  amount: number | null
}

export interface BulletinSchoolRow {
  bulletin: number
  position: number
  code: string
  name: string
  town: string
  place: number | null
  score: number | null
  moved: number | null
  activation: number | null
  silent: number
}

export interface BulletinTargetRow {
  bulletin: number
  number: number
  platform: string
  selfId: string
  channelId: string
  label: string
}

declare module 'koishi' {
  interface Tables {
    space_bulletin: BulletinHead
    space_bulletin_section: BulletinSectionRow
    space_bulletin_number: BulletinNumberRow
    space_bulletin_school: BulletinSchoolRow
    space_bulletin_target: BulletinTargetRow
  }
}

export function defineBulletinTables(ctx: Context): void {
  ctx.model.extend(
    'space_bulletin',
    {
      ...{ id: 'unsigned(8)', state: 'string(10)', title: 'string(200)', docnumber: 'string(60)' },
      ...{
        recipients: 'string(200)',
        issuer: 'string(100)',
        author: 'string(190)',
        authorName: 'string(64)',
      },
      ...{ submitter: 'string(190)', submittedAt: 'unsigned(8)', approver: 'string(190)' },
      ...{ approverName: 'string(64)', approvedContent: 'string(64)', windowFrom: 'unsigned' },
      ...{ windowTo: 'unsigned', dataUntil: 'unsigned', scheme: 'string(64)', schemeName: 'string(100)' },
      ...{ version: 'unsigned', imports: 'string(40)', since: 'unsigned', lastplaces: 'unsigned(1)' },
      ...{ audience: 'string(500)', dueAt: 'unsigned(8)', publishedAt: 'unsigned(8)', targets: 'unsigned' },
      ...{
        corrects: 'unsigned(8)',
        reason: 'string(200)',
        returned: 'string(200)',
        createdAt: 'unsigned(8)',
        edits: 'unsigned',
      },
    },
    { primary: 'id', indexes: [['state', 'dueAt']] },
  )
  ctx.model.extend(
    'space_bulletin_section',
    {
      ...{ bulletin: 'unsigned(8)', position: 'unsigned', part: 'string(20)' },
      ...{ content: 'text', drafted: 'text' },
    },
    { primary: ['bulletin', 'position'] },
  )
  ctx.model.extend(
    'space_bulletin_number',
    { bulletin: 'unsigned(8)', field: 'string(20)', amount: { type: 'double', nullable: true } },
    { primary: ['bulletin', 'field'] },
  )
  ctx.model.extend(
    'space_bulletin_school',
    {
      ...{ bulletin: 'unsigned(8)', position: 'unsigned', code: 'string(64)', name: 'string(100)' },
      town: 'string(100)',
      place: { type: 'unsigned', nullable: true },
      score: { type: 'double', nullable: true },
      moved: { type: 'integer', nullable: true },
      activation: { type: 'double', nullable: true },
      silent: 'unsigned(1)',
    },
    { primary: ['bulletin', 'position'] },
  )
  ctx.model.extend(
    'space_bulletin_target',
    {
      ...{ bulletin: 'unsigned(8)', number: 'unsigned', platform: 'string(32)', selfId: 'string(64)' },
      ...{ channelId: 'string(128)', label: 'string(100)' },
    },
    { primary: ['bulletin', 'number'] },
  )
}
