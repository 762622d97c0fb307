import { unwrap } from '@space-assistant/core/delivery/unwrap'
import { textLimits } from '@space-assistant/core/delivery/split'
import type { LocalizedTexts } from '@space-assistant/core/delivery/wording'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { HowTo } from '@space-assistant/core/howto/entries'
import type { Understanding } from '@space-assistant/core/understanding/context'
import type { Intent, IntentKind } from '@space-assistant/core/understanding/intent'
import { h } from 'koishi'
import type { Context, Fragment, Next, Session } from 'koishi'
import type {} from 'koishi-plugin-space-outbox'
import { Answers } from './answers'
import { sendAside } from './aside'
import { Config } from './config'
import { localesOf, strippedOf } from './bare'
import { Downloads } from './download'
import type { DownloadFailure } from './download'
import { IntentDispatcher } from './dispatch'
import { Guesses } from './guesses'
import { tellExpired } from './expiry'
import { hardenCommands } from './harden'
import * as hello from './hello'
import { SpeakingLimits } from './limits'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { PersonQueue } from './mailbox'
import { Listener, OVERHEARD_LENGTH } from './listening'
import type { AllowMessage, HeardReading, Variant } from './listening'
import { IntentMemory } from './memory'
import { declareMissed } from './missed-command'
import { LanguageModel } from './model'
import { NotUnderstood } from './not-understood'
import { PendingQuestions } from './pending'
import type { AskedQuestion, QuestionRequest } from './pending'
import type { MessageReading } from './reading'
import { ConversationRegistry } from './registry'
import type { CommandHelp, ConversationPart } from './registry'
import { fitReply } from './reply'
import { Rows } from './rows'
import { Startup } from './startup'
import type { StartupOutcome } from './startup'
import { Understander } from './understander'

export { Config } from './config'
export type { DownloadFailure } from './download'
export type { GivenAnswer, QuestionRequest } from './pending'
export type { CommandHelp, ConversationPart } from './registry'

declare module 'koishi' {
  interface Context {
    conversation: Conversation
  }
}

/** Says whether a message must not be lost, however many there are; it may read the command in `stripped`. */
export type ExemptMessage = (session: Session) => boolean

/**
 * What stands before every command: what is let in, in which order, how often, and how answers go out. A plain object
 * rather than a Koishi `Service`, whose tracing proxies cost more than dropping a line of chatter.
 */
export class Conversation {
  private readonly mailbox: PersonQueue
  private readonly limits: SpeakingLimits
  private readonly rows = new Rows()
  private readonly pending: PendingQuestions
  private readonly answers: Answers
  private readonly downloads: Downloads
  private readonly listener: Listener
  private readonly exempt = new Set<ExemptMessage>()
  private readonly startup: Startup
  /** What is said before the answer to a message: that a question has replaced another. */
  private readonly notes = new WeakMap<Session, string[]>()
  /** The question that the answer to a message puts. */
  private readonly putting = new WeakMap<Session, AskedQuestion>()
  private readonly underway = new WeakSet<Session>()
  /** Messages that were understood by themselves, whatever is pending, and are not answered yet. */
  private readonly between = new WeakSet<Session>()
  private readonly first = new Set<FirstHandler>()
  private readonly registry = new ConversationRegistry()
  private readonly memory = new IntentMemory()
  private readonly understander: Understander
  private readonly dispatcher: IntentDispatcher
  private readonly guesses: Guesses
  /** What was not understood, for staff. */
  readonly missed: NotUnderstood
  /** What the answer to a message is about. */
  private readonly about = new WeakMap<Session, Understanding>()
  private viewerOf: (session: Session) => Promise<Viewer> = ({ isDirect }) =>
    Promise.resolve({
      grants: [],
      place: isDirect ? { kind: 'private' } : { kind: 'group', purpose: 'unknown' },
    })

  constructor(
    private readonly ctx: Context,
    private readonly config: Config,
  ) {
    this.startup = new Startup(ctx, config.startup)
    this.downloads = new Downloads(ctx, config.trustedHosts)
    this.mailbox = new PersonQueue(config.patience)
    this.limits = new SpeakingLimits(config.person, config.group)
    this.pending = new PendingQuestions(
      (question) => void tellExpired(ctx, question),
      (act, ms) => ctx.setTimeout(act, ms),
    )
    this.answers = new Answers(this.pending, async (session) => (await this.viewerOf(session)).place)
    this.understander = new Understander(ctx)
    this.listener = new Listener(ctx, {
      answers: this.answers,
      understander: this.understander,
      startup: this.startup,
      maxLength: config.maxLength,
    })
    this.dispatcher = new IntentDispatcher({
      registry: this.registry,
      memory: this.memory,
      understander: this.understander,
      viewerOf: (session) => this.viewerOf(session),
      ask: (session, request) => this.ask(session, request),
      describer: {
        schoolName: (code) => ctx.get('roster')?.school(code)?.name ?? code,
        entryTitle: (id) => this.understander.titleOf(id),
      },
    })
    const model = new LanguageModel(config.model, (what) =>
      ctx.logger('space-conversation').warn('the language model gave no answer: %s', what),
    )
    this.missed = new NotUnderstood(ctx)
    this.guesses = new Guesses({ dispatcher: this.dispatcher, model, missed: this.missed })
    // Before the framework's own middleware, which reads the database.
    ctx.middleware((session, next) => this.receive(session, next), true)
    hardenCommands(ctx, async (session, reply) => {
      if (!this.underway.has(unwrap(session))) return false
      await this.reply(session, reply)
      return true
    })
    ctx.on('before-send', (session, options) => {
      if (options?.session) this.prepare(session)
    })
  }

  /**
   * Asks the speaker something. The answer is the number by which it is confirmed: the text of the question has to name
   * it. A question about the same that is still open ends by it, and the speaker is told so.
   */
  ask(session: Session, request: QuestionRequest): number {
    const { asked, replaced } = this.pending.ask(session, request)
    const own = unwrap(session)
    this.putting.set(own, asked)
    if (replaced?.form === 'act' && replaced.label !== asked.label) {
      const note = h.unescape(session.text('space-conversation.answer.replaced', { label: replaced.label }))
      this.notes.set(own, [...(this.notes.get(own) ?? []), note])
    }
    return asked.number
  }

  /** Ends what was asked of the speaker about something, because it was done or dropped by another way. */
  settle(session: Session, about: string): void {
    for (const question of this.pending.of(session))
      if (question.about === about) this.pending.end(session, question, 'answered')
  }

  /** Gives an answer about persons to the asker in private; what is said in the group instead. */
  async answerAside(session: Session, text: string): Promise<string> {
    const sent = await sendAside(this.ctx, session, text)
    return h.unescape(session.text(`space-conversation.aside.${sent}`))
  }

  /** Says who speaks and where; until that is known everybody is a stranger and every group a foreign one. */
  knowViewers(viewerOf: (session: Session) => Promise<Viewer>): void {
    this.viewerOf = viewerOf
  }

  viewer(session: Session): Promise<Viewer> {
    return this.viewerOf(session)
  }

  /** Gives the entries of the how-to, anew whenever they have changed. */
  knowHowTo(howTo: () => HowTo): void {
    this.understander.knowHowTo(howTo)
  }

  /** Adds commands, intents and help of a plugin. The answer takes them away again. */
  register(part: ConversationPart): () => void {
    return this.registry.add(part)
  }

  /** Answers a typed command as the question that its line is; undefined when it is not surely of that kind. */
  async command(session: Session, asked: { line: string; kind: IntentKind }): Promise<Fragment | undefined> {
    const answered = await this.dispatcher.command(session, asked)
    if (answered) this.about.set(unwrap(session), answered.understanding)
    return answered?.reply
  }

  help(): (CommandHelp & { key: string })[] {
    return this.registry.help()
  }

  /** Looks at what is said to the bot before it is understood as a question, such as an answer to a quoted card. */
  takeFirst(take: FirstHandler): () => void {
    this.first.add(take)
    return () => void this.first.delete(take)
  }

  /** Lets messages through that would be dropped; the function must be quick, it sees every line of every group. The answer undoes it. */
  allow(test: AllowMessage): () => void {
    return this.listener.allow(test)
  }

  /** Adds a way to read sentences as commands; it must be quick, it sees every short line of every group. The answer undoes it. */
  variant(read: Variant): () => void {
    return this.listener.variant(read)
  }

  exemptFromLimits(test: ExemptMessage): () => void {
    this.exempt.add(test)
    return () => void this.exempt.delete(test)
  }

  /** The bytes of what is attached to a message, from the public internet or from inside the message only. */
  download(src: string, bytes: number): Promise<Uint8Array | DownloadFailure> {
    return this.downloads.fetch(src, bytes)
  }

  /** The host of an attachment inside the own network that is not fetched from, as no setting names it. */
  closedHost(src: string): string | undefined {
    return this.downloads.closedHost(src)
  }

  /** Why a file was not fetched, as a refusal. */
  unfetched(failure: DownloadFailure, from: { src: string; limit: number }) {
    return this.downloads.unfetched(failure, from)
  }

  /**
   * Texts of a plugin in the language of who asks, in plain form. The framework's own rendering costs more than most
   * answers; it is left to the texts of other plugins.
   */
  sayer(session: Session, wordings: LocalizedTexts): (path: string, params?: object) => string {
    const { locales = [], channel, user } = unwrap(session)
    const own = wordings.in([...locales, ...localesOf(channel), ...localesOf(user)])
    return (path, params = {}) => own(path, params) ?? h.unescape(session.text(path, params))
  }

  private async receive(session: Session, next: Next): ReturnType<Next> {
    const { platform, selfId, event } = unwrap(session)
    const { user } = event
    if (user?.isBot || !user?.id) return
    let heard = this.listener.read(session)
    if (this.startup.underway) {
      const outcome = await this.untilLoaded(session, heard.reading)
      if (outcome === 'say-loading') return session.text('space-conversation.starting')
      if (outcome === 'silence') return
      heard = this.listener.read(session)
    }
    const { reading } = heard
    if (reading.kind === 'chatter') return
    const refusal = await this.hold(session, reading)
    if (refusal !== undefined) return refusal || undefined
    if (reading.kind === 'unknown') return this.listener.suggest(session, reading.given)
    return this.mailbox.run(`${platform}:${selfId}:${user.id}`, async () => {
      await this.rows.ensure(session)
      this.underway.add(unwrap(session))
      if (reading.kind === 'command') this.between.add(unwrap(session))
      const reply = await this.pass(session, heard, next)
      if (reply) await this.reply(session, reply)
    })
  }

  /** Sends an answer, with what has to be said around it, and notes by which messages a question was put. */
  private async reply(session: Session, reply: Fragment): Promise<void> {
    const own = unwrap(session)
    const notes = this.notes.get(own) ?? []
    this.notes.delete(own)
    const goOn = this.goOn(session)
    const before = notes.length ? [h.text(`${notes.join('\n')}\n`)] : []
    const after = goOn === undefined ? [] : [h.text(`\n${goOn}`)]
    const ids = await session.send([...before, ...h.normalize(reply), ...after])
    this.putting.get(own)?.messages.push(...(ids ?? []))
    const about = this.about.get(own)
    if (about && ids) this.memory.noteAnswer(session, ids, about.intents)
  }

  /** While the bot loads nobody knows all commands: what may be meant for it is kept until it does. */
  private async untilLoaded(session: Session, reading: MessageReading): Promise<StartupOutcome> {
    if (reading.kind === 'command' && this.startup.hasDatabase) return 'loaded'
    const overheard = reading.kind === 'chatter'
    const { content, hasAt } = strippedOf(session)
    if (overheard && (hasAt || content.length > OVERHEARD_LENGTH)) return 'silence'
    return this.startup.keep(session, overheard)
  }

  /** A sentence for who is held back, '' for silence, undefined when all is well. */
  private async hold(session: Session, reading: MessageReading): Promise<string | undefined> {
    const { platform, selfId, userId, channelId, isDirect } = unwrap(session)
    const bot = `${platform}:${selfId}`
    // What the bot has asked for is not lost for having been asked for: one answer for each question.
    const awaited = reading.kind === 'talk' && this.pending.of(session).length > 0
    const spared = awaited || [...this.exempt].some((exempt) => exempt(session))
    const verdict = spared
      ? 'pass'
      : await this.limits.take(`${bot}:${userId}`, isDirect ? undefined : `${bot}:${channelId}`)
    if (verdict === 'silence') return ''
    if (verdict === 'say-once') return session.text('space-conversation.too-often')
    const { maxLength } = this.config
    // A file may come inside the message; what counts is what somebody has typed.
    if (strippedOf(session).content.replace(/="(?:data:|base64:)[^"]*"/g, '').length <= maxLength) return
    return session.text('space-conversation.too-long', { max: maxLength })
  }

  /** Open questions get closed words, then what is said is understood, then a text that is waited for is taken. */
  private async pass(session: Session, heard: HeardReading, next: Next): Promise<Fragment | undefined> {
    const { reading, addressed } = heard
    if (reading.kind === 'command') return (await next()) ?? undefined
    const text = reading.kind === 'talk' ? reading.text : ''
    const message = { session, text, addressed }
    const closed = await this.answers.take(message, true)
    if (closed.kind === 'replied') return closed.reply
    for (const take of addressed ? this.first : []) {
      const reply = await take(session, text)
      if (reply !== undefined) return reply
    }
    if (text.startsWith('<')) return (await next()) ?? undefined
    const understood = await this.understand(session, text, addressed)
    if (understood.reply !== undefined) return understood.reply
    const given = await this.answers.take(message, false)
    if (given.kind === 'replied') return given.reply
    if (!addressed) return (await next()) ?? undefined
    return (await next(understood.otherwise)) ?? undefined
  }

  /** The answer to what is understood; `otherwise` makes one when nobody else knows an answer. */
  private async understand(
    session: Session,
    text: string,
    addressed: boolean,
  ): Promise<{ reply?: Fragment | undefined; otherwise: () => Promise<Fragment> }> {
    const said = h.unescape(text).trim()
    const place = session.isDirect ? 'private' : addressed ? 'group' : 'overheard'
    const otherwise = (first?: Intent) => async () => {
      const { reply, understanding } = await this.guesses.answer(session, said, first)
      if (understanding) this.about.set(unwrap(session), understanding)
      return reply
    }
    if (!said) {
      const reply = addressed ? await hello.greet(this.tools(session), 'hello') : undefined
      return { reply, otherwise: otherwise() }
    }
    const understanding = await this.dispatcher.read(session, said, place)
    const [first] = understanding?.intents ?? []
    if (!understanding || !first || first.intent === 'none' || first.intent === 'unclear')
      return { otherwise: otherwise(first) }
    const reply = await this.dispatcher.answer(session, understanding)
    if (reply !== undefined) {
      this.about.set(unwrap(session), understanding)
      this.between.add(unwrap(session))
    }
    return { reply, otherwise: otherwise() }
  }

  private tools(session: Session): hello.HelloTools {
    return { conversation: this, session, commands: this.ctx.$commander }
  }

  /** Where a text is waited for, a question in between is answered, and it is asked whether to go on. */
  private goOn(session: Session): string | undefined {
    if (!this.between.delete(unwrap(session))) return undefined
    const asked = this.pending.facts(session).findLast(({ here }) => here)
    const question = asked?.form === 'text' ? this.pending.find(session, asked.number) : undefined
    if (!question || this.putting.get(unwrap(session)) === question) return undefined
    return h.unescape(session.text('space-conversation.answer.go-on', { label: question.label }))
  }

  /** Replies in the form that the platform takes. What goes through the outbox is prepared there. */
  private prepare(session: Session) {
    const own = unwrap(session)
    const known: Record<string, number | undefined> = textLimits
    const bytes = known[own.platform] ?? textLimits.onebot
    const cut = () => session.text('space-conversation.cut')
    own.elements = fitReply(own.elements ?? [], { bytes, parts: this.config.maxParts, cut })
  }
}

/** Looks at an addressed message before it is understood; undefined leaves it alone. */
export type FirstHandler = (session: Session, text: string) => Promise<Fragment | undefined>

export const name = 'space-conversation'

export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  ctx.provide('conversation')
  const conversation = new Conversation(ctx, config)
  ctx.set('conversation', conversation)
  hello.declareHelp(ctx, conversation)
  declareMissed(ctx, conversation)
}

export default { name, Config, apply }
