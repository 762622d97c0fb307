import { h } from 'koishi'
import type { Session } from 'koishi'
import type { Translate } from '@space-assistant/core/text/translate'

const ownRefusals = new Set([
  ...[
    'no-draft',
    'not-proposed',
    'unknown-audience',
    'empty-audience',
    'no-such',
    'not-running',
    'not-paused',
  ],
  ...['no-such-group', 'not-sending', 'not-sent', 'too-big', 'not-fetched', 'closed-host'],
])

/** Texts of this plugin, or of another by their whole key. */
export function sayIn(session: Session): Translate {
  return (key, params = {}) => {
    const path = key.startsWith('space-') ? key : `space-announcements.${key}`
    return h.unescape(session.text(path, params))
  }
}

/** Whose draft it is. */
export const ownerOf = ({ platform, selfId, userId }: Session) => `${platform}:${selfId}:${userId}`

/** The sentence of a refusal. */
export function explainAnnouncementRefusal(
  say: Translate,
  { code, params }: { code: string; params: object },
): string {
  const own = ownRefusals.has(code)
  return say(own ? `refusal.${code}` : `space-access.refusal.${code}`, params)
}
