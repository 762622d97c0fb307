import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from 'koishi'
import { h } from 'koishi'
import type {} from '@koishijs/plugin-http'
import { typeOf } from './media'

/** An attachment that lies in the folder and may become part of a ticket. */
export interface KeptFile {
  id: string
  name: string
  type: string
  size: number
}

export interface FileLimits {
  megabytes: number
  /** Of one message. */
  count: number
}

export type Unkept = 'too-big' | 'wrong-type' | 'not-fetched' | 'too-many'

const timeoutMs = 30_000
/** A file of no ticket this old was left by a process that died. */
const orphanMs = 3_600_000

/** The folder of attachments: one file each, named by an id, never by what people call it. */
export class Files {
  constructor(
    private readonly ctx: Context,
    readonly dir: string,
    private readonly limits: FileLimits,
  ) {}

  /** Stores what is attached to a message; what is refused is named with its reason. */
  async keep(elements: readonly h[]): Promise<{ kept: KeptFile[]; refused: Unkept[] }> {
    const kept: KeptFile[] = []
    const refused: Unkept[] = []
    for (const element of h.select([...elements], 'img,image,file,audio,video')) {
      const one = kept.length < this.limits.count ? await this.keepOne(element) : 'too-many'
      if (typeof one === 'string') refused.push(one)
      else kept.push(one)
    }
    return { kept, refused }
  }

  pathOf(id: string): string {
    return join(this.dir, id)
  }

  async remove(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => unlink(this.pathOf(id)).catch(() => undefined)))
  }

  /** Files that no ticket knows. */
  async sweep(known: (ids: string[]) => Promise<Set<string>>, now: Date): Promise<number> {
    if (!existsSync(this.dir)) return 0
    const ids = await readdir(this.dir)
    if (!ids.length) return 0
    const have = await known(ids)
    const lost: string[] = []
    for (const id of ids) {
      if (have.has(id)) continue
      const { mtimeMs } = await stat(this.pathOf(id))
      if (now.getTime() - mtimeMs > orphanMs) lost.push(id)
    }
    await this.remove(lost)
    return lost.length
  }

  private async keepOne(element: h): Promise<KeptFile | Unkept> {
    const { src, url, title, name } = element.attrs as Record<string, string | undefined>
    const bytes = await this.bytesOf(src ?? url ?? '')
    if (typeof bytes === 'string') return bytes
    const known = typeOf(bytes)
    if (!known) return 'wrong-type'
    const id = `${randomBytes(12).toString('hex')}.${known.ending}`
    await mkdir(this.dir, { recursive: true })
    await writeFile(this.pathOf(id), bytes, { mode: 0o600 })
    const called = (title ?? name ?? '').replace(/[^\p{L}\p{N}._ -]/gu, '').slice(-80)
    return { id, name: called || `${element.type}.${known.ending}`, type: known.type, size: bytes.length }
  }

  private async bytesOf(src: string): Promise<Buffer | Unkept> {
    const limit = this.limits.megabytes * 2 ** 20
    const inline = /^(?:data:[^,]*;base64,|base64:\/\/)/.exec(src)
    if (inline) {
      if ((src.length - inline[0].length) * 0.75 > limit + 3) return 'too-big'
      return Buffer.from(src.slice(inline[0].length), 'base64')
    }
    if (!/^https?:\/\//.test(src)) return 'not-fetched'
    try {
      const bytes = await this.ctx.http.get(src, {
        timeout: timeoutMs,
        signal: AbortSignal.timeout(timeoutMs),
        responseType: (response: globalThis.Response) => upTo(response, limit),
      })
      return bytes ?? 'too-big'
    } catch {
      // The address may hold a key, so it is in no log.
      return 'not-fetched'
    }
  }
}

/** The body, or undefined as soon as it is longer than the limit. */
async function upTo(response: globalThis.Response, limit: number): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += piece.length
    if (size > limit) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
