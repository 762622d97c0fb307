import { withoutValues } from './failure'
import type { ServerError } from './failure'

export interface MysqlQuery {
  sql: string
  values?: unknown
  typeCast?: unknown
}

type Answer = (error: ServerError | null, result: unknown) => void

/** What this plugin uses of the client library, which brings no types. */
export interface MysqlConnection {
  query(query: string | MysqlQuery, answer: Answer): void
  release(): void
  destroy(): void
}

export interface Pool {
  readonly _allConnections: readonly MysqlConnection[]
  readonly _freeConnections: readonly MysqlConnection[]
  query(query: string | MysqlQuery, answer: Answer): void
  getConnection(answer: (error: ServerError | null, connection: MysqlConnection) => void): void
  on(event: 'connection', listener: (connection: MysqlConnection) => void): void
  end(answer: () => void): void
}

const SESSION = [
  `sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO'`,
  'innodb_lock_wait_timeout = 10',
]

/** What a transaction has not locked it reads as it is now, not as it was when the transaction began. */
const ISOLATION = 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'

export function configure(connection: MysqlConnection): void {
  connection.query(`SET SESSION ${SESSION.join(', ')}; ${ISOLATION}`, (error) => {
    if (error) connection.destroy()
  })
}

export function send<T>(target: Pool | MysqlConnection, query: string | MysqlQuery): Promise<T> {
  const { stack = '' } = new Error()
  return new Promise((resolve, reject) => {
    target.query(query, (error, result) => {
      if (!error) return resolve(result as T)
      const clean = withoutValues(error)
      clean.stack = clean.message + stack.slice('Error'.length)
      reject(clean)
    })
  })
}

export function connectionOf(pool: Pool): Promise<MysqlConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => (error ? reject(withoutValues(error)) : resolve(connection)))
  })
}

export interface MysqlValue {
  type: string
  packet: { orgName: string; orgTable: string }
  string(): string | null
  buffer(): Buffer | null
}

/**
 * Counts, sums and sizes as numbers where they fit. The stock driver leaves them text, which makes it find every
 * column of the wrong size and alter the tables at each start.
 */
export function valueOf(cell: MysqlValue, next: () => unknown): unknown {
  if (cell.type === 'BIT') {
    const bits = cell.buffer()
    return bits && Boolean(bits.readUint8(0))
  }
  if (cell.type !== 'LONGLONG' && cell.type !== 'NEWDECIMAL') return next()
  const text = cell.string()
  const value = Number(text)
  return text === null || (cell.type === 'LONGLONG' && !Number.isSafeInteger(value)) ? text : value
}

/** A cell as the other database gives it: numbers for bits and times too. */
export function asNumber(cell: MysqlValue, next: () => unknown): unknown {
  const value = valueOf(cell, next)
  if (cell.type === 'LONGLONG' && typeof value === 'string') return BigInt(value)
  if (typeof value === 'boolean') return Number(value)
  return value instanceof Date ? value.getTime() : value
}
