import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as reminders from 'koishi-plugin-space-reminders'
import { anotherReminders, crowd, startApp } from './app'
import type { TestApp } from './app'

const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)
const MONDAY = '2022-05-16'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: at(`${MONDAY} 08:00`) })
})
afterEach(() => vi.useRealTimers())

interface Stored {
  id: string
  channel: string
  content: string
  notBefore: number
  expiresAt: number
}

const letters = (test: TestApp) =>
  test.app.bulk.rows<Stored>(`SELECT * FROM space_message WHERE kind = 'nudge' ORDER BY id`)

/** The minute's look, as the clock makes it. */
async function look(test: TestApp, when: string): Promise<number> {
  vi.setSystemTime(at(when))
  const fork = test.app.plugin(reminders, reminders.Config({} as reminders.Config))
  await test.app.lifecycle.flush()
  await settled(test)
  fork.dispose()
  return (await letters(test)).length
}

/** Until the planning that may be under way is over. */
async function settled(test: TestApp): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 150))
  let before = -1
  await expect
    .poll(
      async () => {
        const last = before
        before = (await letters(test)).length
        return before - last
      },
      { interval: 150, timeout: 20_000 },
    )
    .toBe(0)
}

async function start(options: Parameters<typeof startApp>[0] = {}): Promise<TestApp> {
  const test = await startApp({ parts: [], ...options })
  await test.bind('zhang', '10001')
  await test.bind('li', '10002')
  return test
}

describe('the clock', () => {
  let test: TestApp
  afterEach(() => test.stop())

  it('says nothing before it is due, everything once, and nothing twice', async () => {
    test = await start()
    expect(await look(test, `${MONDAY} 08:29`)).toBe(0)
    expect(await look(test, `${MONDAY} 08:30`)).toBe(2)
    expect(await look(test, `${MONDAY} 08:30`)).toBe(2)
    expect(await look(test, `${MONDAY} 12:00`)).toBe(2)
    expect((await letters(test)).map(({ id }) => id)).toEqual([
      'nudge/week/xinzhou-2022/2022-05-16/member:10001',
      'nudge/week/xinzhou-2022/2022-05-16/member:10002',
    ])
  })

  it('makes up for a morning on which nobody ran, but not for a day', async () => {
    test = await start()
    expect(await look(test, `${MONDAY} 15:12`)).toBe(2)
    const [letter] = await letters(test)
    expect(new Date(letter!.expiresAt)).toEqual(at(`${MONDAY} 20:00`))
  })

  it('says nothing in the quiet hours, and a Monday nudge not on Thursday', async () => {
    test = await start()
    expect(await look(test, `${MONDAY} 20:00`)).toBe(0)
    expect(await look(test, '2022-05-19 08:30')).toBe(0)
    expect(await look(test, '2022-05-23 08:30')).toBe(2)
  })

  it('a clock that goes back says nothing again', async () => {
    test = await start()
    expect(await look(test, `${MONDAY} 08:31`)).toBe(2)
    expect(await look(test, `${MONDAY} 08:29`)).toBe(2)
    expect(await look(test, '2022-05-15 08:30')).toBe(2)
    expect(await look(test, `${MONDAY} 08:30`)).toBe(2)
  })

  it('somebody bound later in the day is not made up for, since the week has been said', async () => {
    test = await start()
    expect(await look(test, `${MONDAY} 08:31`)).toBe(2)
    await test.bind('wang', '10003')
    expect(await look(test, `${MONDAY} 09:31`)).toBe(2)
  })

  it('phases are told to those concerned, at the start and near the end', async () => {
    test = await start()
    const office = { platform: 'chat', selfId: 'bot', userId: 'office' }
    await test.app.access.grants.give(office, { kind: 'town', label: '城关', town: '城关镇' })
    const keys = async (when: string) => {
      await look(test, when)
      return (await letters(test)).flatMap(({ id }) => (id.startsWith('nudge/phase') ? id.slice(25) : []))
    }
    expect(await keys('2022-05-21 08:30')).toEqual([
      '报名推荐/start/member:10001',
      '报名推荐/start/office:chat:chat:bot:private:office',
    ])
    expect(await keys('2022-05-23 08:30')).toHaveLength(2)
    expect(await keys('2022-05-24 08:30')).toHaveLength(4)
    expect((await keys('2022-05-31 08:30')).filter((id) => id.includes('/0/'))).toHaveLength(2)
  })

  it('ticks by the minute, once among several that tick', async () => {
    test = await start()
    vi.useRealTimers()
    vi.useFakeTimers({
      toFake: ['Date', 'setTimeout', 'clearTimeout'],
      now: at(`${MONDAY} 08:29`),
      shouldAdvanceTime: true,
    })
    const config = reminders.Config({} as reminders.Config)
    const forks = [1, 2].map(() => test.app.plugin(anotherReminders(), config))
    await test.app.lifecycle.flush()
    await vi.advanceTimersByTimeAsync(50_000)
    expect(await letters(test)).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(12_000)
    await expect.poll(async () => (await letters(test)).length).toBe(2)
    const ticks = await test.app.bulk.rows<{ id: string }>(
      "SELECT id FROM space_claim WHERE id LIKE 'tick:%'",
    )
    expect(ticks.length).toBe(1)
    for (const fork of forks) fork.dispose()
  })
})

describe('interruptions', () => {
  const folder = mkdtempSync(join(tmpdir(), 'space-reminders-'))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('a planning that breaks off is taken up again and writes each letter once', async () => {
    const path = join(folder, 'space.db')
    const first = await start({ path })
    await crowd(first.app, 1000)
    const { outbox } = first.app
    const enqueue = outbox.enqueue.bind(outbox)
    let calls = 0
    // The first batch goes through; the second is written and then its transaction fails.
    outbox.enqueue = async (given) => {
      const written = await enqueue(given)
      if (calls++ > 0) throw new Error('gone')
      return written
    }
    vi.setSystemTime(at(`${MONDAY} 08:30`))
    const fork = first.app.plugin(reminders, reminders.Config({} as reminders.Config))
    await first.app.lifecycle.flush()
    await expect.poll(() => calls).toBe(2)
    await new Promise((resolve) => setTimeout(resolve, 100))
    fork.dispose()
    const before = (await letters(first)).length
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(1002)
    await first.stop()

    // Another process: whoever can open the file knows that the first one is dead.
    const second = await startApp({ path, parts: [], fill: false })
    expect(await look(second, `${MONDAY} 08:31`)).toBe(1002)
    expect(await look(second, `${MONDAY} 09:33`)).toBe(1002)
    await second.stop()
  })

  it('while another process plans, nobody else does', async () => {
    const test = await start()
    await look(test, `${MONDAY} 08:00`)
    const now = at(`${MONDAY} 08:30`).getTime()
    await test.app.bulk.insert('space_reminder_run', [
      {
        ...{ occasion: 'week/xinzhou-2022/2022-05-16', state: 'planning' },
        ...{ batches: 0, told: 0, silent: 0, startedAt: now, finishedAt: 0 },
      },
    ])
    const name = 'reminder:week/xinzhou-2022/2022-05-16'
    await test.app.bulk.insert('space_lease', [{ name, owner: 'another', until: now + 60_000 }])
    vi.setSystemTime(new Date(now))
    const fork = test.app.plugin(reminders, reminders.Config({} as reminders.Config))
    await test.app.lifecycle.flush()
    await new Promise((resolve) => setTimeout(resolve, 200))
    fork.dispose()
    expect(await letters(test)).toHaveLength(0)
    expect(await look(test, `${MONDAY} 08:32`)).toBe(2)
    await test.stop()
  })
})
