import { unwrap } from '@space-assistant/core/delivery/unwrap'
import type { Session } from 'koishi'

/** The languages that a row of the database names. */
export const localesOf = (row: object | undefined) =>
  (row as { locales?: string[] } | undefined)?.locales ?? []

type Stripped = Session['stripped']

/** Where the framework keeps what it made of a message. */
interface Kept {
  _stripped?: Stripped
}

const kept = (session: Session) => unwrap<Session & Kept>(session)

/** What the framework makes of a message: without the mention of the bot, and whether there was one. */
export function strippedOf(session: Session): Stripped {
  return kept(session)._stripped ?? session.stripped
}

/** Gives the framework our own reading, which also knows a mention at the end; it takes longer to find less. */
export function noteStripped(
  session: Session,
  { content, hasAt, appel }: Pick<Stripped, 'content' | 'hasAt' | 'appel'>,
): void {
  // The framework's type of `prefix` leaves out what it begins with.
  const prefix = null as unknown as string
  kept(session)._stripped = { content, hasAt, appel, atSelf: appel, prefix }
}
