import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from 'koishi'
import { h } from 'koishi'
import type { DownloadFailure } from 'koishi-plugin-space-conversation'
import { typeOf } from '@space-assistant/core/formats/media'
import type { TicketMedia } from '@space-assistant/core/formats/media'

/** An attachment that lies in the folder and may become part of a ticket. */
export interface KeptFile {
  id: string
  name: string
  type: string
  size: number
}

export interface AttachmentLimits {
  megabytes: number
  /** Of one message. */
  count: number
}

export type Unkept = DownloadFailure | 'wrong-type' | 'too-many' | 'quota' | 'folder-full'

/** Elements that may be files. */
export const attachedKinds = 'img,image,file,audio,video'

export interface KeptFiles {
  kept: KeptFile[]
  refused: Unkept[]
  /** Where a file lies that was not fetched because no setting names the host. */
  host?: string
}

const addressOf = ({ attrs }: h): string => {
  const { src, url } = attrs as { src?: string; url?: string }
  return src ?? url ?? ''
}

const nameLength = 60
/** A file of no ticket this old was left by a process that died. */
const orphanMs = 3_600_000

/** The folder of attachments: one file each, named by an id, never by what people call it. */
export class Files {
  constructor(
    private readonly ctx: Context,
    readonly dir: string,
    private readonly limits: AttachmentLimits,
  ) {}

  /** Stores what is attached to a message; what is refused is named with its reason. */
  async keep(elements: readonly h[]): Promise<KeptFiles> {
    const attached = h.select([...elements], attachedKinds)
    // Side by side: a server that says nothing must not hold up the others as well.
    const found = await Promise.all(attached.slice(0, this.limits.count).map((one) => this.keepOne(one)))
    const refused = found.filter((one) => typeof one === 'string')
    if (attached.length > this.limits.count) refused.push('too-many')
    const { conversation } = this.ctx
    const host = refused.includes('not-fetched')
      ? attached.map((one) => conversation.closedHost(addressOf(one))).find((each) => each !== undefined)
      : undefined
    const kept = found.filter((one) => typeof one !== 'string')
    return { kept, refused, ...(host !== undefined && { host }) }
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
    const { title, name } = element.attrs as Record<string, string | undefined>
    const bytes = await this.ctx.conversation.download(addressOf(element), this.limits.megabytes * 2 ** 20)
    if (typeof bytes === 'string') return bytes
    const known = typeOf(bytes)
    if (!known) return 'wrong-type'
    const id = `${randomBytes(12).toString('hex')}.${known.ending}`
    await mkdir(this.dir, { recursive: true })
    await writeFile(this.pathOf(id), bytes, { mode: 0o600 })
    const called = shownName(title ?? name ?? '', known, element.type)
    return { id, name: called, type: known.type, size: bytes.length }
  }
}

/** A name for people's eyes: no path, nothing that hides its end, and the ending of what the file really is. */
export function shownName(given: string, { ending }: TicketMedia, otherwise: string): string {
  const bare = given
    .normalize('NFC')
    .replace(/^.*[\\/]/s, '')
    .replace(/[^\p{L}\p{N}._ -]/gu, '')
    .replace(/\.[^.]{0,8}$/, '')
    .replace(/^[. ]+|[. ]+$/g, '')
  return `${Array.from(bare).slice(0, nameLength).join('') || otherwise}.${ending}`
}
