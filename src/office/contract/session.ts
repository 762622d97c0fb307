import { z } from 'zod'
import { officeScreens } from '../screens'
import { dayInput, instantText, windowSpan } from './entry'
import type { OfficeEntry } from './entry'

const nothing = z.strictObject({})

/** What somebody is here, with the organisation that it is tied to. */
const role = z.object({
  kind: z.enum(['staff', 'support', 'town', 'administrator', 'teacher', 'judge']),
  of: z.string(),
})

/** What every list is filtered by. */
const scheme = z.object({
  name: z.string(),
  platform: z.string(),
  period: windowSpan,
  windows: z.array(windowSpan.extend({ name: z.string() })),
  groups: z.array(z.object({ name: z.string(), indicators: z.array(z.string()) })),
  subjects: z.array(z.enum(['schools', 'teachers', 'administrators'])),
  tasks: z.enum(['targets', 'room']),
})

/** Signing in, who one is, and where else one is signed in. */
export const sessionContract = {
  welcome: {
    input: nothing,
    answer: z.object({ district: z.string(), signedIn: z.boolean(), demo: z.boolean(), zone: z.boolean() }),
    open: true,
  },
  login: { input: z.strictObject({ code: z.string().max(40) }), answer: nothing, open: true },
  logout: { input: nothing, answer: nothing },
  me: {
    input: nothing,
    answer: z.object({
      name: z.string(),
      account: z.string().optional(),
      roles: z.array(role),
      school: z.object({ code: z.string(), name: z.string() }).optional(),
      towns: z.array(z.string()),
      screens: z.array(z.enum(officeScreens)),
      scheme,
      stages: z.array(z.string()),
      allTowns: z.array(z.string()),
      today: dayInput,
      dataUntil: dayInput.optional(),
    }),
  },
  sessions: {
    input: nothing,
    answer: z.object({
      rows: z.array(
        z.object({
          id: z.int(),
          device: z.string(),
          since: instantText,
          seen: instantText,
          here: z.boolean(),
        }),
      ),
    }),
  },
  'end-session': { input: z.strictObject({ id: z.int() }), answer: nothing },
} as const satisfies Record<string, OfficeEntry>
