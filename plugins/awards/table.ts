import type { NominationState } from '@space-assistant/core/awards/nomination'
import type { ObjectionState } from '@space-assistant/core/awards/objection'
import type { AwardRoundState } from '@space-assistant/core/awards/round'
import type { JudgeSheetState } from '@space-assistant/core/awards/sheet'
import type { Context } from 'koishi'

/** One round of a scheme. Times are milliseconds since 1970, days as in the calendar; 0 is not yet. */
export interface AwardRoundRow {
  scheme: string
  state: AwardRoundState
  /** Grows with everything that is written; whoever writes first takes it. */
  edit: number
  /** The newest import when it was tallied. */
  dataImport: number
  publicFrom: number
  publicTo: number
  publicAt: number
}

export interface AwardNominationRow {
  scheme: string
  id: number
  award: string
  /** Account or school code. */
  nominee: string
  /** School of the nominee when it was nominated. */
  school: string
  /** The town, or the school that nominates itself. */
  unit: string
  state: NominationState
  remark: string
  reason: string
  createdAt: number
}

export interface AwardJudgeRow {
  scheme: string
  name: string
  /** Account in the roster; empty for an external judge. */
  account: string
}

/** A school or unit that a judge is or has been of. */
export interface AwardJudgeUnitRow {
  scheme: string
  judge: string
  unit: string
}

/** A conflict that staff have declared. */
export interface AwardConflictRow {
  scheme: string
  judge: string
  nominee: string
}

export interface AwardSheetRow {
  scheme: string
  judge: string
  award: string
  nominee: string
  /** Place in the judge's queue, from 1. */
  number: number
  state: JudgeSheetState
  edit: number
  reason: string
}

export interface AwardPointRow {
  scheme: string
  judge: string
  award: string
  nominee: string
  /** Index of the criterion in the rubric. */
  criterion: number
  points: number
}

/** What staff have decided of a candidate: its judgement, before the tally. */
export interface AwardVerdictRow {
  scheme: string
  award: string
  code: string
  verdict: number
  reason: string
}

/** Values of `selected` of a result. */
export const awardOutcomes = { out: 0, in: 1, open: 2 } as const

/** How an award came out, as of the tally; names are copied when it is decided. */
export interface AwardResultRow {
  scheme: string
  award: string
  code: string
  name: string
  school: string
  schoolName: string
  town: string
  place: number
  score: number
  /** 1 gets it, 0 does not, 2 is not decided. */
  selected: number
  /** Address of the space, shown in the exhibition; empty without. */
  link: string
  /** 1 when it is withdrawn from the exhibition. */
  hidden: number
}

export interface AwardCertificateRow {
  number: string
  scheme: string
  award: string
  code: string
  name: string
  school: string
  /** Tells a genuine certificate from a made-up number. */
  checkNumber: string
  /** The number that replaces it; empty while it is valid. */
  replacedBy: string
  /** When it was taken back, because its holder does not win any more; 0 while it is valid. */
  revokedAt: number
  issuedAt: number
}

export interface AwardObjectionRow {
  scheme: string
  id: number
  name: string
  contact: string
  content: string
  state: ObjectionState
  answer: string
  /** Where the answer goes: platform, bot and channel; empty when staff have recorded it. */
  platform: string
  selfId: string
  channelId: string
  createdAt: number
  /** When it was upheld or rejected; 0 before. */
  answeredAt: number
}

export const awardActs = [
  'step',
  'step-back',
  'judge',
  'conflict',
  'assign',
  'nominate',
  'verdict',
  'reissue',
  'exhibit',
  'document',
  'objection',
  'objection-step',
  'nomination-submit',
  'nomination-return',
  'nomination-accept',
  'nomination-withdraw',
  'nomination-veto',
  'sheet-save',
  'sheet-submit',
  'sheet-reopen',
  'sheet-recuse',
  'sheet-void',
] as const
/** What somebody did, as the log names it. */
export type AwardAct = (typeof awardActs)[number]

export interface AwardLogRow {
  scheme: string
  id: number
  at: number
  actor: string
  act: AwardAct
  subject: string
  before: string
  after: string
  reason: string
}

declare module 'koishi' {
  interface Tables {
    space_award_round: AwardRoundRow
    space_award_nomination: AwardNominationRow
    space_award_judge: AwardJudgeRow
    space_award_judge_unit: AwardJudgeUnitRow
    space_award_conflict: AwardConflictRow
    space_award_sheet: AwardSheetRow
    space_award_point: AwardPointRow
    space_award_verdict: AwardVerdictRow
    space_award_result: AwardResultRow
    space_award_certificate: AwardCertificateRow
    space_award_objection: AwardObjectionRow
    space_award_log: AwardLogRow
  }
}

const scheme = 'string(64)'
const award = 'string(40)'
const code = 'string(64)'
const judge = 'string(50)'
const time = 'unsigned(8)'

/** Declares the tables of this plugin; nobody else writes them. */
export function defineAwardTables({ model }: Context): void {
  model.extend(
    'space_award_round',
    {
      ...{ scheme, state: 'string(12)', edit: time, dataImport: time },
      ...{ publicFrom: 'unsigned', publicTo: 'unsigned', publicAt: time },
    },
    { primary: 'scheme' },
  )
  model.extend(
    'space_award_nomination',
    {
      ...{ scheme, id: 'unsigned', award, nominee: code, school: code, unit: 'string(100)' },
      ...{ state: 'string(10)', remark: 'string(500)', reason: 'string(500)', createdAt: time },
    },
    { primary: ['scheme', 'id'], indexes: [['scheme', 'award', 'nominee']] },
  )
  model.extend('space_award_judge', { scheme, name: judge, account: code }, { primary: ['scheme', 'name'] })
  model.extend(
    'space_award_judge_unit',
    { scheme, judge, unit: 'string(100)' },
    { primary: ['scheme', 'judge', 'unit'] },
  )
  model.extend(
    'space_award_conflict',
    { scheme, judge, nominee: code },
    { primary: ['scheme', 'judge', 'nominee'] },
  )
  const sheet = { scheme, judge, award, nominee: code } as const
  model.extend(
    'space_award_sheet',
    { ...sheet, number: 'unsigned', state: 'string(10)', edit: 'unsigned', reason: 'string(500)' },
    { primary: ['scheme', 'judge', 'award', 'nominee'] },
  )
  model.extend(
    'space_award_point',
    { ...sheet, criterion: 'unsigned(1)', points: 'unsigned' },
    { primary: ['scheme', 'judge', 'award', 'nominee', 'criterion'] },
  )
  model.extend(
    'space_award_verdict',
    { scheme, award, code, verdict: 'unsigned(1)', reason: 'string(500)' },
    { primary: ['scheme', 'award', 'code'] },
  )
  defineOutcomeTables(model)
}

function defineOutcomeTables(model: Context['model']): void {
  model.extend(
    'space_award_result',
    {
      ...{
        scheme,
        award,
        code,
        name: 'string(100)',
        school: code,
        schoolName: 'string(100)',
        town: 'string(64)',
      },
      ...{
        place: 'unsigned',
        score: 'double',
        selected: 'unsigned(1)',
        link: 'string(500)',
        hidden: 'unsigned(1)',
      },
    },
    { primary: ['scheme', 'award', 'code'] },
  )
  model.extend(
    'space_award_certificate',
    {
      ...{ number: 'string(40)', scheme, award, code, name: 'string(100)', school: 'string(100)' },
      ...{ checkNumber: 'string(12)', replacedBy: 'string(40)', revokedAt: time, issuedAt: time },
    },
    { primary: 'number', indexes: [['scheme', 'award', 'code']] },
  )
  model.extend(
    'space_award_objection',
    {
      ...{ scheme, id: 'unsigned', name: 'string(100)', contact: 'string(100)', content: 'text' },
      ...{ state: 'string(14)', answer: 'text', platform: 'string(32)', selfId: 'string(64)' },
      ...{ channelId: 'string(128)', createdAt: time, answeredAt: time },
    },
    { primary: ['scheme', 'id'] },
  )
  model.extend(
    'space_award_log',
    {
      ...{ scheme, id: time, at: time, actor: 'string(100)', act: 'string(32)', subject: 'string(200)' },
      ...{ before: 'string(200)', after: 'string(200)', reason: 'string(500)' },
    },
    { primary: ['scheme', 'id'] },
  )
}
