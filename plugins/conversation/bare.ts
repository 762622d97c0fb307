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

/**
 * The same for a message that neither begins with a mention nor quotes anything, when the bot has no name to be called
 * by. The framework takes longer to find it than to drop a line of chatter; what is noted here it takes as its own.
 */
export function strippedPlain(session: Session): Stripped {
  const own = kept(session)
  const { content = '' } = own
  // The framework's type of `prefix` leaves out what it begins with.
  const prefix = null as unknown as string
  return (own._stripped ??= { content: content.trim(), hasAt: false, appel: false, atSelf: false, prefix })
}
