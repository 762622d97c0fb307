import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { h } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import type { AwardTalk } from './talk'

const LIMIT = 8 * 2 ** 20

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
  if (typeof bytes !== 'string') return done(bytes)
  const { code, params } = awards.ctx.conversation.unfetched(bytes, { src, limit: LIMIT })
  return refused(code, params)
}
