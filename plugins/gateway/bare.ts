import type { Session } from 'koishi'

const ORIGINAL = Symbol.for('cordis.original')

/** The session without the proxies by which the framework traces who uses it: they take longer than dropping a line. */
export function bare(session: Session): Session {
  return (session as { [ORIGINAL]?: Session })[ORIGINAL] ?? session
}

/** The languages that a row of the database names. */
export const localesOf = (row: object | undefined) =>
  (row as { locales?: string[] } | undefined)?.locales ?? []

/** What the framework's `stripped` would be for a message that is neither a mention nor a quotation. */
export function lineOf({ content = '' }: Session) {
  return { content: content.trim(), hasAt: false, appel: false }
}
