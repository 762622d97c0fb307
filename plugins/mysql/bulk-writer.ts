import { difference, makeArray } from 'koishi'
import type { Model } from 'minato'
import type { Bulk, BulkRow, BulkValue } from 'koishi-plugin-space-sqlite'
import { asNumber } from './connection'
import type { Query } from './connection'
import type { Turns } from './turns'

/** Larger statements keep the event loop and the server's other clients waiting. */
const BATCH = 500

interface WriteHeader {
  affectedRows: number
  message: string
}

/** What bulk verbs need of the driver. */
export interface BulkAccess {
  turns: Turns
  model: (table: string) => Model
  query: <T>(query: Query) => Promise<T>
  escape: (value: Exclude<BulkValue, bigint | Uint8Array> | undefined) => string
}

/** Returns how many rows were new. A statement with one row does not tell, so that row is sent twice. */
export async function insertRows(
  query: BulkAccess['query'],
  { table, fields, update }: { table: string; fields: readonly string[]; update: string },
  rows: readonly string[],
): Promise<number> {
  let inserted = 0
  for (let i = 0; i < rows.length; i += BATCH) {
    const batch = rows.slice(i, i + BATCH)
    if (batch.length === 1) batch.push(batch[0]!)
    const sql = `INSERT INTO ${quote(table)} (${fields.map(quote).join(', ')}) VALUES ${batch.join(', ')} ON DUPLICATE KEY UPDATE ${update}`
    const { message } = await query<WriteHeader>({ sql })
    const [, records, duplicates] = /Records: (\d+)\s+Duplicates: (\d+)/.exec(message) ?? []
    inserted += Number(records) - Number(duplicates)
  }
  return inserted
}

export function makeBulk({ turns, model, query, escape }: BulkAccess): Bulk {
  function literal(value: BulkValue | undefined): string {
    if (value instanceof Uint8Array) return `X'${bufferOf(value).toString('hex')}'`
    return typeof value === 'bigint' ? String(value) : escape(value ?? null)
  }

  function write(table: string, rows: readonly BulkRow[], updated: readonly string[]): Promise<number> {
    const fields = Object.keys(rows[0]!)
    const unchanged = quote(fields[0]!)
    const update = updated.length ? updated.map(replace).join(', ') : `${unchanged} = ${unchanged}`
    const tuples = rows.map((row) => `(${fields.map((field) => literal(row[field])).join(', ')})`)
    return turns.atomic(() => insertRows(query, { table, fields, update }, tuples))
  }

  return {
    async upsert(table, rows, keys = makeArray(model(table).primary)) {
      if (rows.length) await write(table, rows, difference(Object.keys(rows[0]!), [...keys]))
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
  return `${quote(field)} = VALUES(${quote(field)})`
}

export function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}
