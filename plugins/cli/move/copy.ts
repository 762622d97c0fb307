import type { Context } from 'koishi'
import type { BulkRow, BulkValue } from 'koishi-plugin-space-database'
import { text } from '../text'
import { fingerprintRows, rowsOf } from './tables'
import type { TableContent } from './tables'

/** Rows that go to the server at once. */
const BATCH = 500

/** Fills the tables in one transaction and reads every row back; what is not the same ends it as if it had never begun. */
export async function copyTables(
  ctx: Context,
  source: readonly TableContent[],
): Promise<{ tables: number; rows: number }> {
  await ctx.database.transact(async () => {
    for (const table of source) await copyTable(ctx, table)
    const differ: string[] = []
    for (const { name, rows } of source) {
      if (fingerprintRows(await rowsOf(ctx, name)) !== fingerprintRows(rows)) differ.push(name)
    }
    if (differ.length) throw new Error(text('move-differs', { names: differ.join(text('list-join')) }))
  })
  for (const { name, lastNumber } of source) {
    if (lastNumber !== undefined)
      await ctx.bulk.run(`ALTER TABLE \`${name}\` AUTO_INCREMENT = ${lastNumber + 1}`)
  }
  const rows = source.reduce((sum, table) => sum + table.rows.length, 0)
  return { tables: source.length, rows }
}

async function copyTable(ctx: Context, { name, rows }: TableContent): Promise<void> {
  const times = await timeColumns(ctx, name)
  // What the plugins wrote when they made their tables is theirs to write again.
  await ctx.bulk.run(`DELETE FROM \`${name}\``)
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH).map((row) => withTimes(row, times))
    await ctx.bulk.insert(name, batch)
  }
}

async function timeColumns({ bulk }: Context, table: string): Promise<Set<string>> {
  const columns = await bulk.rows<{ name: string }>(
    `SELECT COLUMN_NAME AS name FROM information_schema.columns WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND DATA_TYPE IN ('datetime', 'timestamp')`,
    [table],
  )
  return new Set(columns.map(({ name }) => name))
}

/** The embedded database keeps times as milliseconds. */
function withTimes(row: BulkRow, times: ReadonlySet<string>): BulkRow {
  const entries = Object.entries(row).map(([column, value]): [string, BulkValue | undefined] => [
    column,
    typeof value === 'number' && times.has(column) ? new Date(value) : value,
  ])
  return Object.fromEntries(entries)
}
