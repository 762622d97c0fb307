import { withoutFaces } from '@space-assistant/core/delivery/faces'
import { decideAddressing } from '@space-assistant/core/understanding/addressing'
import type { Addressing } from '@space-assistant/core/understanding/addressing'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import { closedAnswer } from './answers'
import type { Answers } from './answers'
import { strippedOf } from './bare'
import { hearMessage, nicknamesOf } from './hearing'
import type { Hearing } from './hearing'
import { CommandNames } from './names'
import { nearNames } from './near'
import { readMessage } from './reading'
import type { MessageReading } from './reading'
import type { Startup } from './startup'
import type { Understander } from './understander'
import words from './words.json'

/** Says whether something that is no command and not addressed to the bot is to be let through all the same. */
export type AllowMessage = (session: Session) => boolean

/**
 * Reads a sentence as a command line without its slash, or says undefined. Escaped text, no elements. `overheard`: it
 * was said in a group and not to the bot, so that only what can be meant for nobody else may be read.
 */
export type Variant = (text: string, session: Session, overheard: boolean) => string | undefined

/** A question that is put to nobody in particular is short. */
export const OVERHEARD_LENGTH = 40

/** What a message is, and whether it was said to the assistant. */
export interface HeardReading {
  reading: MessageReading
  addressed: boolean
}

interface ListenerParts {
  answers: Answers
  understander: Understander
  startup: Startup
  maxLength: number
}

/** For whom a message is and what it is, before anything is looked up. */
export class Listener {
  private readonly allowed = new Set<AllowMessage>()
  private readonly variants = new Set<Variant>()
  private readonly names: CommandNames
  private readonly nicknames: string[]

  constructor(
    ctx: Context,
    private readonly parts: ListenerParts,
  ) {
    this.names = new CommandNames(ctx)
    this.nicknames = nicknamesOf((ctx.root.config as { nickname?: unknown }).nickname)
  }

  allow(test: AllowMessage): () => void {
    this.allowed.add(test)
    return () => void this.allowed.delete(test)
  }

  variant(read: Variant): () => void {
    this.variants.add(read)
    return () => void this.variants.delete(read)
  }

  /** For whom a message is and what it is; natural variants and awaited answers included. */
  read(session: Session): HeardReading {
    const hearing = hearMessage(session, this.nicknames)
    const { content } = hearing
    const called =
      hearing.isPrivate || hearing.mentionsAssistant || hearing.named || hearing.quotes === 'assistant'
    const found = readMessage({ content, addressed: called }, this.names)
    const addressing = decideAddressing({ ...hearing, command: this.isCommand(found) })
    const reading = this.readFor(session, found, { hearing, addressing })
    if (reading.kind === 'command') {
      // What people write freely is kept as it was typed.
      const free = words['free-text'].some((name) => reading.content.startsWith(`/${name}`))
      if (!free) reading.content = withoutFaces(reading.content)
      strippedOf(session).content = reading.content
    }
    return { reading, addressed: addressing === 'private' || addressing === 'addressed' }
  }

  private readFor(
    session: Session,
    reading: MessageReading,
    { hearing, addressing }: { hearing: Hearing; addressing: Addressing },
  ): MessageReading {
    const { content } = hearing
    if (addressing === 'others') return { kind: 'chatter' }
    if (reading.kind === 'command') return reading
    // An answer is one before it is looked at as a question; it is never more than a word and a number.
    if (this.parts.answers.isNumbered(session, content) || this.parts.answers.awaitsFile(session)) {
      return { kind: 'talk', text: content }
    }
    if (addressing !== 'overheard' && closedAnswer(content)) return { kind: 'talk', text: content }
    if (addressing !== 'overheard') {
      if (reading.kind === 'unknown') return reading
      const text = reading.kind === 'talk' ? reading.text : content
      return this.vary(session, text, false) ?? { kind: 'talk', text }
    }
    if ([...this.allowed].some((allow) => allow(session))) return { kind: 'talk', text: content }
    const varied = this.vary(session, content, true)
    if (varied || !content || content.length > OVERHEARD_LENGTH) return varied ?? { kind: 'chatter' }
    return this.parts.understander.overhear(h.unescape(content))
      ? { kind: 'talk', text: content }
      : { kind: 'chatter' }
  }

  private isCommand(reading: MessageReading): boolean {
    if (reading.kind === 'command') return true
    return reading.kind === 'unknown' && (this.parts.startup.underway || this.near(reading.given).length > 0)
  }

  private vary(session: Session, text: string, overheard: boolean): MessageReading | undefined {
    if (!text || text.length > (overheard ? OVERHEARD_LENGTH : this.parts.maxLength)) return undefined
    for (const variant of this.variants) {
      const line = variant(text, session, overheard)
      if (line === undefined) continue
      const content = `/${line}`
      strippedOf(session).content = content
      return { kind: 'command', content }
    }
    return undefined
  }

  private near(given: string): string[] {
    return nearNames(given, this.names.all())
  }

  /** What somebody may have meant who named no command that there is. */
  suggest(session: Session, given: string): string {
    const names = this.near(given)
    const listed = names.map((name) => `/${name}`).join(session.text('space-conversation.or'))
    const short = Array.from(given).slice(0, 12).join('')
    if (!names.length) return session.text('space-conversation.unknown-command', { given: short })
    return session.text('space-conversation.unknown-command-near', { given: short, names: listed })
  }
}
