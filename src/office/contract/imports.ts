import { z } from 'zod'
import { instantText } from './entry'
import type { OfficeEntry } from './entry'

const kind = z.enum(['roster', 'schools', 'records', 'snapshot'])
const nothing = z.strictObject({})

const importLine = z.object({
  id: z.int(),
  kind,
  name: z.string(),
  understood: z.int(),
  refused: z.int(),
  changed: z.int(),
  firstDay: z.string(),
  lastDay: z.string(),
  by: z.string(),
  at: instantText,
  undone: z.boolean(),
})

/** What a file holds and would change; nothing is stored yet. */
export const importPreview = z.object({
  id: z.string(),
  name: z.string(),
  kind,
  understood: z.int(),
  refused: z.int(),
  /** Why rows are refused, the first ones. */
  problems: z.array(z.string()),
  /** Numbers of what would change, the ones that are not 0. */
  change: z.array(
    z.object({
      what: z.enum([
        'added',
        'changed',
        'moved',
        'replaced',
        'repeated',
        'members',
        'schools',
        'schools-added',
      ]),
      count: z.int(),
    }),
  ),
  nothingNew: z.boolean(),
  until: instantText,
})

/** Files that staff bring. A file itself is sent to an address of its own and answered with its preview. */
export const importContract = {
  imports: { input: nothing, answer: z.object({ rows: z.array(importLine) }) },
  'import-confirm': { input: z.strictObject({ id: z.string().max(20) }), answer: importLine },
  'import-discard': { input: z.strictObject({ id: z.string().max(20) }), answer: nothing },
  'import-undo': { input: z.strictObject({ id: z.int() }), answer: importLine },
} as const satisfies Record<string, OfficeEntry>

export type PageImportPreview = z.output<typeof importPreview>
