import { faceText } from '@space-assistant/core/delivery/faces'
import { h } from 'koishi'
import { CQCode } from 'koishi-plugin-adapter-onebot'
import { z } from 'zod'

const id = z.union([z.number(), z.string()]).transform(String)

const segments = z.union([
  z.string(),
  z.array(z.object({ type: z.string(), data: z.record(z.string(), z.unknown()).nullish() })),
])

/** https://github.com/botuniverse/onebot-11/blob/master/event/message.md */
const messageSchema = z.object({
  post_type: z.enum(['message', 'message_sent']),
  /** Alone decides: a temporary session through a group is private and names the group too. */
  message_type: z.enum(['group', 'private']),
  message_id: id,
  user_id: id,
  group_id: id.optional(),
  time: z.number().optional(),
  message: segments,
  sender: z
    .object({ nickname: z.string().nullish(), card: z.string().nullish(), role: z.string().nullish() })
    .nullish(),
})

/** https://github.com/botuniverse/onebot-11/blob/master/event/notice.md */
const uploadSchema = z.object({
  post_type: z.literal('notice'),
  notice_type: z.literal('group_upload'),
  group_id: id,
  user_id: id,
  time: z.number().optional(),
  file: z.object({
    id: z.string(),
    name: z.string(),
    size: z.number().optional(),
    busid: z.number().optional(),
  }),
})

export interface DecodedMessage {
  messageId: string
  userId: string
  groupId?: string
  /** The group through which somebody who is no friend writes; answers must name it. */
  throughGroup?: string
  channelId: string
  time?: number
  nickname: string
  card: string
  role?: string
  quoteId?: string
  elements: h[]
}

/** A message event; undefined for every other event and for what no OneBot would send. */
export function decodeOneBotMessage(payload: unknown): DecodedMessage | undefined {
  const { data } = messageSchema.safeParse(payload)
  if (!data) return
  const inGroup = data.message_type === 'group'
  if (inGroup && !data.group_id) return
  const elements = elementsOf(data.message)
  const quote = elements[0]?.type === 'reply' ? elements.shift() : undefined
  // Clients put an @ of the quoted person behind the quote; it is nothing that was said.
  return {
    messageId: data.message_id,
    userId: data.user_id,
    ...(data.group_id && { [inGroup ? 'groupId' : 'throughGroup']: data.group_id }),
    channelId: inGroup ? (data.group_id ?? '') : `private:${data.user_id}`,
    ...(data.time !== undefined && { time: data.time * 1000 }),
    nickname: data.sender?.nickname ?? '',
    card: data.sender?.card ?? '',
    ...(data.sender?.role && { role: data.sender.role }),
    ...(quote && { quoteId: String(quote.attrs['id']) }),
    elements,
  }
}

/** A file put into a group, from the notice that Lagrange and go-cqhttp send instead of a message. */
export function decodeUpload(payload: unknown): DecodedMessage | undefined {
  const { data } = uploadSchema.safeParse(payload)
  if (!data) return
  const { file } = data
  return {
    messageId: `upload:${file.id}`,
    userId: data.user_id,
    groupId: data.group_id,
    channelId: data.group_id,
    ...(data.time !== undefined && { time: data.time * 1000 }),
    nickname: '',
    card: '',
    elements: [h('file', { title: file.name, size: file.size, fileId: file.id, busid: file.busid })],
  }
}

/** A file that somebody sent in private, from the notice of older implementations (go-cqhttp, Lagrange). */
const offlineFileSchema = z.object({
  post_type: z.literal('notice'),
  notice_type: z.literal('offline_file'),
  user_id: id,
  time: z.number().optional(),
  file: z.object({ name: z.string(), size: z.number().optional(), url: z.string() }),
})

export function decodeOfflineFile(payload: unknown): DecodedMessage | undefined {
  const { data } = offlineFileSchema.safeParse(payload)
  if (!data) return
  const { file } = data
  return {
    messageId: `offline:${data.user_id}:${data.time ?? ''}:${file.name}`,
    userId: data.user_id,
    channelId: `private:${data.user_id}`,
    ...(data.time !== undefined && { time: data.time * 1000 }),
    nickname: '',
    card: '',
    elements: [h('file', { title: file.name, size: file.size, src: file.url })],
  }
}

const membershipSchema = z.object({
  post_type: z.literal('notice'),
  notice_type: z.enum(['group_increase', 'group_decrease', 'friend_add']),
  user_id: id,
  group_id: id.optional(),
})

export interface OneBotMembership {
  kind: 'joined' | 'left' | 'befriended'
  channelId: string
}

/** The account is in a group, or out of it, or has a friend; that others come and go is nothing to us. */
export function decodeMembership(payload: unknown, selfId: string): OneBotMembership | undefined {
  const { data } = membershipSchema.safeParse(payload)
  if (!data) return
  if (data.notice_type === 'friend_add') return { kind: 'befriended', channelId: `private:${data.user_id}` }
  if (data.user_id !== selfId || !data.group_id) return
  return { kind: data.notice_type === 'group_increase' ? 'joined' : 'left', channelId: data.group_id }
}

/** https://github.com/botuniverse/onebot-11/blob/master/event/request.md */
const requestSchema = z.object({
  post_type: z.literal('request'),
  request_type: z.enum(['friend', 'group']),
  sub_type: z.string().optional(),
  user_id: id,
  group_id: id.optional(),
  flag: z.string(),
})

export interface OneBotRequest {
  kind: 'friend' | 'invite'
  userId: string
  groupId: string
  flag: string
}

/** Somebody wants to be a friend, or the bot in a group; that others want to join a group is its owner's business. */
export function decodeRequest(payload: unknown): OneBotRequest | undefined {
  const { data } = requestSchema.safeParse(payload)
  if (!data || (data.request_type === 'group' && data.sub_type !== 'invite')) return
  const kind = data.request_type === 'friend' ? 'friend' : 'invite'
  return { kind, userId: data.user_id, groupId: data.group_id ?? '', flag: data.flag }
}

/** Whether the account itself is connected, as far as an event says (NapCat, Lagrange): a socket may be open without. */
export function accountState(payload: Record<string, unknown>): 'online' | 'offline' | undefined {
  if (payload['post_type'] === 'notice' && payload['notice_type'] === 'bot_offline') return 'offline'
  if (payload['meta_event_type'] !== 'heartbeat') return
  const { online } = (payload['status'] ?? {}) as { online?: unknown }
  return typeof online === 'boolean' ? (online ? 'online' : 'offline') : undefined
}

/** The elements of a stored message (`get_msg`), for a quotation. */
export function decodeStored(payload: unknown): { elements: h[]; userId?: string } {
  const schema = z.object({ message: segments, sender: z.object({ user_id: id }).nullish() })
  const { data } = schema.safeParse(payload)
  if (!data) return { elements: [] }
  const elements = elementsOf(data.message).filter((element) => element.type !== 'reply')
  return { elements, ...(data.sender && { userId: data.sender.user_id }) }
}

function elementsOf(message: z.infer<typeof segments>): h[] {
  const parsed =
    typeof message === 'string'
      ? CQCode.parse(message)
      : message.map(({ type, data }) =>
          type === 'text'
            ? h.text(typeof data?.['text'] === 'string' ? data['text'] : '')
            : h(type, data ?? {}),
        )
  return parsed.map(elementOf)
}

/** https://github.com/botuniverse/onebot-11/blob/master/message/segment.md */
// `h` turns file_id into fileId.
function elementOf(segment: h): h {
  const { type } = segment
  const attrs = segment.attrs as Record<string, string | number | undefined>
  switch (type) {
    case 'at':
      return String(attrs['qq']) === 'all'
        ? h('at', { type: 'all' })
        : h.at(String(attrs['qq']), nameOf(attrs['name']))
    case 'face':
    case 'mface':
      return h.text(faceText)
    case 'image':
      return h('img', { src: attrs['url'] || attrs['file'] })
    case 'record':
      return h('audio', { src: attrs['url'] || attrs['file'] })
    case 'video':
      return h('video', { src: attrs['url'] || attrs['file'] })
    case 'file':
      return h('file', {
        src: attrs['url'] || undefined,
        title: attrs['name'] ?? attrs['fileName'] ?? attrs['file'],
        size: Number(attrs['fileSize'] ?? attrs['size']) || undefined,
        fileId: attrs['fileId'],
      })
    default:
      return segment
  }
}

function nameOf(name?: string | number): { name: string } | undefined {
  return typeof name === 'string' && name ? { name } : undefined
}
