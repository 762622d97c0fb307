import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { fingerprintRows } from '../../plugins/cli/move/tables'
import { launchMariaDB } from '../database/mariadb'
import type { MariaDB } from '../database/mariadb'
import { freePort, space, Space } from './space'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

const folder = mkdtempSync(join(tmpdir(), 'space-move-'))
let server: MariaDB
beforeAll(async () => {
  server = await launchMariaDB()
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function mysqlSettings(): Promise<Record<string, string>> {
  const { host, port, user, password, database } = await server.database()
  return {
    ...{ MYSQL_HOST: host, MYSQL_PORT: String(port), MYSQL_USER: user },
    ...{ MYSQL_PASSWORD: password, MYSQL_DATABASE: database },
  }
}

describe('space move', () => {
  it('brings a year of data over, answers the same, and does not do it twice', async () => {
    const home = join(folder, 'home')
    const env = { DATA_DIR: home, PORT: String(await freePort()) }
    const samples = join(folder, 'samples')
    await space(['demo', '--files', samples])
    const files = readdirSync(samples).filter((name) => !/\.xls$/.test(name))
    const order = (name: string) => (name.includes('名册') ? 0 : name.includes('学校') ? 1 : 2)
    for (const name of files.sort((one, other) => order(one) - order(other))) {
      await space(['import', '--yes', join(samples, name)], env)
    }
    // A bot that has run once has made every table there is.
    const bot = new Space(['start'], env)
    await bot.said('已就绪')
    bot.kill()
    await bot.ended
    const before = [(await space(['history'], env)).stdout, await standings(env)]
    expect(before[0]).toContain('行为明细')
    const target = { ...env, ...(await mysqlSettings()) }
    // Opened once, as by somebody who changes the settings and looks: empty, and said so.
    const forgotten = await space(['doctor'], target)
    expect(forgotten.stdout).toContain('停下机器人，运行 npx space move')
    const unasked = await space(['move'], target)
    expect([unasked.code, unasked.stderr.includes('--yes')]).toEqual([1, true])
    const moved = await space(['move', '--yes'], target)
    expect(moved.stderr).toBe('')
    expect(moved.stdout).toMatch(/已搬完：\d+ 张表，\d+ 行，逐行核对过，一样。/)
    expect([(await space(['history'], target)).stdout, await standings(target)]).toEqual(before)
    expect(existsSync(join(home, 'space.db'))).toBe(false)
    const second = { ...target, DATA_DIR: join(folder, 'second') }
    expect((await space(['staff', '张三'], { DATA_DIR: second.DATA_DIR })).code).toBe(0)
    const full = await space(['move', '--yes'], second)
    expect(full.stderr).toMatch(/里已经有内容（.*space_member.*），没有搬，什么也没有改动/)
    expect([full.code, existsSync(join(folder, 'second/space.db'))]).toEqual([1, true])
    const after = await space(['doctor'], target)
    expect(after.stdout).not.toContain('npx space move')
  })

  it('says what is missing', async () => {
    const none = await space(['move'], { DATA_DIR: join(folder, 'none') })
    expect([none.code, none.stderr.includes('没有写 MYSQL_HOST')]).toEqual([1, true])
    const nothing = await space(['move'], { DATA_DIR: join(folder, 'none'), ...(await mysqlSettings()) })
    expect([nothing.code, nothing.stderr.includes('没有什么可搬的')]).toEqual([1, true])
  })
})

async function standings(env: Record<string, string>): Promise<string> {
  const out = join(folder, `${Math.random()}.xlsx`)
  const { stdout, stderr } = await space(['export', '学校排名', '全程', '--out', out], env)
  return `${stdout.replace(out, '')}${stderr}`
}

it('a fingerprint is of the rows, not of their order', () => {
  const one = { id: 1, name: 'a', bytes: new Uint8Array([1, 2]) }
  const two = { id: 2, name: null, bytes: new Uint8Array() }
  expect(fingerprintRows([one, two])).toBe(fingerprintRows([two, { bytes: one.bytes, name: 'a', id: 1 }]))
  expect(fingerprintRows([one])).not.toBe(fingerprintRows([{ ...one, name: 'b' }]))
  expect(fingerprintRows([one])).not.toBe(fingerprintRows([{ ...one, id: '1' }]))
})
