import type { Context, Session } from 'koishi'
import { h } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'

/** A file in a message: its name as sent, and where its bytes are. */
export interface ImportAttachment {
  name: string
  src: string
}

export type Fetched =
  { ok: true; bytes: Uint8Array } | { ok: false; code: string; params: Record<string, string | number> }

/** The first file of a message; platforms name the attributes differently. */
export function attachmentOf(session: Session): ImportAttachment | undefined {
  const [file] = h.select(session.elements ?? [], 'file')
  if (!file) return undefined
  const attrs = file.attrs as Record<string, unknown>
  const text = (...keys: string[]) => keys.map((key) => attrs[key]).find((value) => typeof value === 'string')
  const src = text('src', 'url')
  return src === undefined ? undefined : { src: src, name: text('title', 'name', 'filename', 'file') ?? '' }
}

/** The bytes of a file, up to a limit. Of the address only a host of this machine reaches an answer. */
export async function fetchAttachment(
  ctx: Context,
  { src }: ImportAttachment,
  limit: number,
): Promise<Fetched> {
  const bytes = await ctx.conversation.download(src, limit)
  if (typeof bytes !== 'string') return { ok: true, bytes }
  return { ok: false, ...ctx.conversation.unfetched(bytes, { src, limit }) }
}
