/**
 * One change of the database that the framework cannot make by itself: columns and tables that are new it adds at every
 * start; what is dropped, renamed or filled anew stands here.
 */
export interface SchemaMigration {
  /** The version that the database has after it; each is one more than the last. */
  version: number
  /** The tables that it touches, which are what it is tried on first. */
  tables: readonly string[]
  /**
   * Statements that both databases understand, harmless when they run a second time: MariaDB stores each change of a
   * table at once. `table` answers the quoted name to use.
   */
  statements: (table: (name: string) => string) => readonly string[]
}

/** What a database had before versions were written into it. */
export const FIRST_SCHEMA = 1

/** In order; a migration that was once released is never changed. */
export const schemaMigrations: readonly SchemaMigration[] = [
  {
    // Exports of the page were never written there.
    version: 2,
    tables: ['space_page_export'],
    statements: (table) => [`DROP TABLE IF EXISTS ${table('space_page_export')}`],
  },
]

/** The version that this program makes and understands. */
export const schemaVersion = newestSchema(schemaMigrations)

/** The one-row table that holds the version. */
export const SCHEMA_TABLE = 'space_schema'

/** A database that was written by a newer program: reading it by older rules might damage or misread it. */
export class NewerSchemaError extends Error {
  override name = 'NewerSchemaError'

  constructor(readonly found: number) {
    super(`the database has schema ${found}, this program knows ${schemaVersion}`)
  }
}

/** A migration that failed when it was tried on a copy; the database itself is as it was. */
export class SchemaTrialError extends Error {
  override name = 'SchemaTrialError'
}

/** What is still to be done to a database of a version. */
export function pendingMigrations(
  version: number,
  known: readonly SchemaMigration[] = schemaMigrations,
): readonly SchemaMigration[] {
  if (version > newestSchema(known)) throw new NewerSchemaError(version)
  return known.filter((one) => one.version > version)
}

/** The version after all of these. */
export function newestSchema(known: readonly SchemaMigration[]): number {
  return known.at(-1)?.version ?? FIRST_SCHEMA
}
