import { RuntimeError } from 'minato'

export interface ServerError extends Error {
  code?: string | undefined
  errno?: number | undefined
  fatal?: boolean | undefined
}

/** The server took the whole transaction back because of another one; doing it again is right. */
const repeatable = new Set(['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT'])

export function isRepeatable(error: unknown): boolean {
  const { code } = error as ServerError
  return code !== undefined && repeatable.has(code)
}

const outrun = new Set(['ER_TABLE_EXISTS_ERROR', 'ER_DUP_KEYNAME', 'ER_DUP_FIELDNAME', 'ER_LOCK_DEADLOCK'])

/** Another process that started in the same moment has just made what was to be made; a second look finds it. */
export function isOutrun(error: unknown): boolean {
  const { code } = error as ServerError
  return code !== undefined && outrun.has(code)
}

const away = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|PROTOCOL_|ER_SERVER_SHUTDOWN|ER_CON_COUNT)/

/** The server went away, or has not come back. */
export function isAway(error: unknown): boolean {
  return away.test((error as ServerError).code ?? '')
}

/**
 * What may be logged of a server's error. The client library hangs the whole statement on it and the server quotes
 * values in its message; both would carry names and accounts into the log.
 */
export function withoutValues(error: ServerError): ServerError {
  if (error.code === 'ER_DUP_ENTRY') {
    const key = /for key '([^']*)'/.exec(error.message)?.[1] ?? '?'
    return new RuntimeError('duplicate-entry', `duplicate entry for key ${key}`)
  }
  // After "near" the server repeats the statement itself, quotes and all.
  const message = error.message
    .replace(/ near '.*/s, ' near ?')
    .replace(/(?:(\b(?:column|key|table|database|user|function) )|)'[^']*'/gi, (text, named) =>
      named ? text : '?',
    )
  const { code, errno, fatal } = error
  return Object.assign(new Error(message), { name: 'DatabaseError', code, errno, fatal })
}

/** A statement without its literals, short enough for a line of the log. */
export function shapeOf(sql: string): string {
  return sql
    .slice(0, 2000)
    .replace(/'(?:[^'\\]|\\.|'')*('|$)/gs, '?')
    .replace(/\bX?\d[\w.]*/gi, '?')
    .replace(
      /\((?:\s*(?:\?|NULL|true|false)\s*,?)+\)(?:\s*,\s*\((?:\s*(?:\?|NULL|true|false)\s*,?)+\))*/gi,
      '(?)',
    )
    .slice(0, 300)
}
