import { h } from 'koishi'
import * as onebot from 'koishi-plugin-space-onebot'
import Outbox from 'koishi-plugin-space-outbox'
import * as qq from 'koishi-plugin-space-qq'
import { vi, expect } from 'vitest'
import { stores } from '../database/stores'
import { startFakeOneBot } from '../platforms/onebot'
import { startFakeQq } from '../platforms/qq'
import type { Context } from 'koishi'
import type { NewMessage } from 'koishi-plugin-space-outbox'
import type { Store } from '../database/stores'
import type { FakeOneBot } from '../platforms/onebot'
import type { FakeQq, QqOptions } from '../platforms/qq'

/** A QQ group whose owner does not let the bot speak first, and one where it may. */
export const CLOSED = '6A8B3C2D1E0F'
export const OPEN = 'AAAA3C2D1E0F'

const quick = {
  tickMs: 50,
  digestDelayMs: 100,
  calmMs: 100,
  quotas: false,
  quietFrom: '00:00',
  quietTo: '00:00',
}

/** An outbox over QQ and OneBot with platforms that misbehave when told to. */
export class OutboxHouse {
  app!: Context

  private constructor(
    readonly store: Store,
    readonly qq: FakeQq,
    readonly onebot: FakeOneBot,
  ) {}

  static async start(options: QqOptions = {}): Promise<OutboxHouse> {
    const store = await stores['SQLite in memory']()
    return new OutboxHouse(store, await startFakeQq(options), await startFakeOneBot())
  }

  async open(changes: object = {}): Promise<void> {
    this.app = await this.store.open((context) => {
      context.plugin(Outbox, { ...new Outbox.Config(), ...quick, ...changes })
      context.plugin(qq, { ...qq.Config({} as qq.Config), ...this.qq.config })
      context.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...this.onebot.config })
    })
    this.app.command('ping').action(() => 'pong')
    await vi.waitFor(() => expect(this.app.bots.map(({ status }) => Number(status))).toEqual([1, 1]), {
      timeout: 10_000,
    })
  }

  async close(): Promise<void> {
    vi.useRealTimers()
    await this.app.parallel('exit', 'SIGTERM')
    await this.store.close(this.app)
    await this.store.drop()
    await this.qq.close()
    await this.onebot.close()
  }

  toQq(channelId = CLOSED) {
    return { platform: 'qq', selfId: this.qq.selfId, channelId }
  }

  toOneBot(channelId = '200') {
    return { platform: 'onebot', selfId: this.onebot.selfId, channelId }
  }

  message(key: string, target = this.toOneBot(), more: Partial<NewMessage> = {}): NewMessage {
    return { ...{ key, target, kind: 'test', content: h.text(`text of ${key}`), batch: 'b' }, ...more }
  }

  async states(...keys: string[]) {
    return this.app.outbox.states(keys)
  }

  until(keys: string[], expected: (string | undefined)[]) {
    return vi.waitFor(async () => expect(await this.states(...keys)).toEqual(expected), {
      ...{ timeout: 10_000, interval: 20 },
    })
  }
}
