import type { Context, Session } from 'koishi'
import { h } from 'koishi'

/** A file in a message: its name as sent, and where its bytes are. */
export interface Attachment {
  name: string
  src: string
}

export type Fetched =
  { ok: true; bytes: Uint8Array } | { ok: false; code: string; params: Record<string, number> }

const TIMEOUT_MS = 60_000
const MEGABYTE = 2 ** 20

/** The first file of a message; platforms name the attributes differently. */
export function attachmentOf(session: Session): Attachment | undefined {
  const [file] = h.select(session.elements ?? [], 'file')
  if (!file) return undefined
  const attrs = file.attrs as Record<string, unknown>
  const text = (...keys: string[]) => keys.map((key) => attrs[key]).find((value) => typeof value === 'string')
  const src = text('src', 'url')
  return src === undefined ? undefined : { src: src, name: text('title', 'name', 'filename', 'file') ?? '' }
}

/** The bytes of a file, up to a limit. Nothing of the address reaches an answer or a log. */
export async function fetchAttachment(ctx: Context, { src }: Attachment, limit: number): Promise<Fetched> {
  const tooBig = { ok: false, code: 'too-big', params: { limit: Math.floor(limit / MEGABYTE) } } as const
  const inline = /^(?:data:[^,]*;base64,|base64:\/\/)/.exec(src)
  if (inline) {
    if ((src.length - inline[0].length) * 0.75 > limit + 3) return tooBig
    return { ok: true, bytes: Buffer.from(src.slice(inline[0].length), 'base64') }
  }
  if (!/^https?:\/\//.test(src)) return { ok: false, code: 'not-fetched', params: {} }
  try {
    const bytes = await ctx.http.get(src, {
      timeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      responseType: (response: globalThis.Response) => upTo(response, limit),
    })
    return bytes ? { ok: true, bytes } : tooBig
  } catch (error) {
    ctx
      .logger('space-importer')
      .warn('file not fetched: %s', error instanceof Error ? error.name : typeof error)
    return { ok: false, code: 'not-fetched', params: {} }
  }
}

/** The body, or undefined as soon as it is longer than the limit, whatever its header says. */
async function upTo(response: globalThis.Response, limit: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += piece.length
    if (size > limit) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
