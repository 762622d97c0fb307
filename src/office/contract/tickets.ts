import { z } from 'zod'
import { instantText } from './entry'
import type { OfficeEntry } from './entry'

const number = z
  .int()
  .min(1)
  .max(2 ** 31)
const words = z.string().trim().min(1).max(2000)
const choice = z.object({ id: z.string(), name: z.string() })

const ticketLine = z.object({
  number: z.int(),
  state: z.string(),
  stateText: z.string(),
  urgent: z.boolean(),
  category: z.string(),
  title: z.string(),
  school: z.string(),
  reportedAt: instantText,
})

/** What somebody does with a ticket. */
export const ticketStep = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['take', 'hold']) }),
  z.strictObject({ kind: z.enum(['answer', 'ask-back', 'reply']), text: words }),
  z.strictObject({ kind: z.literal('reopen'), text: z.string().max(2000).optional() }),
  z.strictObject({
    kind: z.literal('resolve'),
    reason: z.string().max(30),
    text: z.string().max(2000).optional(),
  }),
  z.strictObject({ kind: z.literal('change-category'), category: z.string().max(30) }),
  z.strictObject({ kind: z.literal('change-urgency'), urgency: z.enum(['normal', 'high']) }),
  z.strictObject({ kind: z.literal('merge'), into: number }),
])

/** Issue reports: those of the asker, and for support and staff all that is open. */
export const ticketContract = {
  tickets: {
    input: z.strictObject({ whose: z.enum(['mine', 'open']) }),
    answer: z.object({ rows: z.array(ticketLine), categories: z.array(choice), reasons: z.array(choice) }),
  },
  ticket: {
    input: z.strictObject({ number }),
    answer: ticketLine.extend({
      /** Grows with every step: who acts on what has changed meanwhile is told so. */
      version: z.int(),
      who: z.array(z.string()),
      helper: z.string(),
      own: z.boolean(),
      support: z.boolean(),
      steps: z.array(z.object({ at: instantText, by: z.string(), what: z.string(), text: z.string() })),
      files: z.array(z.object({ name: z.string(), size: z.int() })),
      likes: z.array(z.object({ number: z.int(), percent: z.int() })),
    }),
  },
  'ticket-report': {
    input: z.strictObject({ text: words }),
    answer: z.object({ number: z.int(), category: z.string() }),
  },
  'ticket-step': {
    input: z.strictObject({ number, version: z.int(), step: ticketStep }),
    answer: z.object({ state: z.string() }),
  },
} as const satisfies Record<string, OfficeEntry>
