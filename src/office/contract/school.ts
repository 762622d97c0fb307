import { z } from 'zod'
import { codeText, dayInput, pageNumber, pageOf, searchText, windowSpan } from './entry'
import type { OfficeEntry } from './entry'
import { platformFigure, weekPoints } from './person'
import { chosenWindow } from './standing'

const ranked = z.object({ rank: z.int(), size: z.int() })

/** Opened spaces; `rate` is a share from 0 to 1, null where there is nobody. */
export const activationFigures = z.object({
  rate: z.number().nullable(),
  state: z.enum(['reached', 'enough-for-awards', 'behind']).optional(),
  teachers: z.int(),
  teachersOpened: z.int(),
  students: z.int(),
  studentsOpened: z.int(),
})

/** Who has something left to do. */
const behindList = z.object({
  members: z.int(),
  behind: z.array(z.object({ account: z.string(), name: z.string(), left: z.int() })),
})

/** One school: its score, what it is made of, its people. */
export const schoolContract = {
  schools: {
    input: z.strictObject({ search: searchText }),
    answer: z.object({
      rows: z.array(z.object({ code: z.string(), name: z.string(), town: z.string(), stage: z.string() })),
    }),
  },
  school: {
    input: z.strictObject({ code: codeText, window: chosenWindow }),
    answer: z.object({
      code: z.string(),
      name: z.string(),
      town: z.string(),
      stage: z.string(),
      window: windowSpan,
      dataUntil: dayInput.optional(),
      score: z.number().nullable(),
      district: ranked.optional(),
      inTown: ranked.optional(),
      inStage: ranked.optional(),
      change: z.int().optional(),
      terms: z.array(
        z.object({
          role: z.enum(['administrator', 'teacher']),
          members: z.int(),
          points: z.number(),
          mean: z.number(),
        }),
      ),
      parts: z.array(z.object({ name: z.string(), score: z.number() })),
      around: z.array(z.object({ rank: z.int(), code: z.string(), name: z.string(), score: z.number() })),
      weeks: z.array(weekPoints),
      activation: activationFigures,
      platform: platformFigure.optional(),
      /** Only for those who may read the names. */
      behind: behindList.optional(),
    }),
  },
  'school-teachers': {
    input: z.strictObject({
      code: codeText,
      window: chosenWindow,
      search: searchText.optional(),
      page: pageNumber,
    }),
    answer: z.object({
      indicators: z.array(z.string()),
      rows: z.array(
        z.object({
          account: z.string(),
          name: z.string(),
          rank: z.int(),
          score: z.number(),
          /** In the order of `indicators`. */
          points: z.array(z.number()),
        }),
      ),
      ...pageOf,
    }),
  },
} as const satisfies Record<string, OfficeEntry>
