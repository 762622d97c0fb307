import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { h } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import type { AwardTalk } from './talk'

const MEGABYTE = 2 ** 20
const LIMIT = 8 * MEGABYTE

/** The first file of a message; undefined when it has none. */
export async function fetchAwardFile({
  awards,
  session,
}: AwardTalk): Promise<Outcome<Uint8Array> | undefined> {
  const [file] = h.select(session.elements ?? [], 'file')
  const attrs: Record<string, unknown> = file?.attrs ?? {}
  const src = attrs['src'] ?? attrs['url']
  if (typeof src !== 'string') return undefined
  const bytes = await awards.ctx.conversation.download(src, LIMIT)
  return typeof bytes === 'string' ? refused(bytes, { limit: LIMIT / MEGABYTE }) : done(bytes)
}
