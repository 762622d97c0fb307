import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startFakeOneBot } from '../platforms/onebot'
import { startFakeQq } from '../platforms/qq'

const require = createRequire(import.meta.url)
const KILLS = Number(process.env.KILLS ?? 6)
// Enough that every kill finds a full outbox.
const LETTERS = Math.max(500, KILLS * 60)
const GROUPS = 50

test(
  `a process killed ${KILLS} times while it sends loses nothing and sends nothing twice`,
  { timeout: 60_000 + KILLS * 10_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'space-outbox-'))
    const groups = Array.from({ length: GROUPS }, (_, index) => `G${index}`)
    const [onebot, qq] = [await startFakeOneBot(), await startFakeQq({ proactive: groups })]
    const job = JSON.stringify({
      ...{ path: join(folder, 'space.db'), onebot: onebot.config, qq: qq.config, qqSelf: qq.selfId },
      ...{ letters: LETTERS, groups: GROUPS },
    })
    const sender = () => {
      const args = [
        '-r',
        require.resolve('tsx/cjs'),
        '-C',
        'development',
        join(import.meta.dirname, 'sender.ts'),
        job,
      ]
      return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    }
    // Some messages hang, half of those arrived: what a kill finds on its way.
    let stalled = 0
    const hang = () =>
      Math.random() < 0.15 ? ({ kind: 'stall', delivered: stalled++ % 2 === 0 } as const) : undefined
    const arrivals = () => onebot.delivered.length + qq.delivered.length
    for (let kill = 0; kill < KILLS; kill++) {
      const child = sender()
      const exited = new Promise((resolve) => child.once('exit', resolve))
      // Something left to send for every later kill.
      const goal = arrivals() + Math.random() * ((LETTERS - arrivals()) / (KILLS - kill + 1))
      while (arrivals() <= goal && child.exitCode === null) await sleep(1)
      onebot.fault = ({ action }) => (action === 'send_group_msg' ? hang() : undefined)
      qq.fault = ({ path }) => (path.endsWith('/messages') ? hang() : undefined)
      await sleep(Math.random() * 30)
      child.kill('SIGKILL')
      await exited
      onebot.fault = qq.fault = () => undefined
    }
    const last = sender()
    let output = ''
    last.stdout.on('data', (data: Buffer) => (output += data.toString()))
    await new Promise((resolve) => last.once('exit', resolve))
    const others = JSON.parse(output) as [string, string][]
    const arrived = [...onebot.delivered, ...qq.delivered].map(({ text }) => text)
    expect(arrived.filter((text, index) => arrived.indexOf(text) !== index)).toEqual([])
    expect(others.filter(([, state]) => state !== 'unknown')).toEqual([])
    const unknown = new Set(others.map(([key]) => `text ${key.slice(1)}`))
    const missing = Array.from({ length: LETTERS }, (_, index) => `text ${index}`).filter(
      (text) => !arrived.includes(text) && !unknown.has(text),
    )
    expect(missing).toEqual([])
    expect(stalled).toBeGreaterThan(0)
    // Each conversation has at most one message on its way at a kill.
    expect(unknown.size).toBeLessThanOrEqual(KILLS * GROUPS * 2)
    await onebot.close()
    await qq.close()
    rmSync(folder, { recursive: true })
  },
)
