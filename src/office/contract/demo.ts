import { z } from 'zod'
import type { OfficeEntry } from './entry'

/** The made-up people of the demo, in the order in which they are offered. */
export const demoPeople = ['administrator', 'teacher', 'staff', 'town', 'support', 'stranger'] as const
export const demoRooms = ['private', 'group'] as const
export type DemoPerson = (typeof demoPeople)[number]
export type DemoRoom = (typeof demoRooms)[number]

/** Only whoever has the address that the demo printed takes part. */
const key = z.string().min(1).max(100)
const seat = { key, person: z.enum(demoPeople), room: z.enum(demoRooms) }

/** The demo: being one of its people, and their chats with the bot. */
export const demoContract = {
  'demo-people': {
    input: z.strictObject({ key }),
    answer: z.object({
      people: z.array(
        z.object({
          person: z.enum(demoPeople),
          name: z.string(),
          of: z.string(),
          group: z.string(),
          questions: z.array(z.string()),
        }),
      ),
      tour: z.array(z.string()),
    }),
    open: true,
  },
  'demo-be': {
    input: z.strictObject({ key, person: z.enum(demoPeople) }),
    answer: z.strictObject({}),
    open: true,
  },
  'demo-say': {
    input: z.strictObject({ ...seat, text: z.string().min(1).max(2000) }),
    answer: z.strictObject({}),
    open: true,
  },
  'demo-chat': {
    input: z.strictObject({ ...seat, after: z.int().min(0) }),
    answer: z.object({
      lines: z.array(
        z.object({
          number: z.int(),
          from: z.enum(['me', 'other', 'bot']),
          name: z.string(),
          text: z.string(),
          pictures: z.array(z.string()),
          files: z.array(z.string()),
        }),
      ),
    }),
    open: true,
  },
} as const satisfies Record<string, OfficeEntry>

export type DemoLine = z.output<(typeof demoContract)['demo-chat']['answer']>['lines'][number]
