import { withoutLinks } from '@space-assistant/core/delivery/link-free'
import { byteLength, splitText } from '@space-assistant/core/delivery/split'
import { h } from 'koishi'

export interface ReplyLimits {
  /** Longest text of one message in bytes of UTF-8. */
  bytes: number
  /** Most messages of one reply. */
  parts: number
  /** What is said at the end of a reply that has to be cut; asked for only then. */
  cut: () => string
}

/**
 * A reply as it may be sent: no links in it, and texts longer than the platform takes as several messages. What is
 * above the number of messages is left out and said so.
 */
export function fitReply(elements: h[], limits: ReplyLimits): h[] {
  const plain = elements.map(withoutLinksIn)
  if (plain.some((element) => element.type === 'message')) return plain
  const groups = inGroups(plain)
  if (groups.every((group) => typeof group !== 'string' || byteLength(group) <= limits.bytes)) return plain
  const messages = groups.flatMap((group) => {
    if (typeof group !== 'string') return [h('message', group)]
    return splitText(group, limits.bytes).map((part) => h('message', h.text(part)))
  })
  return messages.length <= limits.parts ? messages : shorten(messages, limits)
}

function shorten(messages: h[], { bytes, parts, cut: say }: ReplyLimits): h[] {
  const cut = say()
  const kept = messages.slice(0, parts)
  const last = h.select(kept[parts - 1]?.children ?? [], 'text').map((text) => String(text.attrs['content']))
  const room = bytes - byteLength(cut) - 1
  const [start = ''] = splitText(last.join(''), Math.max(room, 4))
  return [...kept.slice(0, -1), h('message', h.text(`${start.trimEnd()}\n${cut}`))]
}

/** Neighbouring texts are one text; anything else stands for itself. */
function inGroups(elements: h[]): (string | h)[] {
  const groups: (string | h)[] = []
  for (const element of elements) {
    const text = element.type === 'text' ? String(element.attrs['content']) : undefined
    const last = groups.at(-1)
    if (text !== undefined && typeof last === 'string') groups[groups.length - 1] = last + text
    else groups.push(text ?? element)
  }
  return groups
}

function withoutLinksIn(element: h): h {
  if (element.type === 'text') return h.text(withoutLinks(String(element.attrs['content'])))
  return h(element.type, element.attrs, element.children.map(withoutLinksIn))
}
