import { difference, makeArray } from 'koishi'
import type { Model } from 'minato'
import { setImmediate } from 'node:timers/promises'
import type { Bulk, BulkRow, BulkValue } from './bulk'
import { checkLength, lengthOf, quote } from './conversion'
import type { Row } from './engine'
import type { Turns } from './turns'

/** Rows written before the event loop gets a turn. */
export const BATCH = 10_000

/** What bulk verbs need of the driver. */
export interface BulkAccess {
  turns: Turns
  model: (table: string) => Model
  all: (sql: string, params: readonly unknown[]) => Row[]
  run: (sql: string, params: readonly unknown[]) => number
  runAll: (sql: string, rows: readonly (readonly unknown[])[]) => number
}

export function makeBulk({ turns, model, all, run, runAll }: BulkAccess): Bulk {
  function write(table: string, rows: readonly BulkRow[], conflict: string): Promise<number> {
    const fields = Object.keys(rows[0]!)
    const limits = fields.map((field) => lengthOf(model(table).fields[field]))
    const marks = fields.map(() => '?').join(', ')
    const sql = `INSERT INTO ${quote(table)} (${fields.map(quote).join(', ')}) VALUES (${marks}) ${conflict}`
    const paramsOf = (row: BulkRow) =>
      fields.map((field, index) => {
        const value = row[field]
        if (typeof value === 'string') checkLength(field, value, limits[index]!)
        return value
      })
    return turns.atomic(async () => {
      let changes = 0
      for (let i = 0; i < rows.length; i += BATCH) {
        if (i) await setImmediate()
        changes += runAll(sql, rows.slice(i, i + BATCH).map(paramsOf))
      }
      return changes
    })
  }

  return {
    async upsert(table, rows, keys = makeArray(model(table).primary)) {
      if (!rows.length) return
      const updates = difference(Object.keys(rows[0]!), [...keys]).map(replace)
      const action = updates.length ? `UPDATE SET ${updates.join(', ')}` : 'NOTHING'
      await write(table, rows, `ON CONFLICT (${keys.map(quote).join(', ')}) DO ${action}`)
    },
    insert(table, rows) {
      return rows.length ? write(table, rows, 'ON CONFLICT DO NOTHING') : Promise.resolve(0)
    },
    rows<T extends object>(sql: string, params: readonly BulkValue[] = []) {
      return turns.step(() => all(sql, params) as T[])
    },
    run(sql, params = []) {
      return turns.step(() => run(sql, params))
    },
    committed(callback) {
      const turn = turns.current
      if (turn) turn.committed.push(callback)
      else callback()
    },
  }
}

function replace(column: string): string {
  return `${quote(column)} = excluded.${quote(column)}`
}
