import { difference, makeArray } from 'koishi'
import type { Model } from 'minato'
import { setImmediate } from 'node:timers/promises'
import type { Bulk, BulkRow, BulkValue } from 'koishi-plugin-space-database'
import { checkLength, lengthOf, quoteSqliteName } from './conversion'
import type { Row } from './engine'
import type { SqliteTransactions } from './turns'

/** Rows written before the event loop gets a turn. */
export const BATCH = 1000
/** Rows of one statement: most of the time goes into beginning and ending it. */
const ROWS = 50

/** What bulk verbs need of the driver. */
export interface SqliteBulkAccess {
  turns: SqliteTransactions
  model: (table: string) => Model
  all: (sql: string, params: readonly unknown[]) => Row[]
  run: (sql: string, params: readonly unknown[]) => number
  runAll: (sql: string, sets: Iterable<readonly unknown[]>) => number
  copy: (path: string) => Promise<void>
}

export function makeSqliteBulk({ turns, model, all, run, runAll, copy }: SqliteBulkAccess): Bulk {
  function write(table: string, rows: readonly BulkRow[], conflict: string): Promise<number> {
    const fields = Object.keys(rows[0] ?? {})
    const limits = fields.map((field) => lengthOf(model(table).fields[field]))
    const marks = `(${fields.map(() => '?').join(', ')})`
    const sqlOf = (count: number) =>
      `INSERT INTO ${quoteSqliteName(table)} (${fields.map(quoteSqliteName).join(', ')}) VALUES ${Array<string>(count).fill(marks).join(', ')} ${conflict}`
    function* paramsOf(from: number, to: number, size: number): Generator<unknown[]> {
      for (let at = from; at < to; at += size) {
        const params: unknown[] = []
        for (const row of rows.slice(at, at + size)) {
          for (const [index, field] of fields.entries()) {
            const value = row[field]
            if (typeof value === 'string') checkLength(field, value, limits[index] ?? Infinity)
            params.push(value)
          }
        }
        yield params
      }
    }
    return turns.atomic(async () => {
      let changes = 0
      for (let from = 0; from < rows.length; from += BATCH) {
        if (from) await setImmediate()
        const to = Math.min(from + BATCH, rows.length)
        const whole = to - ((to - from) % ROWS)
        if (whole > from) changes += runAll(sqlOf(ROWS), paramsOf(from, whole, ROWS))
        if (to > whole) changes += runAll(sqlOf(1), paramsOf(whole, to, 1))
      }
      return changes
    })
  }

  return {
    async upsert(table, rows, keys = makeArray(model(table).primary)) {
      if (!rows.length) return
      const updates = difference(Object.keys(rows[0] ?? {}), [...keys]).map(replace)
      const action = updates.length ? `UPDATE SET ${updates.join(', ')}` : 'NOTHING'
      await write(table, rows, `ON CONFLICT (${keys.map(quoteSqliteName).join(', ')}) DO ${action}`)
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
    batch(statements) {
      return turns.atomic(() => Promise.resolve(statements.map(({ sql, params = [] }) => run(sql, params))))
    },
    committed(callback) {
      const turn = turns.current
      if (turn) turn.committed.push(callback)
      else callback()
    },
    async copyTo(path) {
      if (turns.current) throw new Error('no copy is made within a transaction')
      await turns.alone(() => copy(path))
    },
  }
}

function replace(column: string): string {
  return `${quoteSqliteName(column)} = excluded.${quoteSqliteName(column)}`
}
