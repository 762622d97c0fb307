import { known } from './visibility'
import type { Viewer } from './viewer'

/** Minutes for which a link code works: somebody has both chats at hand, and others may read the group. */
export const linkCodeMinutes = 10

/** Why somebody gets no link code, if not: the code of a sentence in the locales. */
export function objectionToLinking(viewer: Viewer): 'not-bound' | 'private-only' | undefined {
  if (viewer.place.kind !== 'private') return 'private-only'
  return known(viewer) ? undefined : 'not-bound'
}

/**
 * The other chats' part in who somebody is: the account of the chat itself goes before that of the chats it is linked
 * to, and what is granted to any of them counts. `id` tells grants apart.
 */
export function joinIdentities<G extends { id: number }>(
  identities: readonly { account?: string; granted: readonly G[] }[],
): { account?: string; granted: G[] } {
  const account = identities.map((each) => each.account).find((each) => each !== undefined)
  const granted = new Map(identities.flatMap((each) => each.granted.map((grant) => [grant.id, grant])))
  return { ...(account !== undefined && { account }), granted: [...granted.values()] }
}
