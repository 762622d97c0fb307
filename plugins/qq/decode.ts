import { faceText } from '@space-assistant/core/delivery/faces'
import { h } from 'koishi'
import { z } from 'zod'

const text = z.string().nullish()

const attachment = z.object({
  content_type: text,
  url: text,
  filename: text,
  size: z.number().nullish(),
})

/**
 * https://bot.q.qq.com/wiki/develop/api-v2/server-inter/message/send-receive/event.html and, for full group
 * messages, payloads recorded in nonebot/adapter-qq pull request 195.
 */
const messageSchema = z.object({
  id: z.string(),
  content: text,
  timestamp: text,
  group_id: text,
  group_openid: text,
  author: z.object({
    id: text,
    member_openid: text,
    user_openid: text,
    /** The person's everywhere; only where the bot's owner has joined it to an open platform. */
    union_openid: text,
    username: text,
    bot: z.boolean().nullish(),
    member_role: text,
  }),
  mentions: z
    .array(
      z.object({
        id: text,
        member_openid: text,
        username: text,
        bot: z.boolean().nullish(),
        is_you: z.boolean().nullish(),
        scope: text,
      }),
    )
    .nullish(),
  attachments: z.array(attachment).nullish(),
  message_scene: z.object({ ext: z.array(z.string()).nullish() }).nullish(),
  msg_elements: z.array(z.object({ msg_idx: text, content: text })).nullish(),
})
type Payload = z.infer<typeof messageSchema>

const noticeSchema = z.object({
  timestamp: z.union([z.number(), z.string()]).nullish(),
  openid: text,
  group_openid: text,
  op_member_openid: text,
})

export interface QqMessage {
  kind: 'message'
  direct: boolean
  channelId: string
  userId: string
  /** The person's id in every group; '' where the platform does not say it. */
  unionId: string
  messageId: string
  username: string
  role: string
  time: number | undefined
  /** Said to this bot: by @, or in private. */
  addressed: boolean
  /** Said by a bot, or to another bot only. */
  ignored: boolean
  elements: h[]
  /** The platform's index of this message, and of the one that it quotes. */
  index: string | undefined
  quoted: { index: string; content: string } | undefined
}

export interface QqNotice {
  kind: 'switched-on' | 'switched-off' | 'added' | 'removed'
  direct: boolean
  channelId: string
  operatorId: string
  time: number | undefined
}

/** Channel ids: the group's openid, or `private:` and the person's. Both are case-sensitive. */
export function decodeQQEvent(type: string, data: unknown): QqMessage | QqNotice | undefined {
  switch (type) {
    case 'GROUP_AT_MESSAGE_CREATE':
    case 'GROUP_MESSAGE_CREATE':
    case 'C2C_MESSAGE_CREATE':
      return decodeMessage(type, data)
    case 'GROUP_MSG_RECEIVE':
    case 'C2C_MSG_RECEIVE':
      return decodeNotice('switched-on', data)
    case 'GROUP_MSG_REJECT':
    case 'C2C_MSG_REJECT':
      return decodeNotice('switched-off', data)
    case 'GROUP_ADD_ROBOT':
    case 'FRIEND_ADD':
      return decodeNotice('added', data)
    case 'GROUP_DEL_ROBOT':
    case 'FRIEND_DEL':
      return decodeNotice('removed', data)
    default:
      return undefined
  }
}

function decodeNotice(kind: QqNotice['kind'], input: unknown): QqNotice | undefined {
  const { data } = noticeSchema.safeParse(input)
  const id = data?.group_openid || data?.openid
  if (!data || !id) return
  const direct = !data.group_openid
  return {
    kind,
    direct,
    channelId: direct ? `private:${id}` : id,
    operatorId: data.op_member_openid || data.openid || '',
    time: timeOf(data.timestamp),
  }
}

function decodeMessage(type: string, input: unknown): QqMessage | undefined {
  const { data } = messageSchema.safeParse(input)
  if (!data) return
  const direct = type === 'C2C_MESSAGE_CREATE'
  const { author } = data
  const userId = (direct ? author.user_openid : author.member_openid) || author.id
  const group = data.group_openid || data.group_id
  const channelId = direct ? `private:${userId}` : group
  if (!userId || !channelId) return
  const others = data.mentions?.some((mention) => mention.bot && !mention.is_you) ?? false
  const addressed = direct || type === 'GROUP_AT_MESSAGE_CREATE' || isMentioned(data)
  return {
    kind: 'message',
    direct,
    channelId,
    userId,
    unionId: author.union_openid ?? '',
    messageId: data.id,
    username: author.username ?? '',
    role: author.member_role ?? '',
    time: timeOf(data.timestamp),
    addressed,
    ignored: Boolean(author.bot) || (others && !addressed),
    elements: [...said(type, data), ...(data.attachments ?? []).map(attached)],
    index: extOf(data, 'msg_idx'),
    quoted: quotedOf(data),
  }
}

function isMentioned({ mentions }: Payload): boolean {
  return mentions?.some((mention) => mention.is_you) ?? false
}

/** `<faceType=6,faceId="0",ext="...">` stands for a face that was put into the text. */
const FACE = /<faceType=[^>]*>/g

/** The text with mentions of others as elements; the own marker, which is there only sometimes, is taken out. */
function said(type: string, { content, mentions }: Payload): h[] {
  const byId = new Map(
    mentions?.flatMap((mention) => [mention.id, mention.member_openid].map((id) => [id, mention])),
  )
  const elements: h[] = []
  // Without a list of mentions the marker in front of an @ message can only be the bot's own.
  const marked = type === 'GROUP_AT_MESSAGE_CREATE' && !mentions?.length
  const readable = content?.replace(FACE, faceText)
  const body = marked ? readable?.replace(/^\s*<@!?[A-Za-z0-9_-]+>/, '') : readable
  for (const [index, piece] of (body ?? '').split(/<@!?([A-Za-z0-9_-]+)>/).entries()) {
    const mention = byId.get(piece)
    if (index % 2 === 0) elements.push(...(piece ? [h.text(piece)] : []))
    else if (!mention?.is_you) elements.push(h.at(piece, mention?.username ? { name: mention.username } : {}))
  }
  return elements
}

function attached({ content_type, url, filename, size }: z.infer<typeof attachment>): h {
  const type = content_type ?? ''
  const src = !url || /^\w+:/.test(url) ? (url ?? '') : `https://${url.replace(/^\/+/, '')}`
  if (type.startsWith('image')) return h('img', { src })
  if (type.startsWith('voice') || type.startsWith('audio')) return h('audio', { src })
  if (type.startsWith('video')) return h('video', { src })
  return h('file', { src, title: filename ?? '', ...(size && { size }) })
}

function extOf({ message_scene }: Payload, key: string): string | undefined {
  const entry = message_scene?.ext?.find((item) => item.startsWith(`${key}=`))
  return entry?.slice(key.length + 1) || undefined
}

function quotedOf(data: Payload): QqMessage['quoted'] {
  const index = extOf(data, 'ref_msg_idx')
  if (!index) return
  const element = data.msg_elements?.find(({ msg_idx }) => msg_idx === index) ?? data.msg_elements?.[0]
  return { index, content: (element?.content ?? '').replace(FACE, faceText) }
}

/** Messages carry ISO times, notices seconds. */
function timeOf(value: number | string | null | undefined): number | undefined {
  if (value === null || value === undefined) return
  const seconds = Number(value)
  const time = Number.isNaN(seconds) ? Date.parse(String(value)) : seconds * (seconds < 1e11 ? 1000 : 1)
  return Number.isNaN(time) ? undefined : time
}
