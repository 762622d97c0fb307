import { Bot, h } from 'koishi'
import type { Context, Fragment, Session, Universal } from 'koishi'

export interface Sent {
  id: string
  platform: string
  channelId: string
  text: string
  elements: h[]
  /** The session that it answers; undefined when the bot spoke first. */
  session: Session | undefined
}

export interface Saying {
  /** Id of a message of the bot, and its text as the platform hands it over. */
  quote?: { id?: string; content: string; elements?: h[] }
  elements?: h[]
  messageId?: string
}

/** A platform on which everything is delivered, or refused when a test says so. */
export class RecordingBot extends Bot {
  static sent: Sent[] = []
  private serial = 0
  private readonly waiting = new Map<string, () => void>()
  /** Asked before each message; an error refuses it. */
  fault: (channelId: string, session: Session | undefined) => Error | undefined = () => undefined

  constructor(ctx: Context, { platform = 'chat', selfId = '514' }: { platform?: string; selfId?: string }) {
    super(ctx, {}, platform)
    this.selfId = selfId
    this.user = { id: selfId, name: 'bot' }
    this.internal = {}
    this.online()
    // One listener for all: the framework calls each through layers of proxies.
    ctx.on('middleware', ({ messageId = '' }) => {
      this.waiting.get(messageId)?.()
      this.waiting.delete(messageId)
    })
  }

  override async createMessage(
    channelId: string,
    content: Fragment,
    _referrer?: unknown,
    options?: Universal.SendOptions,
  ): Promise<Universal.Message[]> {
    const session = options?.session as Session | undefined
    const error = this.fault(channelId, session)
    if (error) throw error
    const elements = h.normalize(content)
    const text = elements.map(textOf).join('')
    const id = `out${++this.serial}`
    RecordingBot.sent.push({ id, platform: this.platform ?? '', channelId, text, elements, session })
    return Promise.resolve([{ id }])
  }

  /** Somebody says something; what the bot answers to it. */
  async say(user: string, text: string, group?: string, saying: Saying = {}): Promise<string> {
    const session = this.session()
    const id = saying.messageId ?? `in${++this.serial}`
    const channelId = group ?? `private:${user}`
    session.type = 'message'
    session.subtype = group ? 'group' : 'private'
    session.event.channel = { id: channelId, type: group ? 0 : 1 }
    if (group) session.event.guild = { id: group }
    session.event.user = { id: user, name: user }
    session.event.timestamp = Date.now()
    const elements = [...h.parse(text), ...(saying.elements ?? [])]
    session.event.message = { id, elements, content: elements.join('') }
    const { quote } = saying
    if (quote) session.event.message.quote = { id: '', elements: [h.text(quote.content)], ...quote }
    const over = new Promise<void>((resolve) => this.waiting.set(id, resolve))
    this.dispatch(session)
    await over
    return RecordingBot.sent
      .filter((one) => one.session?.messageId === id)
      .map((one) => one.text)
      .join('\n---\n')
  }
}

function textOf({ type, attrs, children }: h): string {
  if (type === 'text') return String(attrs['content'])
  if (type === 'img' || type === 'file') return `[${type}]`
  return children.map(textOf).join('')
}
