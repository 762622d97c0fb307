import { z } from 'zod'
import { bulletinSections } from '../../bulletins/draft'
import { bulletinActs, bulletinStates } from '../../bulletins/life'
import { messageStates } from '../../delivery/message'
import { dayInput, instantText } from './entry'
import type { OfficeEntry } from './entry'
import { chosenWindow } from './standing'

const nothing = z.strictObject({})
const id = z
  .int()
  .min(1)
  .max(2 ** 31)
const line = z.string().max(200)
const file = z.object({ name: z.string(), type: z.enum(['docx', 'xlsx', 'png', 'jpg']), base64: z.string() })

const bulletinLine = z.object({
  id: z.int(),
  title: z.string(),
  state: z.enum(bulletinStates),
  until: dayInput,
  author: z.string(),
  at: instantText,
})

const change = z.object({ what: z.string(), before: z.string(), after: z.string() })

/** Bulletins: written section by section beside the facts, approved by another, published and followed. */
export const bulletinContract = {
  bulletins: {
    input: nothing,
    /** `writes`: whether the asker works on bulletins, or reads those that were published. */
    answer: z.object({ writes: z.boolean(), rows: z.array(bulletinLine) }),
  },
  bulletin: {
    input: z.strictObject({ id }),
    answer: bulletinLine.extend({
      /** Grows with every change: who changes what has changed meanwhile is told so. */
      edits: z.int(),
      window: z.object({ from: dayInput, to: dayInput }),
      docnumber: z.string(),
      recipients: z.string(),
      issuer: z.string(),
      audience: z.string(),
      lastplaces: z.boolean(),
      returned: z.string(),
      due: instantText.optional(),
      sections: z.array(z.object({ key: z.enum(bulletinSections), text: z.string(), edited: z.boolean() })),
      /** What the groups read beside picture and file. */
      caption: z.string(),
      numbers: z.array(z.object({ name: z.string(), value: z.string() })),
      /** Numbers of the text that are in no fact. */
      strange: z.array(z.string()),
      /** What newer data would change. */
      changes: z.array(change),
      acts: z.array(z.enum(bulletinActs)),
    }),
  },
  'bulletin-draft': { input: z.strictObject({ window: chosenWindow }), answer: z.object({ id: z.int() }) },
  'bulletin-edit': {
    input: z.strictObject({
      id,
      edits: z.int(),
      section: z.enum(bulletinSections),
      text: z.string().max(4000),
    }),
    answer: z.object({ edits: z.int() }),
  },
  'bulletin-set': {
    input: z.strictObject({
      id,
      edits: z.int(),
      title: line.optional(),
      docnumber: line.optional(),
      recipients: line.optional(),
      issuer: line.optional(),
      audience: line.optional(),
      lastplaces: z.boolean().optional(),
    }),
    answer: z.object({ edits: z.int() }),
  },
  'bulletin-step': {
    input: z.strictObject({
      id,
      edits: z.int(),
      step: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.enum(['refresh', 'submit', 'approve', 'publish', 'drop']) }),
        z.strictObject({ kind: z.literal('return'), reason: line }),
        z.strictObject({ kind: z.literal('schedule'), due: instantText }),
      ]),
    }),
    answer: z.object({ state: z.enum(bulletinStates) }),
  },
  'bulletin-audience': {
    input: z.strictObject({ id }),
    answer: z.object({ groups: z.array(z.string()) }),
  },
  'bulletin-receipts': {
    input: z.strictObject({ id }),
    answer: z.object({ rows: z.array(z.object({ group: z.string(), state: z.enum(messageStates) })) }),
  },
  'bulletin-correct': {
    input: z.strictObject({ id, why: z.string().trim().min(1).max(200) }),
    answer: z.object({ id: z.int() }),
  },
  'bulletin-file': {
    input: z.strictObject({ id, form: z.enum(['document', 'table', 'picture']) }),
    answer: file,
  },
} as const satisfies Record<string, OfficeEntry>

const announcementState = z.enum(['proposed', 'draft', 'scheduled', 'sending', 'paused', 'cancelled'])
const draft = z.object({
  id: z.int(),
  text: z.string(),
  audience: z.string(),
  asks: z.boolean(),
  due: instantText.optional(),
  groups: z.array(z.string()),
  /** Groups that hear the bot only when somebody mentions it, and those whose bot is away. */
  waiting: z.int(),
  gone: z.int(),
  platforms: z.array(z.object({ name: z.string(), groups: z.int(), messages: z.array(z.string()) })),
})
const announcementLine = z.object({
  id: z.int(),
  state: announcementState,
  text: z.string(),
  author: z.string(),
  at: instantText,
  targets: z.int(),
  sent: z.int(),
  open: z.int(),
  failed: z.int(),
  asks: z.boolean(),
})

/** Announcements: written, previewed as each platform shows them, confirmed, followed. */
export const announcementContract = {
  announcements: {
    input: nothing,
    answer: z.object({ rows: z.array(announcementLine), draft: draft.optional() }),
  },
  'announcement-write': {
    input: z.strictObject({ text: z.string().max(6000), asks: z.boolean() }),
    answer: draft,
  },
  'announcement-revise': {
    input: z.strictObject({
      audience: line.optional(),
      due: z.union([instantText, z.enum(['at-once', 'when-confirmed'])]).optional(),
    }),
    answer: draft,
  },
  'announcement-adopt': { input: z.strictObject({ id }), answer: draft },
  'announcement-drop': { input: nothing, answer: nothing },
  'announcement-confirm': {
    input: z.strictObject({ id }),
    /** `changed`: the groups are others than previewed, and nothing was sent. */
    answer: z.object({ changed: z.boolean() }),
  },
  announcement: {
    input: z.strictObject({ id }),
    answer: announcementLine.extend({
      receipts: z.array(
        z.object({
          number: z.int(),
          group: z.string(),
          state: z.enum(messageStates).optional(),
          what: z.string(),
        }),
      ),
      answers: z.object({ answered: z.int(), missing: z.array(z.string()) }).optional(),
    }),
  },
  'announcement-steer': {
    input: z.strictObject({
      id,
      what: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.enum(['pause', 'resume', 'cancel', 'recall', 'arrived', 'remind']) }),
        z.strictObject({
          kind: z.literal('resend'),
          unknownToo: z.boolean(),
          targets: z.array(z.int()).max(1000).optional(),
        }),
      ]),
    }),
    answer: nothing,
  },
} as const satisfies Record<string, OfficeEntry>

/** Files for everybody who takes part. */
export const materialContract = {
  materials: {
    input: nothing,
    answer: z.object({
      removes: z.boolean(),
      rows: z.array(
        z.object({
          id: z.int(),
          title: z.string(),
          phase: z.string(),
          ending: z.string(),
          bytes: z.int(),
          at: instantText,
        }),
      ),
    }),
  },
  'material-file': {
    input: z.strictObject({ id }),
    answer: z.object({ name: z.string(), base64: z.string() }),
  },
  'material-remove': { input: z.strictObject({ id }), answer: nothing },
} as const satisfies Record<string, OfficeEntry>
