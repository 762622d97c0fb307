import { z } from 'zod'
import { dayInput, instantText } from './entry'
import type { OfficeEntry } from './entry'

const nothing = z.strictObject({})
const topics = { weekly: z.boolean(), deadlines: z.boolean() }

/** Reminders: what a week would bring to whom, whether it is held, and what somebody wants to be told. */
export const reminderContract = {
  'reminder-week': {
    input: z.strictObject({ day: dayInput }),
    answer: z.object({
      from: dayInput,
      to: dayInput,
      held: z.boolean(),
      /** Whether the week is over, so that nothing of it can be held any more. */
      over: z.boolean(),
      days: z.array(
        z.object({
          day: dayInput,
          /** Several things for one person are one message. */
          messages: z.int(),
          occasions: z.array(
            z.object({
              kind: z.string(),
              phase: z.string(),
              due: instantText,
              told: z.int(),
              audiences: z.array(
                z.object({
                  audience: z.string(),
                  told: z.int(),
                  silent: z.int(),
                  reasons: z.array(
                    z.object({ reason: z.string(), count: z.int(), names: z.array(z.string()) }),
                  ),
                  example: z.string(),
                }),
              ),
            }),
          ),
        }),
      ),
    }),
  },
  'reminder-hold': {
    input: z.strictObject({ day: dayInput, hold: z.boolean() }),
    /** `late`: something of the week is over already and is not made up for. */
    answer: z.object({ late: z.boolean() }),
  },
  'reminder-settings': {
    input: nothing,
    answer: z.object({ ...topics, pausedUntil: dayInput.optional() }),
  },
  'reminder-set': { input: z.strictObject(topics), answer: nothing },
} as const satisfies Record<string, OfficeEntry>
