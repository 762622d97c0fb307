import { unwrap } from '@space-assistant/core/delivery/unwrap'
import { textLimits } from '@space-assistant/core/delivery/split'
import type { LocalizedTexts } from '@space-assistant/core/delivery/wording'
import { h, Schema } from 'koishi'
import type { Context, Fragment, Next, Session } from 'koishi'
import { localesOf, strippedOf, strippedPlain } from './bare'
import { download } from './download'
import type { DownloadFailure } from './download'
import { SpeakingLimits } from './limits'
import type { Rate } from './limits'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { PersonQueue } from './mailbox'
import { nearNames } from './near'
import { CommandNames } from './names'
import { PendingAnswers } from './pending'
import type { AnswerHandler } from './pending'
import { read } from './reading'
import type { MessageReading } from './reading'
import { fit } from './reply'
import { Rows } from './rows'
import { Startup } from './startup'
import type { StartupOutcome, Patience } from './startup'
import { tame } from './tame'

export type { DownloadFailure } from './download'
export type { AnswerHandler } from './pending'

declare module 'koishi' {
  interface Context {
    conversation: Conversation
  }
}

/** Says whether something that is no command and not addressed to the bot is to be let through all the same. */
export type Admit = (session: Session) => boolean

/** Says whether a message must not be lost, however many there are; it may read the command in `stripped`. */
export type Spare = (session: Session) => boolean

/**
 * Reads a sentence as a command line without its slash, or says undefined. Escaped text, no elements. `overheard`: it
 * was said in a group and not to the bot, so that only what can be meant for nobody else may be read.
 */
export type Variant = (text: string, session: Session, overheard: boolean) => string | undefined

export interface Config {
  /** Longest message in characters. */
  maxLength: number
  person: Rate
  group: Rate
  /** Milliseconds that a person's next message waits for the one before at most. */
  patience: number
  /** Most messages of one reply. */
  maxParts: number
  /** How long and how much is kept that is said while the bot loads. */
  startup: Patience
  /** Servers of the own network that attachments may be fetched from: `host` or `host:port`, comma separated. */
  trustedHosts: string
}

const rate = (times: number, seconds: number): Schema<Rate> =>
  Schema.object({ times: Schema.natural().default(times), seconds: Schema.natural().default(seconds) })

export const Config: Schema<Config> = Schema.object({
  maxLength: Schema.natural().default(4000),
  person: rate(20, 60),
  group: rate(300, 60),
  patience: Schema.natural().default(20_000),
  maxParts: Schema.natural().default(4),
  startup: Schema.object({
    ms: Schema.natural().default(60_000),
    messages: Schema.natural().default(1000),
    each: Schema.natural().default(10),
  }),
  trustedHosts: Schema.string().default(''),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

const answerMs = 5 * 60_000
const downloadMs = 60_000
/** A question that is put to nobody in particular is short. */
const OVERHEARD_LENGTH = 40

/**
 * What stands before every command: what is let in, in which order, how often, and how answers go out. A plain object
 * rather than a Koishi `Service`, whose tracing proxies cost more than dropping a line of chatter.
 */
export class Conversation {
  private readonly mailbox: PersonQueue
  private readonly limits: SpeakingLimits
  private readonly rows = new Rows()
  private readonly pending = new PendingAnswers()
  private readonly names: CommandNames
  private readonly admits = new Set<Admit>()
  private readonly spares = new Set<Spare>()
  private readonly variants = new Set<Variant>()
  private readonly startup: Startup
  private readonly hasNickname: boolean

  constructor(
    ctx: Context,
    private readonly config: Config,
  ) {
    this.startup = new Startup(ctx, config.startup)
    const { nickname } = ctx.root.config as { nickname?: unknown }
    this.hasNickname = Array.isArray(nickname) ? nickname.length > 0 : Boolean(nickname)
    this.mailbox = new PersonQueue(config.patience)
    this.limits = new SpeakingLimits(config.person, config.group)
    this.names = new CommandNames(ctx)
    // Before the framework's own middleware, which reads the database.
    ctx.middleware((session, next) => this.receive(session, next), true)
    tame(ctx)
    ctx.on('before-send', (session, options) => {
      if (options?.session) this.prepare(session)
    })
  }

  /**
   * Hands the person's next message here, unless it is a command, to `answer` (within `ms`, by default five
   * minutes). An answer of undefined means that the message was something else.
   */
  expect(session: Session, answer: AnswerHandler, ms = answerMs): void {
    this.pending.set(session, answer, ms)
  }

  /** Lets messages through that would be dropped; the function must be quick, it sees every line of every group. The answer undoes it. */
  admit(test: Admit): () => void {
    this.admits.add(test)
    return () => void this.admits.delete(test)
  }

  /** Adds a way to read sentences as commands; it must be quick, it sees every short line of every group. The answer undoes it. */
  variant(read: Variant): () => void {
    this.variants.add(read)
    return () => void this.variants.delete(read)
  }

  /** Exempts messages from the limits of how often somebody may speak. The answer undoes it. */
  spare(test: Spare): () => void {
    this.spares.add(test)
    return () => void this.spares.delete(test)
  }

  /** The bytes of what is attached to a message, from the public internet or from inside the message only. */
  download(src: string, bytes: number): Promise<Uint8Array | DownloadFailure> {
    const trusted = this.config.trustedHosts.split(',').map((host) => host.trim())
    return download(src, { bytes, ms: downloadMs, trusted: trusted.filter(Boolean) })
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

  private async receive(session: Session, next: Next): Promise<void | Fragment> {
    const { platform, selfId, event } = unwrap(session)
    const { user } = event
    if (user?.isBot || !user?.id) return
    let reading = this.read(session)
    if (this.startup.underway) {
      const outcome = await this.untilLoaded(session, reading)
      if (outcome === 'say-loading') return session.text('space-conversation.starting')
      if (outcome === 'silence') return
      reading = this.read(session)
    }
    if (reading.kind === 'chatter') return
    const refusal = await this.hold(session, reading)
    if (refusal !== undefined) return refusal || undefined
    if (reading.kind === 'unknown') return this.suggest(session, reading.given)
    return this.mailbox.run(`${platform}:${selfId}:${user.id}`, async () => {
      await this.rows.ensure(session)
      const reply = await this.pass(session, reading, next)
      if (reply) await session.send(reply)
    })
  }

  /** While the bot loads nobody knows all commands: what may be meant for it is kept until it does. */
  private async untilLoaded(session: Session, reading: MessageReading): Promise<StartupOutcome> {
    if (reading.kind === 'command' && this.startup.hasDatabase) return 'loaded'
    const overheard = reading.kind === 'chatter'
    const { content, hasAt } = strippedOf(session)
    if (overheard && (hasAt || content.length > OVERHEARD_LENGTH)) return 'silence'
    return this.startup.keep(session, overheard)
  }

  /** What the message is; natural variants and awaited answers included. */
  private read(session: Session): MessageReading {
    const plain = unwrap(session)
    const { isDirect, quote, selfId } = plain
    const stripped = this.isPlain(plain) ? strippedPlain(plain) : session.stripped
    const { content, hasAt, appel } = stripped
    const addressed = isDirect || appel || quote?.user?.id === selfId
    const reading = read({ content, addressed, toOthers: hasAt && !appel }, this.names)
    if (reading.kind === 'command') {
      stripped.content = reading.content
      return reading
    }
    if (this.pending.has(plain)) return { kind: 'talk', text: content }
    if (reading.kind === 'talk') return this.vary(session, reading.text, false) ?? reading
    if (reading.kind === 'unknown' && !addressed && !this.startup.underway) {
      if (!this.near(reading.given).length) return { kind: 'chatter' }
    }
    if (reading.kind === 'chatter' && [...this.admits].some((admit) => admit(session))) {
      return { kind: 'talk', text: content }
    }
    const overheard = reading.kind === 'chatter' && !(hasAt && !appel)
    return (overheard && this.vary(session, content, true)) || reading
  }

  /** Whether nobody is mentioned, quoted or called by name: then the framework's own reading changes nothing. */
  private isPlain({ event: { message } }: Session): boolean {
    return !this.hasNickname && !message?.quote && message?.elements?.[0]?.type !== 'at'
  }

  private vary(session: Session, text: string, overheard: boolean): MessageReading | undefined {
    if (!text || text.length > (overheard ? OVERHEARD_LENGTH : this.config.maxLength)) return
    for (const variant of this.variants) {
      const line = variant(text, session, overheard)
      if (line === undefined) continue
      const content = `/${line}`
      strippedOf(session).content = content
      return { kind: 'command', content }
    }
    return undefined
  }

  /** A sentence for who is held back, '' for silence, undefined when all is well. */
  private async hold(session: Session, reading: MessageReading): Promise<string | undefined> {
    const { platform, selfId, userId, channelId, isDirect } = unwrap(session)
    const bot = `${platform}:${selfId}`
    // What the bot has asked for is not lost for having been asked for: one answer for each question.
    const awaited = reading.kind === 'talk' && this.pending.has(session)
    const spared = awaited || [...this.spares].some((spare) => spare(session))
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

  private async pass(session: Session, reading: MessageReading, next: Next): Promise<void | Fragment> {
    if (reading.kind === 'command') return next()
    const answer = this.pending.take(session)
    const reply = await answer?.(session)
    if (reply !== undefined) return reply
    const { isDirect } = unwrap(session)
    const { appel } = strippedOf(session)
    const text = reading.kind === 'talk' ? reading.text : ''
    if (!(isDirect || appel) || !text.trim() || text.startsWith('<')) return next()
    return next(() => Promise.resolve(session.text('space-conversation.not-understood')))
  }

  private near(given: string): string[] {
    return nearNames(given, this.names.all())
  }

  private suggest(session: Session, given: string): string {
    const names = this.near(given)
    const listed = names.map((name) => `/${name}`).join(session.text('space-conversation.or'))
    const short = Array.from(given).slice(0, 12).join('')
    if (!names.length) return session.text('space-conversation.unknown-command', { given: short })
    return session.text('space-conversation.unknown-command-near', { given: short, names: listed })
  }

  /** Replies in the form that the platform takes. What goes through the outbox is prepared there. */
  private prepare(session: Session) {
    const own = unwrap(session)
    const known: Record<string, number | undefined> = textLimits
    const bytes = known[own.platform] ?? textLimits.onebot
    const cut = () => session.text('space-conversation.cut')
    own.elements = fit(own.elements ?? [], { bytes, parts: this.config.maxParts, cut })
  }
}

export const name = 'space-conversation'

export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  ctx.provide('conversation')
  ctx.set('conversation', new Conversation(ctx, config))
}

export default { name, Config, apply }
