/** Somebody who reported or joined: the chat account that was used, and the roster's account if there was one then. */
export interface TicketOwner {
  person: string
  account: string
}

/**
 * Whether somebody who asks is the one who reported. Rights follow the person: whoever was bound when reporting is known
 * by the roster's account, so that neither a chat account that was unbound nor a number that somebody else uses now
 * reads what was said.
 */
export function isTicketOwner(
  owner: TicketOwner,
  asker: { person: string; account?: string | undefined },
): boolean {
  if (owner.account) return owner.account === asker.account
  return owner.person === asker.person
}
