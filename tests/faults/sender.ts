// A process that puts messages into its outbox, sends what is there and says what became of them; `process.ts` kills it.
import { createInterface } from 'node:readline'
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
  messages: number
  groups: number
  leaseMs: number
}

/** What the last process says: every message that was not sent, when that was known and who had it on its way. */
export type Remainder = { text: string; state: string; settledAt: number; owner: string; detail?: string }[]

const QQ_APART_MS = 400

/** The clock of this process, as whoever sets a clock would set it: times that are measured otherwise go on. */
class SetClock extends Date {
  static ahead = 0

  constructor(...given: [] | [number | string | Date]) {
    if (given.length) super(given[0])
    else super(SetClock.now())
  }
}

/** Orders from outside, one a line: `clock 3600000` sets it ahead, `cancel KEY` takes a message back. */
function obey(app: Context): void {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [order, ...rest] = line.split(' ')
    if (order === 'clock') SetClock.ahead += Number(rest[0])
    if (order !== 'cancel') return
    const key = rest.join(' ')
    void persist(() => app.outbox.cancel({ key })).then((count) => {
      process.stdout.write(`cancelled ${count} ${key}\n`)
    })
  })
}

Logger.levels.base = Logger.SILENT
const settings = { tickMs: 50, quotas: false, calmMs: 20, quietFrom: '00:00', quietTo: '00:00' }

async function main(job: Job): Promise<void> {
  const app = new Context()
  if ('path' in job.store) app.plugin(sqlite, { path: job.store.path })
  else app.plugin(mysql, job.store.settings as never)
  app.plugin(Outbox, { ...new Outbox.Config(), ...settings, leaseMs: job.leaseMs })
  app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...job.onebot })
  app.plugin(qq, { ...qq.Config({} as qq.Config), ...job.qq })
  app.plugin(wecom, { ...wecom.Config({} as wecom.Config), ...job.wecom, leadMs: job.leaseMs })
  const stuck = setTimeout(() => {
    process.stderr.write('a sender has no outbox after 30 seconds\n')
    process.exit(1)
  }, 30_000)
  await app.start()
  await new Promise<void>((resolve) => app.inject(['outbox'], () => resolve()))
  await app.model.prepared()
  clearTimeout(stuck)
  process.stdout.write(`${app.outbox['owner']}\n`)
  obey(app)
  const targets = [
    (group: number) => ({ platform: 'onebot', selfId: job.onebot.selfId, channelId: String(group) }),
    (group: number) => ({ platform: 'qq', selfId: job.qqSelf, channelId: `G${group}` }),
    (group: number) => ({ platform: 'wecom', selfId: job.wecom.botId, channelId: `wr${group}` }),
    (group: number) => ({ platform: 'wecom-webhook', selfId: `r${group}`, channelId: `r${group}` }),
  ]
  const now = Date.now()
  const messages = Array.from({ length: job.messages }, (_, index) => {
    const group = index % job.groups
    const text = `text ${index}`
    const target = targets[group % targets.length]!(group)
    // Together they would be answers in one message or two.
    const notBefore = target.platform === 'qq' ? now + Math.floor(index / job.groups) * QQ_APART_MS : now
    return {
      key: text,
      target,
      kind: 'test',
      batch: 'b',
      content: h.text(text),
      notBefore,
    }
  })
  await persist(() => app.outbox.enqueue(messages))
  await persist(async () => {
    const { pending, leased, parked } = (await app.outbox.status()).counts
    if (pending + leased + parked) throw new Error('not yet')
  })
  const sql = `SELECT id AS text, state, settledAt, owner, detail FROM space_message WHERE state <> 'sent'`
  const rest = await persist(() => app.bulk.rows<Remainder[number]>(sql))
  process.stdout.write(`rest ${JSON.stringify(rest)}\n`)
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

const realDate = Date
SetClock.now = () => realDate.now() + SetClock.ahead
globalThis.Date = SetClock as never
void main(JSON.parse(process.argv[2]!) as Job)
