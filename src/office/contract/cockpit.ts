import { z } from 'zod'
import { dayInput } from './entry'
import type { OfficeEntry } from './entry'
import { activationFigures } from './school'

const schoolLine = z.object({ code: z.string(), name: z.string() })

/** What staff and town offices look at first. */
export const cockpitContract = {
  cockpit: {
    input: z.strictObject({ town: z.string().max(64).optional() }),
    answer: z.object({
      /** Empty for the whole district. */
      town: z.string(),
      dataUntil: dayInput.optional(),
      teachers: z.int(),
      /** Teachers with something left to do; absent while nothing is scored. */
      behind: z.int().optional(),
      /** Teachers with a point in the last seven days of the data. */
      active: z.int(),
      activation: activationFigures,
      behindSchools: z.array(schoolLine.extend({ behind: z.int(), members: z.int() })),
      belowAward: z.array(schoolLine.extend({ rate: z.number() })),
      moved: z.array(schoolLine.extend({ rank: z.int(), change: z.int() })),
      towns: z.array(
        z.object({
          town: z.string(),
          schools: z.int(),
          teachers: z.int(),
          behind: z.int(),
          rate: z.number().nullable(),
          best: z.int().optional(),
        }),
      ),
      /** What waits for staff. */
      waiting: z
        .object({ requests: z.int(), tickets: z.int(), unsettled: z.int(), rules: z.boolean() })
        .optional(),
    }),
  },
} as const satisfies Record<string, OfficeEntry>
