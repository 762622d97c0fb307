// A process that sends what is in its outbox; started by kill.test.ts, which kills it.
import { Context, h, Logger } from 'koishi'
import * as onebot from 'koishi-plugin-space-onebot'
import Outbox from 'koishi-plugin-space-outbox'
import * as qq from 'koishi-plugin-space-qq'
import * as sqlite from 'koishi-plugin-space-sqlite'

interface Job {
  path: string
  onebot: Partial<onebot.Config> & { selfId: string }
  qq: Partial<qq.Config>
  qqSelf: string
  letters: number
  groups: number
}

const job = JSON.parse(process.argv[2]!) as Job
const noQuiet = { quietFrom: '00:00', quietTo: '00:00' }
Logger.levels.base = Logger.SILENT

async function main(): Promise<void> {
  const app = new Context()
  app.plugin(sqlite, { path: job.path })
  app.plugin(Outbox, { ...new Outbox.Config(), tickMs: 50, leaseMs: 300, quotas: false, ...noQuiet })
  app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...job.onebot })
  app.plugin(qq, { ...qq.Config({} as qq.Config), ...job.qq })
  await app.start()
  await new Promise<void>((resolve) => app.inject(['outbox'], () => resolve()))
  await app.model.prepared()
  const target = (index: number) => {
    const group = String(index % job.groups)
    if (index % 2) return { platform: 'onebot', selfId: job.onebot.selfId, channelId: group }
    return { platform: 'qq', selfId: job.qqSelf, channelId: `G${group}` }
  }
  await app.outbox.enqueue(
    Array.from({ length: job.letters }, (_, index) => ({
      ...{
        key: `k${index}`,
        target: target(index),
        kind: 'test',
        batch: 'b',
        content: h.text(`text ${index}`),
      },
    })),
  )
  for (;;) {
    const { pending, leased, deferred } = (await app.outbox.status()).counts
    if (pending + leased + deferred === 0) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const receipts = await app.outbox.receipts({ batch: 'b' })
  const others = receipts.filter(({ state }) => state !== 'sent').map(({ key, state }) => [key, state])
  process.stdout.write(JSON.stringify(others))
  await app.parallel('exit', 'SIGTERM')
  process.exit(0)
}

void main()
