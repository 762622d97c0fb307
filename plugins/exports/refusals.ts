import { awardAccessRefusals } from '@space-assistant/core/awards/rights'
import { accessRefusalCodes } from '@space-assistant/core/access/visibility'

const visibility: ReadonlySet<string> = new Set(accessRefusalCodes)
const awards: ReadonlySet<string> = new Set(awardAccessRefusals)
const announcements: ReadonlySet<string> = new Set(['no-such', 'nothing-asked', 'not-asked', 'not-sent'])

/** The key and the parameters of a refusal's sentence, which another part of the bot may have. */
export function exportRefusal({ code, params }: { code: string; params: object }): [string, object] {
  if (visibility.has(code)) return [`space-access.refusal.${code}`, params]
  if (awards.has(code)) return [`space-awards.refusal.${code}`, params]
  if (announcements.has(code)) return [`space-announcements.refusal.${code}`, params]
  return [`refusal.${code}`, params]
}
