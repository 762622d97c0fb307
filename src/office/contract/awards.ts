import { z } from 'zod'
import { awardDocumentKinds } from '../../awards/document-kinds'
import { nominationActs, nominationStates } from '../../awards/nomination'
import { objectionStates } from '../../awards/objection'
import { awardRoundStates } from '../../awards/round'
import { judgeSheetStates } from '../../awards/sheet'
import { codeText, dayInput, instantText, pageNumber, pageOf, searchText } from './entry'
import type { OfficeEntry } from './entry'

const nothing = z.strictObject({})
const awardName = z.string().min(1).max(100)
const reasonText = z.string().max(500)
const fullNumber = z
  .int()
  .min(1)
  .max(2 ** 31)
/** null is open: a tie, a judgement or a rubric that nobody has decided. */
const outcome = z.boolean().nullable()
const condition = z.object({ met: outcome, text: z.string() })
const candidate = z.object({
  code: z.string(),
  name: z.string(),
  school: z.string(),
  rank: z.number().nullable(),
  score: z.number().nullable(),
  selected: outcome,
  conditions: z.array(condition),
})

/** Awards: how the round stands, conditions, boards, and the steps of staff. */
export const awardContract = {
  'award-round': {
    input: nothing,
    answer: z.object({
      state: z.enum(awardRoundStates),
      /** Whether the asker leads the round. */
      steers: z.boolean(),
      publicity: z.object({ from: dayInput, to: dayInput }).optional(),
      /** How many results would be others by the data of now; only once they are tallied. */
      changed: z.int(),
      awards: z.array(
        z.object({
          name: z.string(),
          subject: z.enum(['school', 'teacher', 'administrator']),
          judged: z.boolean(),
          /** For staff alone. */
          count: z.object({ selected: z.int(), open: z.int(), population: z.int() }).optional(),
        }),
      ),
    }),
  },
  /** The asker's own conditions, and those of the own school. */
  'award-conditions': {
    input: nothing,
    answer: z.object({
      rows: z.array(
        z.object({
          award: z.string(),
          name: z.string(),
          selected: outcome,
          /** Where somebody is not in an award at all, the sentence why. */
          outside: z.string(),
          conditions: z.array(condition),
        }),
      ),
    }),
  },
  'award-board': {
    input: z.strictObject({ award: awardName, page: pageNumber, search: searchText }),
    answer: z.object({
      ...pageOf,
      first: z.int(),
      /** How many more than the first N share its last place. */
      over: z.int(),
      rows: z.array(candidate),
    }),
  },
  'award-step': {
    input: z.strictObject({
      to: z.enum([...awardRoundStates, 'back']),
      from: z.enum(awardRoundStates),
      reason: reasonText,
      force: z.boolean(),
    }),
    answer: z.object({ state: z.enum(awardRoundStates) }),
  },
  'award-decide': {
    input: z.strictObject({ award: awardName, code: codeText, yes: z.boolean(), reason: reasonText }),
    answer: nothing,
  },
  'award-results': {
    input: nothing,
    answer: z.object({
      rows: z.array(
        z.object({
          award: z.string(),
          code: z.string(),
          name: z.string(),
          school: z.string(),
          link: z.string(),
          hidden: z.boolean(),
        }),
      ),
    }),
  },
  'award-exhibit': {
    input: z.strictObject({
      award: awardName,
      code: codeText,
      link: z.string().max(500).optional(),
      hidden: z.boolean().optional(),
    }),
    answer: nothing,
  },
  'award-log': {
    input: nothing,
    answer: z.object({
      rows: z.array(
        z.object({
          at: instantText,
          actor: z.string(),
          act: z.string(),
          subject: z.string(),
          before: z.string(),
          after: z.string(),
          reason: z.string(),
        }),
      ),
    }),
  },
  'award-document': {
    input: z.strictObject({ kind: z.enum(awardDocumentKinds), of: z.string().max(40) }),
    answer: z.object({ name: z.string(), type: z.enum(['docx', 'xlsx', 'pdf']), base64: z.string() }),
  },
} as const satisfies Record<string, OfficeEntry>

/** Nominations by towns and schools, within their quota, and what staff do with them. */
export const nominationContract = {
  nominations: {
    input: nothing,
    answer: z.object({
      deadline: dayInput,
      open: z.boolean(),
      steers: z.boolean(),
      awards: z.array(z.string()),
      rows: z.array(
        z.object({
          id: z.int(),
          award: z.string(),
          name: z.string(),
          school: z.string(),
          unit: z.string(),
          state: z.enum(nominationStates),
          remark: z.string(),
          reason: z.string(),
          own: z.boolean(),
        }),
      ),
      meters: z.array(
        z.object({
          award: z.string(),
          group: z.string(),
          places: z.int(),
          reserve: z.int(),
          used: z.int(),
        }),
      ),
    }),
  },
  /** Who of the own unit can be nominated for an award, by a part of the name. */
  'nomination-find': {
    input: z.strictObject({ award: awardName, search: searchText }),
    answer: z.object({ rows: z.array(z.object({ code: z.string(), name: z.string(), school: z.string() })) }),
  },
  'nomination-draft': {
    input: z.strictObject({ award: awardName, nominee: codeText, remark: reasonText }),
    answer: z.object({ id: z.int() }),
  },
  'nomination-act': {
    input: z.strictObject({ id: fullNumber, act: z.enum(nominationActs), reason: reasonText }),
    answer: z.object({ state: z.enum(nominationStates) }),
  },
} as const satisfies Record<string, OfficeEntry>

const sheet = z.object({
  number: z.int(),
  award: z.string(),
  nominee: z.string(),
  name: z.string(),
  school: z.string(),
  state: z.enum(judgeSheetStates),
  /** Grows with every change; a change names the one it was made on. */
  edit: z.int(),
  criteria: z.array(z.object({ name: z.string(), max: z.number(), text: z.string() })),
  points: z.array(z.number().nullable()),
  /** Why the judge may not score it, as a sentence. */
  conflict: z.string(),
})

/** A judge's own sheets, and panel and progress for staff. */
export const judgingContract = {
  sheets: {
    input: nothing,
    /** `onPanel`: whether staff have put the judge on the panel already. */
    answer: z.object({ open: z.boolean(), onPanel: z.boolean(), rows: z.array(sheet) }),
  },
  'sheet-change': {
    input: z.strictObject({
      award: awardName,
      nominee: codeText,
      seen: z.int().min(0),
      act: z.enum(['save', 'submit', 'reopen', 'recuse']),
      points: z.array(z.number().nullable()).max(30),
      reason: reasonText,
    }),
    answer: sheet,
  },
  judging: {
    input: nothing,
    answer: z.object({
      state: z.enum(awardRoundStates),
      judges: z.array(z.object({ name: z.string(), submitted: z.int(), open: z.int(), recused: z.int() })),
      short: z.array(z.object({ nominee: z.string(), judges: z.int() })),
      severity: z.array(z.object({ judge: z.string(), common: z.int(), distance: z.number() })),
    }),
  },
  'judge-add': {
    input: z.strictObject({
      name: z.string().trim().min(1).max(60),
      unit: z.string().trim().max(100),
      account: codeText.optional(),
    }),
    answer: nothing,
  },
  'judge-conflict': {
    input: z.strictObject({ judge: z.string().max(60), nominee: codeText, reason: reasonText }),
    answer: nothing,
  },
  'judging-assign': {
    input: z.strictObject({ seed: z.int().min(0).max(999_999_999), apply: z.boolean() }),
    answer: z.object({
      loads: z.array(z.object({ judge: z.string(), count: z.int() })),
      short: z.array(z.object({ nominee: z.string(), judges: z.int() })),
    }),
  },
} as const satisfies Record<string, OfficeEntry>

/** Objections during publicity. */
export const objectionContract = {
  objections: {
    input: nothing,
    answer: z.object({
      rows: z.array(
        z.object({
          id: z.int(),
          name: z.string(),
          contact: z.string(),
          content: z.string(),
          state: z.enum(objectionStates),
          answer: z.string(),
          at: instantText,
        }),
      ),
    }),
  },
  'objection-file': {
    input: z.strictObject({
      name: z.string().max(100),
      contact: z.string().max(100),
      content: z.string().trim().min(1).max(2000),
    }),
    answer: z.object({ id: z.int() }),
  },
  'objection-step': {
    input: z.strictObject({ id: fullNumber, to: z.enum(objectionStates), answer: z.string().max(2000) }),
    answer: nothing,
  },
} as const satisfies Record<string, OfficeEntry>
