import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { OneBotMessageEncoder } from 'koishi-plugin-adapter-onebot'
import { PlatformSendError, sendErrorOf } from '@space-assistant/core/delivery/error'
import { PartsCounter } from '@space-assistant/core/delivery/parts'
import { byteLength, splitText, textLimits } from '@space-assistant/core/delivery/split'
import type { CQCode } from 'koishi-plugin-adapter-onebot'
import { h } from 'koishi'
import type { Context } from 'koishi'
import { present } from '@space-assistant/core/text/present'

/** What the encoder needs of a bot beyond sending. */
interface Uploader {
  canUpload: boolean
  internal: {
    uploadPrivateFile(userId: string, file: string, name: string): Promise<unknown>
    uploadGroupFile(groupId: string, file: string, name: string): Promise<unknown>
  }
}

/** Parts of a message of which none has more than `limit` bytes of text; pictures and the like stay in their order. */
export function chunksOf(segments: readonly CQCode[], limit: number): CQCode[][] {
  const chunks: CQCode[][] = [[]]
  let used = 0
  for (const segment of segments) {
    if (segment.type !== 'text' || used + byteLength(segment.data['text'] ?? '') <= limit) {
      present(chunks.at(-1), 'chunk').push(segment)
      used += segment.type === 'text' ? byteLength(segment.data['text'] ?? '') : 0
      continue
    }
    // What still fits goes into this part, unless too little room is left for a sensible cut.
    const room = limit - used >= 4 ? limit - used : limit
    if (room === limit && used) chunks.push([])
    const [first = '', ...rest] = splitText(segment.data['text'] ?? '', room)
    const parts = [first, ...splitText(rest.join(''), limit)].filter(Boolean)
    parts.forEach((text, index) => {
      if (index) chunks.push([])
      present(chunks.at(-1), 'chunk').push({ type: 'text', data: { text } })
    })
    used = byteLength(parts.at(-1) ?? '') + (parts.length === 1 ? used : 0)
  }
  return chunks
}

/** The stock encoder with splitting, files as bytes, and errors that know what had been sent before. */
export class SpaceOneBotEncoder<C extends Context = Context> extends OneBotMessageEncoder<C> {
  private counter: PartsCounter | undefined

  override async flush(): Promise<void> {
    if (this.stack[0]?.type !== 'message') return super.flush()
    for (const chunk of chunksOf(this.children, textLimits.onebot)) {
      this.children = chunk
      await this.counted(() => super.flush())
    }
    this.children = []
  }

  override async visit(element: h): Promise<void> {
    const { type, attrs, children } = element
    const src = String(attrs['src'] ?? attrs['url'] ?? '')
    // A path of ours means nothing on the disk of the implementation.
    if (type !== 'file' && src.startsWith('file:')) {
      return super.visit(h(type, { ...attrs, src: await sourceOf(src) }, children))
    }
    if (type !== 'file') return super.visit(element)
    await this.flush()
    await this.counted(() => this.upload(element))
  }

  private async counted(act: () => Promise<void>): Promise<void> {
    this.counter ??= new PartsCounter(this.options.parts)
    if (!this.counter.next()) return
    const sent = this.results.map((result) => result.id ?? '')
    await act().catch((error: unknown) => {
      throw sendErrorOf(error, 'onebot').after(sent)
    })
  }

  // NapCat takes a path, an address or base64 (NapCatQQ issue 1326); a path would be one on its own disk.
  private async upload({ attrs }: h): Promise<void> {
    const bot = this.bot as unknown as Uploader
    if (!bot.canUpload) throw unsupported()
    const file = await sourceOf(String(attrs['src'] ?? attrs['url'] ?? ''))
    const name = String(attrs['title'] ?? attrs['name'] ?? 'file')
    const direct = this.channelId.startsWith('private:')
    const target = direct ? this.channelId.slice('private:'.length) : this.channelId
    try {
      if (direct) await bot.internal.uploadPrivateFile(target, file, name)
      else await bot.internal.uploadGroupFile(target, file, name)
    } catch (error) {
      if ([1404, 404].includes(sendErrorOf(error, 'onebot').code ?? 0)) bot.canUpload = false
      throw error
    }
    this.results.push({ id: '' })
  }
}

function unsupported(): PlatformSendError {
  const detail = 'this implementation takes no files'
  return new PlatformSendError({ platform: 'onebot', class: 'content', outcome: 'rejected', detail })
}

async function sourceOf(src: string): Promise<string> {
  const data = /^data:[^,]*;base64,/.exec(src)
  if (data) return `base64://${src.slice(data[0].length)}`
  if (src.startsWith('file:')) return `base64://${(await readFile(fileURLToPath(src))).toString('base64')}`
  return src
}
