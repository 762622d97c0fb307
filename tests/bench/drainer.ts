// The process whose sending is measured: the outbox over the OneBot adapter, and the adapter alone. Told what to send
// by messages, each `{ way, from, messages, groups }`.
import { Context, h, Logger } from 'koishi'
import * as mysql from 'koishi-plugin-space-mysql'
import * as onebot from 'koishi-plugin-space-onebot'
import Outbox from 'koishi-plugin-space-outbox'
import * as sqlite from 'koishi-plugin-space-sqlite'
import type { Bot } from 'koishi'
import type { StoreOptions } from './store'

export interface Drainer {
  store: StoreOptions
  onebot: object
}

/** `loop`: one message after the other; `queues`: as many side by side as the outbox has; `outbox`: through it. */
export type Way = 'loop' | 'queues' | 'outbox'

export interface Order {
  way: Way
  from: number
  messages: number
  groups: number
  /** Only written down: due at this instant. */
  due?: number | undefined
}

Logger.levels.base = Logger.ERROR
const LANES = 64
const quick = { queues: LANES, quotas: false, quietFrom: '00:00', quietTo: '00:00' }

async function main({ store, onebot: adapter }: Drainer): Promise<void> {
  const app = new Context()
  if (store.kind === 'sqlite') app.plugin(sqlite, { path: store.path })
  else app.plugin(mysql, store.settings as never)
  app.plugin(Outbox, { ...new Outbox.Config(), ...quick })
  app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...adapter })
  await app.start()
  await new Promise<void>((resolve) => app.inject(['outbox'], () => resolve()))
  await app.model.prepared()
  const bot = app.bots[0]!
  process.on(
    'message',
    (order: Order) => void ways[order.way](app, bot, order).then(() => process.send!('done')),
  )
  process.once('SIGTERM', () => void app.parallel('exit', 'SIGTERM').then(() => process.exit(0)))
  process.send!('ready')
}

const text = (index: number) => h.text(`reminder ${index}: three tasks of this month are still open`)

const ways: Record<Way, (app: Context, bot: Bot, order: Order) => Promise<unknown>> = {
  async loop(_, bot, { from, messages, groups }) {
    for (let at = from; at < from + messages; at++) await bot.sendMessage(String((at % groups) + 1), text(at))
  },
  async queues(_, bot, { from, messages, groups }) {
    const queues = Array.from({ length: Math.min(groups, LANES) }, async (_, queue) => {
      for (let at = from + queue; at < from + messages; at += Math.min(groups, LANES)) {
        await bot.sendMessage(String((at % groups) + 1), text(at))
      }
    })
    await Promise.all(queues)
  },
  outbox(app, bot, { from, messages, groups, due }) {
    const rows = Array.from({ length: messages }, (_, index) => {
      const target = {
        platform: 'onebot',
        selfId: bot.selfId,
        channelId: String(((from + index) % groups) + 1),
      }
      const when = due === undefined ? {} : { notBefore: due, expiresAt: due + 86_400_000 }
      return { key: `message ${from + index}`, target, kind: 'nudge', content: text(from + index), ...when }
    })
    return app.outbox.enqueue(rows)
  },
}

main(JSON.parse(process.argv[2]!) as Drainer).catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
