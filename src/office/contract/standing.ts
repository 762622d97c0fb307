import { z } from 'zod'
import { codeText, dayInput, pageNumber, pageOf, searchText, windowSpan } from './entry'
import type { OfficeEntry } from './entry'

/** The organisation whose people or schools are compared. */
export const standingScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('district') }),
  z.strictObject({ kind: z.literal('town'), town: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('school'), code: codeText }),
])

/** The days that are looked at: by a word, by the name that the scheme gives them, or from day to day. */
export const chosenWindow = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['period', 'today', 'this-week', 'last-week', 'this-month', 'last-month']),
  }),
  z.strictObject({ kind: z.literal('named'), name: z.string().max(64) }),
  z.strictObject({ kind: z.literal('dates'), from: dayInput, to: dayInput }),
])

/** A question about places, as the fields of the page say it. */
export const standingFilter = z.strictObject({
  of: z.enum(['schools', 'teachers', 'administrators']),
  scope: standingScope,
  window: chosenWindow,
  stage: z.string().max(64).optional(),
  /** Name of an indicator or of a group of them. */
  indicator: z.string().max(64).optional(),
})

const standingRow = z.object({
  rank: z.int(),
  code: z.string(),
  name: z.string(),
  school: z.string(),
  score: z.number(),
  /** Places won since the end of last week, negative when lost. */
  change: z.int().optional(),
  mine: z.boolean(),
})

/** Places of schools and people. */
export const standingContract = {
  standing: {
    input: z.strictObject({ filter: standingFilter, search: searchText.optional(), page: pageNumber }),
    answer: z.object({
      rows: z.array(standingRow),
      own: standingRow.optional(),
      ranked: z.int(),
      window: windowSpan,
      dataUntil: dayInput.optional(),
      /** Only people of the own school are shown. */
      ownSchoolOnly: z.boolean(),
      ...pageOf,
    }),
  },
  /** Understands a question as it is asked in the chat. */
  ask: { input: z.strictObject({ text: z.string().max(200) }), answer: z.object({ filter: standingFilter }) },
} as const satisfies Record<string, OfficeEntry>

export type StandingFilter = z.output<typeof standingFilter>
export type StandingRow = z.output<typeof standingRow>
export type ChosenWindow = z.output<typeof chosenWindow>
