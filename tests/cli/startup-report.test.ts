import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { askControl, serveControl } from '../../plugins/cli/control'
import { startFakeOneBot } from '../platforms/onebot'
import { freePort, space, Space } from './space'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'space-report-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the report of a start', () => {
  it('names scheme, database, addresses, what is lacking, and each connection made or lost', async () => {
    const qq = await startFakeOneBot({ token: 't' })
    const port = await freePort()
    const env = {
      DATA_DIR: join(folder, 'data'),
      PORT: String(port),
      ONEBOT_SELF_ID: qq.selfId,
      ONEBOT_PROTOCOL: 'ws',
      ONEBOT_ENDPOINT: `${qq.endpoint}/?access_token=not-for-the-log`,
      ONEBOT_TOKEN: 't',
    }
    const bot = new Space(['start'], env)
    await bot.said('已就绪，还有 5 件事要做（见上）。')
    await bot.said(`OneBot 已连接（${qq.selfId}）。`)
    const lines = bot.stdout.split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        '方案：武汉市新洲区 2022 年深度应用指数（xinzhou-2022），计分期 2022-01-01 至 2022-12-31',
        `数据库：内置 SQLite，${join(folder, 'data/space.db')}`,
        `网页：http://127.0.0.1:${port}（没有设 PAGE_URL，只能在本机打开）`,
        `平台：OneBot（账号 ${qq.selfId}），由机器人连接 ${qq.endpoint}/`,
      ]),
    )
    expect(bot.stdout).not.toContain('not-for-the-log')
    const well = await space(['doctor'], env)
    expect(well.stderr).toBe('')
    expect(well.code).toBe(0)
    expect(well.stdout).toContain('OneBot：1 个连接，1 个正常')
    expect(well.stdout).toContain('还缺名册')
    await qq.close()
    await bot.said(`OneBot 的连接断了（${qq.selfId}），会自动重连。`)
    // What monitors are told is kept for moments.
    await vi.waitFor(
      async () => {
        const ill = await space(['doctor'], env)
        expect(ill.code).toBe(1)
        expect(ill.stderr).toMatch(/^OneBot 没有连上：/m)
      },
      { timeout: 30_000, interval: 500 },
    )
    bot.kill()
    expect((await bot.ended).code).toBe(0)
    // An end that was asked for is no lost connection.
    expect(bot.stdout.match(/连接断了/g)).toHaveLength(1)
  })

  it('says where it waits for OneBot', async () => {
    const port = await freePort()
    const bot = new Space(['start'], {
      DATA_DIR: join(folder, 'reverse'),
      PORT: String(port),
      ONEBOT_SELF_ID: '10001',
      ONEBOT_TOKEN: 't',
    })
    await bot.said(`等待 OneBot 连接 ws://127.0.0.1:${port}/onebot`)
    await bot.said('已就绪')
    bot.kill()
    await bot.ended
  })
})

describe('the socket of a running bot', () => {
  it.each(['near', 'far/'.repeat(40)])('answers in %s, to its own account only', async (name) => {
    const place = join(folder, name)
    mkdirSync(place, { recursive: true })
    expect(await askControl(place, 'hello')).toBeUndefined()
    const server = await serveControl(place, {
      hello: () => Promise.resolve('here'),
      fail: () => Promise.reject(new Error('the disk is full')),
    })
    expect(await askControl(place, 'hello')).toEqual({ value: 'here' })
    expect(await serveControl(place, {})).toBeUndefined()
    expect(await askControl(place, 'nothing')).toEqual({ value: null })
    await expect(askControl(place, 'fail')).rejects.toThrow('the disk is full')
    expect(statSync(join(place, 'space.sock')).mode & 0o777).toBe(0o600)
    server?.close()
    expect(await askControl(place, 'hello')).toBeUndefined()
    // A socket that a killed bot left behind is no bot.
    const next = await serveControl(place, { hello: () => Promise.resolve('again') })
    expect(await askControl(place, 'hello')).toEqual({ value: 'again' })
    next?.close()
  })
})
