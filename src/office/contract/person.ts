import { z } from 'zod'
import { codeText, dayInput, pageNumber, pageOf, windowSpan } from './entry'
import type { OfficeEntry } from './entry'
import { chosenWindow } from './standing'

const bucket = z.enum(['day', 'week', 'month', 'year', 'period'])

/** Where the points of one indicator come from. */
const reason = z.object({
  indicator: z.string(),
  group: z.string(),
  actions: z.number(),
  counted: z.number(),
  points: z.number(),
  limit: z.object({ times: z.int(), per: bucket }).optional(),
  /** Length of the longest run of days, for an indicator that is paid by runs. */
  longest: z.int().optional(),
})

/** Something that is still to do, or that still gives points. */
const task = z.object({
  indicator: z.string(),
  /** Times left; absent where nothing limits them. */
  left: z.int().optional(),
  points: z.number().optional(),
  per: bucket,
  daysLeft: z.int(),
  place: z.string().optional(),
})

/** What is left to do. */
export const taskList = z.object({
  kind: z.enum(['targets', 'room', 'ahead', 'over']),
  rows: z.array(task),
  met: z.int(),
})

/** Points gained in one week, by its Monday. */
export const weekPoints = z.object({ monday: dayInput, points: z.number() })

/** The platform's own figure beside the one computed here. */
export const platformFigure = z.object({
  day: dayInput,
  total: z.number(),
  estimate: z.number(),
  differences: z.array(z.object({ indicator: z.string(), by: z.number() })),
})

const roleFigures = z.object({
  role: z.enum(['administrator', 'teacher']),
  points: z.number(),
  district: z.object({ rank: z.int(), size: z.int() }).optional(),
  school: z.object({ rank: z.int(), size: z.int() }).optional(),
  change: z.int().optional(),
  reasons: z.array(reason),
  weeks: z.array(weekPoints),
  tasks: taskList,
})

const whose = z.strictObject({ account: codeText.optional(), window: chosenWindow })

/** A member's points, where they come from, and what is still to do. */
export const personContract = {
  person: {
    input: whose,
    answer: z.object({
      name: z.string(),
      account: z.string(),
      school: z.object({ code: z.string(), name: z.string() }),
      own: z.boolean(),
      window: windowSpan,
      dataUntil: dayInput.optional(),
      roles: z.array(roleFigures),
      platform: platformFigure.optional(),
    }),
  },
  records: {
    input: whose.extend({ indicator: z.string().max(64).optional(), page: pageNumber }),
    answer: z.object({
      rows: z.array(
        z.object({
          day: dayInput,
          time: z.string(),
          indicator: z.string(),
          count: z.number(),
          valid: z.boolean(),
        }),
      ),
      ...pageOf,
    }),
  },
} as const satisfies Record<string, OfficeEntry>
