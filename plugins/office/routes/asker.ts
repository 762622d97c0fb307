import type { Context } from 'koishi'
import type { OfficeAsker } from '../visit'

/** Whoever asks, as logs name people: by the roster, else by the label on the grant. */
export async function nameOfAsker(
  { roster, access }: Context,
  { viewer, who }: OfficeAsker,
): Promise<string> {
  const member = viewer.account === undefined ? undefined : roster.member(viewer.account)
  if (member) return member.name
  const [grant] = await access.grants.of(who, viewer.account)
  return grant?.label || who.platform
}
