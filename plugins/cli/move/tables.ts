import { createHash } from 'node:crypto'
import type { Context } from 'koishi'
import type { BulkRow, BulkValue } from 'koishi-plugin-space-database'

/** Everything in one table of the embedded database. */
export interface TableContent {
  name: string
  rows: BulkRow[]
  /** The highest number that was ever given, where rows are numbered. */
  lastNumber: number | undefined
}

const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``

/** Tables of the database that is open, of either kind. */
export async function tableNames({ bulk }: Context): Promise<string[]> {
  const isFile = bulk.copyTo !== undefined
  const sql = isFile
    ? `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
    : `SELECT TABLE_NAME AS name FROM information_schema.tables WHERE TABLE_SCHEMA = DATABASE()`
  return (await bulk.rows<{ name: string }>(sql)).map(({ name }) => name).sort()
}

/** Rows of each table. */
export async function countTables(ctx: Context): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const name of await tableNames(ctx)) {
    const [row] = await ctx.bulk.rows<{ n: number }>(`SELECT COUNT(*) AS n FROM ${quoted(name)}`)
    counts[name] = row?.n ?? 0
  }
  return counts
}

/** All rows of all tables but some, as the database has them. */
export async function readTables(ctx: Context, without: ReadonlySet<string>): Promise<TableContent[]> {
  const numbered = await lastNumbers(ctx)
  const found: TableContent[] = []
  for (const name of await tableNames(ctx)) {
    if (without.has(name)) continue
    const rows = await rowsOf(ctx, name)
    found.push({ name, rows, lastNumber: numbered.get(name) })
  }
  return found
}

async function lastNumbers({ bulk }: Context): Promise<Map<string, number>> {
  const [kept] = await bulk.rows(`SELECT 1 AS there FROM sqlite_master WHERE name = 'sqlite_sequence'`)
  if (!kept) return new Map()
  const rows = await bulk.rows<{ name: string; seq: number }>('SELECT name, seq FROM sqlite_sequence')
  return new Map(rows.map(({ name, seq }) => [name, seq]))
}

/** Rows as both databases give them: whole numbers for bits and times. */
export async function rowsOf({ bulk }: Context, name: string): Promise<BulkRow[]> {
  return bulk.rows<BulkRow>(`SELECT * FROM ${quoted(name)}`)
}

/** A number that is the same for the same rows, in whatever order they and their columns come. */
export function fingerprintRows(rows: readonly BulkRow[]): string {
  let sum = 0n
  for (const row of rows) {
    const cells = Object.entries(row).map(([column, value]) => [column, cellText(value)])
    cells.sort(([one = ''], [other = '']) => (one < other ? -1 : 1))
    const digest = createHash('sha256').update(JSON.stringify(cells)).digest('hex')
    sum = BigInt.asUintN(256, sum + BigInt(`0x${digest}`))
  }
  return `${rows.length}:${sum.toString(16)}`
}

function cellText(value: BulkValue | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString('hex')}`
  if (value instanceof Date) return String(value.getTime())
  return typeof value === 'string' ? `text:${value}` : String(value)
}
