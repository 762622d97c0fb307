import { z } from 'zod'

/** A local day as `YYYY-MM-DD`. */
export const dayInput = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
/** An instant in ISO 8601. */
export const instantText = z.iso.datetime()
/** A code of a school or an account: short, so that nothing long reaches a look-up. */
export const codeText = z.string().min(1).max(64)
/** What somebody types to look for something. */
export const searchText = z.string().max(60)
/** A page of a list, from 1 on. */
export const pageNumber = z.int().min(1).max(100_000)

/** Both days included. */
export const windowSpan = z.object({ from: dayInput, to: dayInput })

/** One call of the page: what it sends and what it gets. `open`: answered without a session, too. */
export interface OfficeEntry {
  input: z.ZodType
  answer: z.ZodType
  open?: boolean
}

/** Which part of a list was answered. */
export const pageOf = { page: pageNumber, pages: z.int().min(1), total: z.int().min(0) }
