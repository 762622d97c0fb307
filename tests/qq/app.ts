import { expect, vi } from 'vitest'
import { Context } from 'koishi'
import * as qq from 'koishi-plugin-space-qq'
import { startFakeQq } from '../platforms/qq'
import type { PlatformSendError } from '@space-assistant/core/delivery/error'
import type { FakeQq, QqCall, QqFault, QqOptions } from '../platforms/qq'
import type {} from 'koishi-plugin-space-outbox'

export const G = '6A8B3C2D1E0F'
export const U = 'F0E1D2C3B4A5'

export let app: Context
export let fake: FakeQq

/** An app with the adapter, and a platform of its own; `prepare` sees the platform before the adapter does. */
export async function start(
  options: QqOptions = {},
  changes: Partial<qq.Config> = {},
  prepare?: (fake: FakeQq) => void,
): Promise<void> {
  fake = await startFakeQq(options)
  prepare?.(fake)
  app = new Context({ prefix: ['/', '／'] })
  app.plugin(qq, { ...qq.Config({} as qq.Config), ...fake.config, ...changes })
  app.command('ping').action(() => 'pong')
  app.command('say <text:rawtext>').action((_, text) => text)
  await app.start()
}

export async function stop(): Promise<void> {
  vi.useRealTimers()
  await app.stop()
  await fake.close()
}

export const bot = () => app.bots[0]!
export const online = () => vi.waitFor(() => expect(bot().status).toBe(1), { timeout: 10_000 })
export const messages = ({ path }: QqCall) => path.endsWith('/messages')
export const failMessages = (fault: QqFault, times = Infinity) => {
  fake.fault = (call) => (messages(call) && times-- > 0 ? fault : undefined)
}
export const failure = async (promise: Promise<unknown>): Promise<PlatformSendError> =>
  promise.then(
    () => expect.unreachable('the send went through'),
    (error: unknown) => error as PlatformSendError,
  )
