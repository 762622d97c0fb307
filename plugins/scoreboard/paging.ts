import { setImmediate } from 'node:timers/promises'
import type { Day } from '@space-assistant/core/calendar/day'
import type { Bulk } from 'koishi-plugin-space-database'

/** Parameters of one question. */
const CHUNK = 2000
/** People whose sheets are read at a time. */
const PEOPLE = 200

/** What one import said of one member. */
export interface ImportedSheetRow {
  account: string
  import: number
  pack: Uint8Array
}

export function* chunks<T>(values: readonly T[], size = CHUNK): Generator<readonly T[]> {
  for (let i = 0; i < values.length; i += size) yield values.slice(i, i + size)
}

/** As many question marks as there are values. */
export function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ')
}

interface Near {
  table: 'space_record' | 'space_record_repeat'
  scheme: string
  days: ReadonlySet<Day>
}

/** The sheets of accounts that may speak of the days, in order of import, some people at a time. */
export async function* sheetsNear(
  bulk: Bulk,
  { table, scheme, days }: Near,
  accounts: ReadonlySet<string>,
): AsyncGenerator<ImportedSheetRow[]> {
  let [from, to] = [Infinity, -Infinity]
  for (const day of days) {
    from = Math.min(from, day)
    to = Math.max(to, day)
  }
  if (from > to || !accounts.size) return
  const near = 'scheme = ? AND lastDay >= ? AND firstDay <= ?'
  const span = [scheme, from, to]
  const sql = `SELECT DISTINCT account FROM ${table} WHERE ${near}`
  const known = await bulk.rows<{ account: string }>(sql, span)
  const asked = known.flatMap(({ account }) => (accounts.has(account) ? account : []))
  for (const chunk of chunks(asked, PEOPLE)) {
    yield await bulk.rows<ImportedSheetRow>(
      `SELECT account, \`import\`, pack FROM ${table} WHERE ${near} AND account IN (${marks(chunk)}) ORDER BY \`import\``,
      [...span, ...chunk],
    )
    await setImmediate()
  }
}
