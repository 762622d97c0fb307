import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'

const LIMIT = 20 * 2 ** 20
const MOST = 9
const kinds = ['img', 'image', 'file'] as const

/** The words of element markup; mentions and quotes are left out. */
export function attachmentWords(markup: string): string {
  return h.parse(markup).map(plain).join('').trim()
}

/** The pictures and files of a message; a command's own argument has lost them. */
export function attachmentsOf({ elements }: Pick<Session, 'elements'>): h[] {
  return kinds.flatMap((kind) => h.select(elements ?? [], kind)).slice(0, MOST)
}

function plain({ type, attrs, children }: h): string {
  if (type === 'text') return String(attrs['content'] as string)
  if (type === 'br') return '\n'
  if (type === 'quote' || type === 'at') return ''
  return children.map(plain).join('') + (type === 'p' ? '\n' : '')
}

/** Keeps pictures and files on the disk, since platforms forget them in hours; returns markup for messages. */
export async function keepAttachment(
  ctx: Context,
  folder: string,
  attachments: readonly h[],
): Promise<Outcome<string>> {
  const kept: string[] = []
  for (const { type, attrs } of attachments) {
    const source = attrs as Record<string, unknown>
    const text = (...keys: string[]) =>
      keys.map((key) => source[key]).find((value): value is string => typeof value === 'string') ?? ''
    const from = { src: text('src', 'url'), limit: LIMIT }
    const bytes = await ctx.conversation.download(from.src, from.limit)
    if (typeof bytes === 'string') {
      const { code, params } = ctx.conversation.unfetched(bytes, from)
      return refused(code, params)
    }
    const title = text('title', 'name', 'filename', 'file')
    const src = await store(resolve(ctx.baseDir, folder), bytes, title)
    kept.push(String(type === 'file' ? h('file', { src, title: title || 'file' }) : h('img', { src })))
  }
  return done(kept.join(''))
}

async function store(folder: string, bytes: Uint8Array, title: string): Promise<string> {
  const extension = /^\.\w{1,8}$/.test(extname(title)) ? extname(title).toLowerCase() : pictureOf(bytes)
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 40) + extension
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, name), bytes)
  return pathToFileURL(join(folder, name)).href
}

/** Some platforms look at the name's end only. */
function pictureOf(bytes: Uint8Array): string {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return '.png'
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return '.jpg'
  return bytes[0] === 0x47 && bytes[1] === 0x49 ? '.gif' : ''
}
