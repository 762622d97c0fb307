import * as z from 'zod'

/** What lies at the beginning of every backup and says what is in it. */
export const backupManifest = z.object({
  format: z.literal(1),
  database: z.enum(['sqlite', 'mysql']),
  /** Version of the database's schema; undefined for a dump, which says it itself. */
  schema: z.number().int().optional(),
  /** ISO time. */
  made: z.string(),
  /** Rows of each table. */
  tables: z.record(z.string(), z.number().int()),
  /** What lay in the data folder beside the database. */
  entries: z.array(z.string().regex(/^(?!\.\.?$)[^/\\]+$/)),
})
export type BackupManifest = z.infer<typeof backupManifest>

export const MANIFEST_FILE = 'manifest.json'
export const SQLITE_FILE = 'space.db'
export const DUMP_FILE = 'dump.sql'

/** Rows of all tables together. */
export function rowsIn({ tables }: BackupManifest): number {
  return Object.values(tables).reduce((sum, rows) => sum + rows, 0)
}

/** Tables of which the two do not have the same number of rows. */
export function tablesThatDiffer(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].filter((name) => one[name] !== other[name]).sort()
}
