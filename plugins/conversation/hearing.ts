import { unwrap } from '@space-assistant/core/delivery/unwrap'
import type { HeardMessage } from '@space-assistant/core/understanding/addressing'
import type { h, Session } from 'koishi'
import { noteStripped } from './bare'
import words from './words.json'

/** A message as it was heard: what is said in it, and what shows for whom it is. */
export interface Hearing extends Omit<HeardMessage, 'command'> {
  /** As the framework writes it, without mentions of the assistant and its name. */
  content: string
}

const titles = words['somebody-titles'].join('|')
const noNames = words['somebody-not'].join('|')
const callsSomebody = new RegExp(
  `^(?!${noNames})\\p{Script=Han}{1,3}(?:${titles})\\s*[${words['calling-marks']}]`,
  'u',
)

/** Reads a message apart; nothing is looked up, since every line of every group comes here. */
export function hearMessage(session: Session, nicknames: readonly string[]): Hearing {
  const own = unwrap(session)
  const { isDirect, selfId, quote } = own
  const elements = own.event.message?.elements ?? []
  const mentions = elements.filter(({ type }) => type === 'at')
  const others = mentions.filter((element) => !isOf(element, selfId) && !isOf(element, quote?.user?.id))
  const said = mentions.length ? withoutMentions(elements, selfId) : (own.content ?? '')
  const trimmed = said.trim()
  const name = nicknames.find((each) => trimmed.startsWith(each))
  const content = name === undefined ? trimmed : trimmed.slice(name.length).replace(/^[\s\p{P}]+/u, '')
  const hearing: Hearing = {
    content,
    isPrivate: isDirect,
    mentionsAssistant: others.length < mentions.length && mentions.some((one) => isOf(one, selfId)),
    mentionsOthers: others.length ? (elements.find(isSomething) === others[0] ? 'first' : 'later') : 'no',
    quotes: quotesOf(own),
    named: name !== undefined,
    callsSomebody: callsSomebody.test(content),
  }
  noteStripped(session, {
    content,
    hasAt: hearing.mentionsOthers === 'first' || hearing.mentionsAssistant,
    appel: hearing.mentionsAssistant || hearing.named,
  })
  return hearing
}

/** The names by which the assistant is called, also typed behind an @; the longest first. */
export function nicknamesOf(configured: unknown): string[] {
  const own = [...words.names, ...(Array.isArray(configured) ? configured.map(String) : [])]
  return own.flatMap((name) => [`@${name}`, `\uff20${name}`, name])
}

function isOf({ attrs }: h, id: string | undefined): boolean {
  return id !== undefined && attrs['id'] === id
}

const isSomething = ({ type, attrs }: h) => type !== 'text' || Boolean(String(attrs['content']).trim())

/** Mentions of others stay where they are: they may belong to what is reported. */
function withoutMentions(elements: readonly h[], selfId: string): string {
  return elements.filter((element) => element.type !== 'at' || !isOf(element, selfId)).join('')
}

function quotesOf({ quote, selfId }: Session): HeardMessage['quotes'] {
  if (!quote) return 'nothing'
  const id = quote.user?.id
  if (id === undefined) return 'somebody'
  return id === selfId ? 'assistant' : 'other'
}
