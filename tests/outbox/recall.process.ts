// Sends a batch and takes it back, or goes on where the process before it died; the test kills it in between.
import { writeSync } from 'node:fs'
import { Context, h, Logger } from 'koishi'
import * as onebot from 'koishi-plugin-space-onebot'
import Outbox from 'koishi-plugin-space-outbox'
import * as qq from 'koishi-plugin-space-qq'
import * as sqlite from 'koishi-plugin-space-sqlite'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'

export interface Job {
  path: string
  qq: Partial<qq.Config>
  onebot: Partial<onebot.Config>
  targets: ChannelRef[]
  /** The batch is taken back, unless that has been asked before. */
  recall: boolean
}

/** What it says of itself: how much had been asked to be taken back before, and how all of it stands in the end. */
export interface Words {
  found: number
  end?: Record<string, string>
}

Logger.levels.base = Logger.SILENT
const batch = 'b'
const settings = { tickMs: 30, leaseMs: 300, quotas: false, quietFrom: '00:00', quietTo: '00:00' }
const say = (words: Partial<Words>) => writeSync(1, `${JSON.stringify(words)}\n`)

async function main(job: Job): Promise<void> {
  const app = new Context()
  app.plugin(sqlite, { path: job.path })
  app.plugin(Outbox, { ...new Outbox.Config(), ...settings })
  app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...job.onebot })
  app.plugin(qq, { ...qq.Config({} as qq.Config), ...job.qq })
  await app.start()
  await new Promise<void>((done) => app.inject(['outbox'], () => done()))
  await app.model.prepared()
  const asked = await app.database.get('space_recall', { batch }, ['id'])
  say({ found: asked.length })
  if (!job.recall) {
    const messages = job.targets.map((target, at) => {
      return { key: `message ${at}`, target, kind: 'test', batch, content: h.text(`text ${at}`) }
    })
    await app.outbox.enqueue(messages)
  } else if (!asked.length) {
    await app.outbox.recall({ batch })
  }
  const ended = new Set(job.recall ? ['done', 'unknown', 'refused', 'partly', 'late'] : ['sent'])
  for (;;) {
    const receipts = await app.outbox.receipts({ batch })
    const end = receipts.map(({ key, state, recall }) => [key, job.recall ? recall : state] as const)
    if (end.length && end.every(([, state]) => ended.has(state))) {
      say({ end: Object.fromEntries(end) })
      process.exit()
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

main(JSON.parse(process.argv[2]!) as Job).catch((error: unknown) => {
  writeSync(2, String(error))
  process.exit(1)
})
