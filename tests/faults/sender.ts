// A process that puts letters into its outbox, sends what is there and says what became of them; `process.ts` kills it.
import { Context, h, Logger } from 'koishi'
import * as mysql from 'koishi-plugin-space-mysql'
import * as onebot from 'koishi-plugin-space-onebot'
import Outbox from 'koishi-plugin-space-outbox'
import * as qq from 'koishi-plugin-space-qq'
import * as sqlite from 'koishi-plugin-space-sqlite'
import * as wecom from 'koishi-plugin-space-wecom'
import type { Settings } from '../database/mariadb'

export interface Job {
  store: { path: string } | { settings: Settings }
  onebot: Partial<onebot.Config> & { selfId: string }
  qq: Partial<qq.Config>
  qqSelf: string
  wecom: Partial<wecom.Config> & { botId: string }
  letters: number
  groups: number
  leaseMs: number
}

/** What the last process says: every letter that was not sent, and when that was known. */
export type Remainder = { text: string; state: string; settledAt: number }[]

Logger.levels.base = Logger.SILENT
const settings = { tickMs: 50, quotas: false, quietFrom: '00:00', quietTo: '00:00' }

async function main(job: Job): Promise<void> {
  const app = new Context()
  if ('path' in job.store) app.plugin(sqlite, { path: job.store.path })
  else app.plugin(mysql, job.store.settings as never)
  app.plugin(Outbox, { ...new Outbox.Config(), ...settings, leaseMs: job.leaseMs })
  app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...job.onebot })
  app.plugin(qq, { ...qq.Config({} as qq.Config), ...job.qq })
  app.plugin(wecom, { ...wecom.Config({} as wecom.Config), ...job.wecom })
  const stuck = setTimeout(() => {
    process.stderr.write('a sender has no outbox after 30 seconds\n')
    process.exit(1)
  }, 30_000)
  await app.start()
  await new Promise<void>((resolve) => app.inject(['outbox'], () => resolve()))
  await app.model.prepared()
  clearTimeout(stuck)
  const targets = [
    (group: number) => ({ platform: 'onebot', selfId: job.onebot.selfId, channelId: String(group) }),
    (group: number) => ({ platform: 'qq', selfId: job.qqSelf, channelId: `G${group}` }),
    (group: number) => ({ platform: 'wecom', selfId: job.wecom.botId, channelId: `wr${group}` }),
  ]
  const letters = Array.from({ length: job.letters }, (_, index) => {
    const group = index % job.groups
    const text = `text ${index}`
    return { key: text, target: targets[group % 3]!(group), kind: 'test', batch: 'b', content: h.text(text) }
  })
  await persist(() => app.outbox.enqueue(letters))
  await persist(async () => {
    const { pending, leased, deferred } = (await app.outbox.status()).counts
    if (pending + leased + deferred) throw new Error('not yet')
  })
  const receipts = await persist(() => app.outbox.receipts({ batch: 'b' }))
  const rest: Remainder = receipts
    .filter(({ state }) => state !== 'sent')
    .map(({ key, state, settledAt }) => ({ text: key, state, settledAt: Number(settledAt ?? 0) }))
  process.stdout.write(JSON.stringify(rest))
  await app.parallel('exit', 'SIGTERM')
  process.exit(0)
}

/** The database may be away for a while. */
async function persist<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  }
}

void main(JSON.parse(process.argv[2]!) as Job)
