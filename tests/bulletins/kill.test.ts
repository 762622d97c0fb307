import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it, vi } from 'vitest'
import { launchMariaDB } from '../database/mariadb'
import { eventually, files } from '../journeys/house'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import type { BureauJob } from './bureau'
import { groups, schoolTable } from './house'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 600_000 })

const root = resolve(import.meta.dirname, '../..')
const tsx = createRequire(import.meta.url).resolve('tsx/cjs')
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** The bot of a bureau that is killed again and again; its database and its files stay. */
class Bureau {
  private child: ChildProcess | undefined
  private starts = 0

  constructor(
    private readonly fake: FakeOneBot,
    private readonly job: BureauJob,
  ) {}

  async start(now: string): Promise<void> {
    const isFirst = this.starts === 0
    const job = { ...this.job, now: `${now}+08:00`, files: isFirst ? this.job.files : [] }
    const args = ['-C', 'development', '-r', tsx, 'tests/bulletins/bureau.ts', JSON.stringify(job)]
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    this.child = child
    const ended = once(child, 'exit').then(() => {
      throw new Error('the bureau ended at its start')
    })
    ended.catch(() => undefined)
    await Promise.race([once(child.stdout, 'data'), ended])
    await Promise.race([this.fake.online(++this.starts), ended])
  }

  /** SIGKILL: nothing is finished, nothing is told. */
  async kill(): Promise<void> {
    const child = this.child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  async say(text: string, user = '5001'): Promise<string> {
    return (await this.fake.whisper(user, text, { wait: 60_000, quiet: 500 })).join('\n')
  }
}

const arrivedIn = (fake: FakeOneBot, group: string) =>
  fake.delivered.filter((one) => one.group === group && one.text.includes('参加排名'))

/** Draft to receipts with a kill behind every step, and one in the middle of the sending. */
async function story(store: BureauJob['store']): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'space-bulletin-'))
  const fake = await startFakeOneBot()
  const bureau = new Bureau(fake, {
    ...{
      store,
      onebot: { ...fake.config, selfId: fake.selfId },
      now: '',
      folder,
      staff: ['5001', '5002'],
      groups,
    },
    files: [
      ['roster.csv', base64(files.roster)],
      ['schools.csv', base64(schoolTable)],
      ['records.csv', base64(files.records)],
    ],
  })
  const steps: [at: string, text: string, says: string, by?: string][] = [
    ['2022-05-17T10:00:00', '/通报 起草', '1 号《'],
    ['2022-05-17T10:05:00', '/通报 改 要求 请各校月底前完成。', '请各校月底前完成。'],
    ['2022-05-17T10:10:00', '/通报 提交 1', '已提交'],
    ['2022-05-17T10:15:00', '/通报 批准 1', '已批准', '5002'],
    ['2022-05-17T10:20:00', '/通报 定时 1 今天 11:00', '定于 2022-05-17 11:00 发布'],
  ]
  try {
    for (const [at, text, says, by] of steps) {
      await bureau.start(at)
      expect(await bureau.say(text, by)).toContain(says)
      await bureau.kill()
    }
    expect(fake.delivered.some(({ group }) => group)).toBe(false)
    // It comes due while nobody runs, and the first group's message is on its way when the bot dies again.
    let killed: Promise<void> | undefined
    fake.fault = ({ action, params }) => {
      if (action.startsWith('send') && groups.includes(String(params['group_id']))) killed ??= bureau.kill()
      return undefined
    }
    await bureau.start('2022-05-17T11:01:00')
    await eventually(() => expect(killed).toBeDefined(), 60_000)
    await killed
    await bureau.start('2022-05-17T11:10:00')
    expect(await bureau.say('/通报 1')).toContain('请各校月底前完成。')
    expect(await bureau.say('/通报 发布 1')).toContain('已经发布')
    const counts = () => groups.map((group) => arrivedIn(fake, group).length)
    // Of what was on its way nobody can know: staff are told which groups to look at, and nothing is sent again.
    const progress = await eventually(async () => {
      const text = await bureau.say('/通报 进度 1')
      expect(text).not.toContain('发送中')
      return text
    }, 60_000)
    const of = (state: string) => Number(new RegExp(`${state} (\\d)`).exec(progress)?.[1] ?? 0)
    expect(of('已送达') + of('不确定')).toBe(groups.length)
    expect(of('不确定')).toBeGreaterThan(0)
    const missed = counts().filter((count) => count === 0).length
    expect(counts().filter((count) => count > 1)).toEqual([])
    expect(missed).toBeLessThanOrEqual(of('不确定'))
    if (missed === groups.length) {
      expect(await bureau.say('/通报 重发 1 不确定')).toContain(`重新发送 ${missed} 个群`)
      await eventually(() => expect(counts()).toEqual([1, 1]), 60_000)
    }
    const final = counts()
    await bureau.kill()
    await bureau.start('2022-05-17T12:00:00')
    expect(await bureau.say('/通报')).toContain('1 号《')
    await new Promise((done) => setTimeout(done, 2000))
    expect(counts()).toEqual(final)
  } finally {
    await bureau.kill()
    await fake.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

it('killed behind each step of its life, a bulletin goes out once to each group: SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'space-bulletin-db-'))
  try {
    await story({ path: join(folder, 'space.db') })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('killed behind each step of its life, a bulletin goes out once to each group: MariaDB', async () => {
  const server = await launchMariaDB()
  try {
    await story({ settings: await server.database() })
  } finally {
    await server.stop()
  }
})
