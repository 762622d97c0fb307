import { withoutValues } from './failure'
import type { ServerError } from './failure'

export interface Query {
  sql: string
  values?: unknown
  typeCast?: unknown
}

type Answer = (error: ServerError | null, result: unknown) => void

/** What this plugin uses of the client library, which brings no types. */
export interface Connection {
  query(query: string | Query, answer: Answer): void
  release(): void
  destroy(): void
}

export interface Pool {
  query(query: string | Query, answer: Answer): void
  getConnection(answer: (error: ServerError | null, connection: Connection) => void): void
  on(event: 'connection', listener: (connection: Connection) => void): void
  end(answer: () => void): void
}

const SESSION = [
  `sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO'`,
  'innodb_lock_wait_timeout = 10',
]

export function configure(connection: Connection): void {
  connection.query(`SET SESSION ${SESSION.join(', ')}`, (error) => {
    if (error) connection.destroy()
  })
}

export function send<T>(target: Pool | Connection, query: string | Query): Promise<T> {
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

export function connectionOf(pool: Pool): Promise<Connection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => (error ? reject(withoutValues(error)) : resolve(connection)))
  })
}

interface Cell {
  type: string
  string(): string | null
  buffer(): Buffer | null
}

/** A cell as the other database gives it: numbers for bits, counts, sums and times. */
export function asNumber(field: Cell, next: () => unknown): unknown {
  if (field.type === 'BIT') return field.buffer()?.readUint8(0) ?? null
  if (field.type === 'LONGLONG' || field.type === 'NEWDECIMAL') {
    const text = field.string()
    if (text === null) return null
    const value = Number(text)
    return field.type === 'NEWDECIMAL' || Number.isSafeInteger(value) ? value : BigInt(text)
  }
  const value = next()
  return value instanceof Date ? value.getTime() : value
}
