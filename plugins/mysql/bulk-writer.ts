import { difference, makeArray } from 'koishi'
import type { Model } from 'minato'
import type { Bulk, BulkRow, BulkValue } from 'koishi-plugin-space-database'
import { asNumber } from './connection'
import type { MysqlQuery } from './connection'
import type { MysqlTransactions } from './turns'

/** Larger statements keep the event loop and the server's other clients waiting. */
const BATCH = 1000
const LONGEST = 256 * 1024

/** Texts in which nothing needs escaping. */
const plain = /^[\w .:-]*$/

export interface WriteHeader {
  affectedRows: number
  message: string
}

/** What bulk verbs need of the driver. */
export interface MysqlBulkAccess {
  turns: MysqlTransactions
  model: (table: string) => Model
  query: <T>(query: MysqlQuery) => Promise<T>
  /** Several statements in one text, all or none. */
  whole: (query: MysqlQuery) => Promise<WriteHeader[]>
  escape: (value: Exclude<BulkValue, bigint | Uint8Array> | undefined) => string
}

/**
 * Returns how many rows were new. While the server is busy with a statement the text of the next one is made; it is
 * sent only after the answer, because a server that gave up the transaction would store it on its own.
 */
export async function insertRows(
  query: MysqlBulkAccess['query'],
  { table, fields, update }: { table: string; fields: readonly string[]; update: string },
  rows: Iterable<string>,
): Promise<number> {
  const head = `INSERT INTO ${quoteMysqlName(table)} (${fields.map(quoteMysqlName).join(', ')}) VALUES `
  let inserted = 0
  let sent: Promise<WriteHeader> | undefined
  const answered = async () => {
    const [, records, duplicates] =
      /Records: (\d+)\s+Duplicates: (\d+)/.exec((await sent)?.message ?? '') ?? []
    inserted += Number(records ?? 0) - Number(duplicates ?? 0)
  }
  try {
    for (const tuples of statements(rows)) {
      await answered()
      sent = query<WriteHeader>({ sql: `${head}${tuples} ON DUPLICATE KEY UPDATE ${update}` })
      sent.catch(() => undefined)
    }
  } finally {
    // Whatever making the next statement threw, nothing is under way any more when this returns.
    await answered()
  }
  return inserted
}

/** A statement with one row does not tell whether it was new, so that row is sent twice. */
function* statements(rows: Iterable<string>): Generator<string> {
  let [tuples, count, last] = ['', 0, '']
  for (const row of rows) {
    tuples = count ? `${tuples}, ${row}` : row
    last = row
    if (++count < BATCH && (count < 2 || tuples.length < LONGEST)) continue
    yield tuples
    count = 0
  }
  if (count) yield count > 1 ? tuples : `${last}, ${last}`
}

export function makeMysqlBulk({ turns, model, query, whole, escape }: MysqlBulkAccess): Bulk {
  function literal(value: BulkValue | undefined): string {
    if (value instanceof Uint8Array) return `X'${bufferOf(value).toString('hex')}'`
    if (typeof value === 'string' && plain.test(value)) return `'${value}'`
    if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value)
    return escape(value ?? null)
  }

  function* tuples(rows: readonly BulkRow[], fields: readonly string[]): Generator<string> {
    for (const row of rows) {
      let text = ''
      for (const field of fields) text += (text ? ', ' : '(') + literal(row[field])
      yield `${text})`
    }
  }

  function write(table: string, rows: readonly BulkRow[], updated: readonly string[]): Promise<number> {
    const fields = Object.keys(rows[0] ?? {})
    const unchanged = quoteMysqlName(fields[0] ?? '')
    const update = updated.length ? updated.map(replace).join(', ') : `${unchanged} = ${unchanged}`
    return turns.atomic(() => insertRows(query, { table, fields, update }, tuples(rows, fields)))
  }

  return {
    async upsert(table, rows, keys = makeArray(model(table).primary)) {
      if (rows.length) await write(table, rows, difference(Object.keys(rows[0] ?? {}), [...keys]))
    },
    insert(table, rows) {
      return rows.length ? write(table, rows, []) : Promise.resolve(0)
    },
    rows<T extends object>(sql: string, params: readonly BulkValue[] = []) {
      return query<T[]>({ sql, values: params.map(asParameter), typeCast: asNumber })
    },
    async run(sql, params = []) {
      const { affectedRows } = await query<WriteHeader>({ sql, values: params.map(asParameter) })
      return affectedRows
    },
    async batch(statements) {
      if (!statements.length) return []
      const sql = statements.map((statement) => statement.sql).join('; ')
      const values = statements.flatMap(({ params = [] }) => params.map(asParameter))
      return (await whole({ sql, values })).map(({ affectedRows }) => affectedRows)
    },
    committed(callback) {
      const turn = turns.current
      if (turn) turn.committed.push(callback)
      else callback()
    },
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

function asParameter(value: BulkValue): unknown {
  if (value instanceof Uint8Array) return bufferOf(value)
  return typeof value === 'bigint' ? String(value) : value
}

export function replace(field: string): string {
  return `${quoteMysqlName(field)} = VALUES(${quoteMysqlName(field)})`
}

export function quoteMysqlName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}
