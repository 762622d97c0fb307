import { afterAttempt } from '@space-assistant/core/delivery/attempt'
import { sendErrorOf } from '@space-assistant/core/delivery/error'
import { platformOf } from './channel-store'
import { messageFromRow } from './message'
import { WriteBatch } from './write-batch'
import type { AttemptResult } from '@space-assistant/core/delivery/attempt'
import type { PlatformSendError } from '@space-assistant/core/delivery/error'
import type { FailureReason, Route } from '@space-assistant/core/delivery/message'
import type { ChannelBook } from './channels'
import type { RateLimiter } from './rate-limiter'
import type { AttemptBeginning, AttemptEnding, MessageStore } from './store'
import type { MessageRow } from './table'

export interface SendRequest {
  channel: string
  content: string
  route: Route
  /** Platform messages of it that have arrived already. */
  from: number
}

export interface AttemptOptions {
  now: () => number
  random: () => number
  /** Sends; returns the platform's ids, an empty one for a part that it gave none. */
  send: (request: SendRequest) => Promise<string[]>
  /** The markup that stands for so many messages that could not be sent now. */
  moreNotice: (count: number) => string
  alert: (reason: FailureReason) => void
  warn: (text: string) => void
}

/** One try to send some rows as one message. */
export interface Attempt {
  channel: string
  rows: readonly MessageRow[]
  content: string
  route: Route
  /** Platform messages that are left of it altogether. */
  size: number
}

type Outcome = { ok: true; messages: string[] } | { ok: false; error: PlatformSendError }

/** Tries to send messages of one bot: marked before, and what became of it written afterwards, however long that takes. */
export class Attempts {
  /** Messages whose mark may have been written although the answer was lost. */
  private readonly doubtful = new Set<string>()
  private readonly writes: WriteBatch<AttemptBeginning | AttemptEnding, boolean>
  private clearing: Promise<void> | undefined
  stopped = false

  constructor(
    private readonly bot: string,
    private readonly parts: { store: MessageStore; channels: ChannelBook; limiter: RateLimiter },
    private readonly options: AttemptOptions,
  ) {
    this.writes = new WriteBatch((items) => this.parts.store.write(items, options.now()))
  }

  isDoubtful(id: string): boolean {
    return this.doubtful.has(id)
  }

  /** Takes back marks that may have been written; only one at a time, else what has begun since would be taken back too. */
  async clear(): Promise<void> {
    if (!this.doubtful.size) return
    this.clearing ??= this.takeBackDoubtful().finally(() => (this.clearing = undefined))
    await this.clearing
  }

  private async takeBackDoubtful(): Promise<void> {
    const ids = [...this.doubtful]
    await this.parts.store.takeBack(ids, this.options.now())
    for (const id of ids) this.doubtful.delete(id)
  }

  /** Marks what is to be sent; false when some of it was cancelled in this moment, and then nothing stays marked. */
  async begin({ channel, rows, route, size }: Attempt): Promise<boolean> {
    const { channels, store } = this.parts
    await channels.begin(channel, route, size)
    const marked = await this.mark(rows, route)
    const mine = rows.filter((_, index) => marked[index])
    if (mine.length === rows.length) return true
    // One that was cancelled takes a digest apart: the others come again.
    await store.takeBack(
      mine.map(({ id }) => id),
      this.options.now(),
    )
    return false
  }

  private async mark(rows: readonly MessageRow[], route: Route): Promise<boolean[]> {
    try {
      return await Promise.all(rows.map(({ id }) => this.writes.add({ id, route })))
    } catch (error) {
      for (const { id } of rows) this.doubtful.add(id)
      throw error
    }
  }

  /** Sends; the outcome is to be handed to `conclude`. */
  async send({ channel, rows, content, route, size }: Attempt): Promise<Outcome> {
    try {
      const from = rows.length === 1 ? Number(rows[0]?.sentParts ?? 0) : 0
      const messages = await this.options.send({ channel, content, route, from })
      if (route.kind === 'passive' && route.parts !== undefined) {
        await this.announceRest(channel, route, size - route.parts)
      }
      return { ok: true, messages }
    } catch (error) {
      return { ok: false, error: sendErrorOf(error, platformOf(this.bot)) }
    }
  }

  /** Says that there is more and how to get it, with the last answer that is left; without it the rest comes all the same. */
  private async announceRest(
    channel: string,
    route: Route & { kind: 'passive' },
    rest: number,
  ): Promise<void> {
    const reply = { ...route.reply, seq: route.reply.seq + (route.parts ?? 0) }
    const request = { channel, content: this.options.moreNotice(rest), from: 0 }
    await this.options
      .send({ ...request, route: { kind: 'passive', reply } })
      .catch(() => this.options.warn('that there is more could not be said'))
  }

  async conclude({ channel, rows, route }: Attempt, outcome: Outcome): Promise<void> {
    const error = outcome.ok ? undefined : outcome.error
    const result: AttemptResult = error
      ? {
          ...{ ok: false, class: error.class, outcome: error.outcome, code: error.code },
          sent: error.sent.length,
        }
      : { ok: true }
    const sent = outcome.ok ? outcome.messages : outcome.error.sent
    const endings = rows.map((row) => this.endingOf(row, { channel, route, result, sent, error }))
    await this.settle(endings).catch(() => this.options.warn('what became of a message is not stored'))
  }

  private endingOf(
    row: MessageRow,
    {
      channel,
      route,
      result,
      sent,
      error,
    }: {
      channel: string
      route: Route
      result: AttemptResult
      sent: readonly string[]
      error: PlatformSendError | undefined
    },
  ): AttemptEnding {
    const { channels, limiter } = this.parts
    const { now, random, alert } = this.options
    const aftermath = afterAttempt(messageFromRow(row), channels.get(channel), {
      ...{ route, result, now: now(), random: random() },
    })
    channels.learn(channel, aftermath.channel)
    limiter.block(aftermath.botBlockedUntil)
    if (aftermath.alert) alert(aftermath.message.reason ?? 'server')
    // What an earlier attempt has shown of it stays known.
    const before = Number(row.sentParts) && row.messages ? [row.messages] : []
    return {
      id: row.id,
      message: aftermath.message,
      code: error?.code ?? 0,
      detail: error?.detail ?? '',
      messages: [...before, ...sent].join(',').slice(0, 1000),
    }
  }

  /** What became of a message that is out must be written, however long the database is away. */
  private async settle(endings: readonly AttemptEnding[]): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await Promise.all(endings.map((ending) => this.writes.add(ending)))
        return
      } catch (error) {
        if (this.stopped && attempt > 10) throw error
        await new Promise((resolve) => setTimeout(resolve, Math.min(200 * 2 ** attempt, 5000)))
      }
    }
  }
}
