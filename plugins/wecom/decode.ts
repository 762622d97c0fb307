import { h } from 'koishi'
import { z } from 'zod'

const media = z.object({ url: z.string(), aeskey: z.string().optional(), filename: z.string().optional() })
const said = z.object({ content: z.string() })

const item = z.object({
  msgtype: z.string(),
  text: said.optional(),
  image: media.optional(),
})

const contentSchema = z.object({
  msgtype: z.string(),
  text: said.optional(),
  voice: said.optional(),
  image: media.optional(),
  file: media.optional(),
  video: media.optional(),
  mixed: z.object({ msg_item: z.array(item) }).optional(),
})
type Content = z.infer<typeof contentSchema>

/** https://developer.work.weixin.qq.com/document/path/100719 */
const messageSchema = contentSchema.extend({
  msgid: z.string(),
  chatid: z.string().optional(),
  chattype: z.enum(['single', 'group']),
  from: z.object({ userid: z.string(), name: z.string().optional() }),
  create_time: z.number().optional(),
  quote: contentSchema.optional(),
})

export interface WecomMessage {
  messageId: string
  /** The chat's id, or `private:` and the person's; both are case-sensitive. */
  channelId: string
  userId: string
  username: string
  direct: boolean
  time: number | undefined
  elements: h[]
  quoted: string | undefined
}

const entrySchema = z.object({ from: z.object({ userid: z.string() }) })

/** Who has opened the chat (https://developer.work.weixin.qq.com/document/path/101027). */
export function decodeEntry(body: unknown): string | undefined {
  return entrySchema.safeParse(body).data?.from.userid
}

/**
 * A message callback; undefined for anything else. In groups every message is an @ of the bot, whose name stands in
 * the text as plain characters; it becomes an `<at>` of `selfId`. Media elements carry `url` and `aeskey` of the
 * encrypted file.
 */
export function decodeWecomMessage(body: unknown, selfId: string, botName = ''): WecomMessage | undefined {
  const { data } = messageSchema.safeParse(body)
  if (!data) return
  const direct = data.chattype === 'single'
  const channelId = direct ? `private:${data.from.userid}` : data.chatid
  if (!channelId) return
  const elements = elementsOf(data)
  return {
    messageId: data.msgid,
    channelId,
    userId: data.from.userid,
    username: data.from.name ?? '',
    direct,
    time: data.create_time === undefined ? undefined : data.create_time * 1000,
    elements: direct ? elements : [h.at(selfId), ...withoutMention(elements, botName)],
    quoted: data.quote && elementsOf(data.quote).join(''),
  }
}

function elementsOf({ text, voice, image, file, video, mixed }: Content): h[] {
  const items = mixed?.msg_item.flatMap((part) => [
    ...(part.text ? [h.text(part.text.content)] : []),
    ...(part.image ? [h('img', { ...part.image })] : []),
  ])
  return [
    ...(text ? [h.text(text.content)] : []),
    ...(items ?? []),
    // WeCom hands over what was said, not the sound.
    ...(voice ? [h.text(voice.content)] : []),
    ...(image ? [h('img', { ...image })] : []),
    ...(video ? [h('video', { ...video })] : []),
    ...(file ? [h('file', { ...file })] : []),
  ]
}

/** Without the mention of the bot: its name where it is known, else the word behind the first `@`. */
function withoutMention(elements: readonly h[], botName: string): h[] {
  const index = elements.findIndex(({ type }) => type === 'text')
  return elements.map((element, position) => {
    if (position !== index) return element
    const content = String(element.attrs['content'] as string)
    const marked = botName && content.includes(`@${botName}`)
    return h.text(
      marked ? content.replace(`@${botName}`, '') : content.replace(/^\s*@\S+(?:\s|$)|\s@\S+\s*$/, ''),
    )
  })
}
