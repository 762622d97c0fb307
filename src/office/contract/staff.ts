import { z } from 'zod'
import { codeText, dayInput, instantText, windowSpan } from './entry'
import type { OfficeEntry } from './entry'

const nothing = z.strictObject({})
const purpose = z.enum(['exchange', 'school', 'support', 'staff'])
const grant = z.enum(['staff', 'support', 'town', 'judge'])
const groupKey = z.strictObject({
  platform: z.string().max(32),
  selfId: z.string().max(64),
  channelId: z.string().max(128),
})

/** Who may do what: requests, grants, groups. */
export const peopleContract = {
  requests: {
    input: nothing,
    answer: z.object({
      rows: z.array(z.object({ id: z.int(), name: z.string(), school: z.string(), at: instantText })),
    }),
  },
  'request-decide': {
    input: z.strictObject({ id: z.int(), verdict: z.enum(['confirmed', 'refused']) }),
    answer: nothing,
  },
  grants: {
    input: nothing,
    answer: z.object({
      rows: z.array(
        z.object({ id: z.int(), kind: grant, label: z.string(), town: z.string(), at: instantText }),
      ),
    }),
  },
  'grant-code': {
    input: z.strictObject({
      kind: grant,
      label: z.string().trim().min(1).max(60),
      town: z.string().max(64).optional(),
      account: codeText.optional(),
    }),
    answer: z.object({ code: z.string(), until: instantText }),
  },
  'grant-revoke': { input: z.strictObject({ id: z.int() }), answer: nothing },
  'school-codes': {
    input: z.strictObject({ code: codeText }),
    answer: z.object({
      school: z.string(),
      rows: z.array(z.object({ name: z.string(), account: z.string(), code: z.string() })),
      bound: z.int(),
      until: instantText,
    }),
  },
  groups: {
    input: nothing,
    answer: z.object({
      rows: z.array(
        z.object({ ref: groupKey, name: z.string(), purpose, school: z.string(), town: z.string() }),
      ),
    }),
  },
  'group-set': {
    input: z.strictObject({
      ref: groupKey,
      purpose,
      name: z.string().max(30),
      school: z.string().max(64),
      town: z.string().max(64),
    }),
    answer: nothing,
  },
} as const satisfies Record<string, OfficeEntry>

/** How the bot runs, its rules, and who did what. */
export const operationContract = {
  operations: {
    input: nothing,
    answer: z.object({
      bots: z.array(z.object({ platform: z.string(), online: z.boolean() })),
      waiting: z.int(),
      sent: z.int(),
      parked: z.int(),
      failed: z.int(),
      oldest: instantText.optional(),
      failures: z.array(z.object({ reason: z.string(), count: z.int() })),
      unsettled: z.array(z.object({ key: z.string(), place: z.string(), kind: z.string() })),
    }),
  },
  'message-settle': {
    input: z.strictObject({ key: z.string().max(190), what: z.enum(['resend', 'arrived']) }),
    answer: nothing,
  },
  rules: {
    input: nothing,
    answer: z.object({
      name: z.string(),
      pending: z.enum(['nothing', 'changed', 'broken']),
      key: z.string(),
      problems: z.array(z.string()),
      members: z.int(),
      schools: z.array(
        z.object({ name: z.string(), before: z.number().nullable(), after: z.number().nullable() }),
      ),
      history: z.array(z.object({ number: z.int(), at: instantText, by: z.string() })),
    }),
  },
  'rules-adopt': { input: z.strictObject({ key: z.string().max(64) }), answer: nothing },
  audit: {
    input: nothing,
    answer: z.object({
      rows: z.array(
        z.object({
          at: instantText,
          by: z.string(),
          what: z.enum(['import', 'undo', 'rules', 'export']),
          detail: z.string(),
        }),
      ),
      /** Who may what: one line a right, with those who have it. */
      rights: z.array(z.object({ right: z.string(), roles: z.array(z.string()) })),
    }),
  },
  /** The activity as everybody bound may read it. */
  zone: {
    input: nothing,
    answer: z.object({
      phases: z.array(
        windowSpan.extend({
          name: z.string(),
          todo: z.string(),
          state: z.enum(['ahead', 'running', 'over']),
          days: z.int(),
        }),
      ),
      groups: z.array(
        z.object({
          name: z.string(),
          indicators: z.array(z.object({ name: z.string(), action: z.string(), points: z.string() })),
        }),
      ),
      awards: z.array(
        z.object({ name: z.string(), subject: z.enum(['school', 'teacher', 'administrator']) }),
      ),
      today: dayInput,
    }),
  },
} as const satisfies Record<string, OfficeEntry>
