import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePort, Space } from '../cli/space'
import { Sandbox } from './browser'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000 })

const dir = mkdtempSync(join(tmpdir(), 'space-demo-'))
let demo: Space
let sandbox: Sandbox

beforeAll(async () => {
  const port = await freePort()
  demo = new Space(['demo', '--dir', dir], { PORT: String(port) })
  await demo.said('演示数据已就绪（')
  sandbox = await Sandbox.open(port)
})

afterAll(async () => {
  await sandbox?.close()
  demo.kill()
  expect((await demo.ended).code).toBe(0)
  rmSync(dir, { recursive: true, force: true })
})

describe('the demo in a browser', () => {
  it('tells Alice, an administrator, the place of her school, after saying who is who', async () => {
    await sandbox.be('Alice')
    const answer = await sandbox.say('/排名 本校')
    expect(answer).toMatch(/第 ?\d+/)
    expect(await sandbox.page.innerText('main')).toContain('Alice')
  })

  it('answers the same question in the exchange group', async () => {
    await sandbox.inGroup()
    expect(await sandbox.say('/排名 本校')).toMatch(/第 ?\d+/)
    await sandbox.inPrivate()
  })

  it('knows Bob, a teacher, and not Dave, a stranger', async () => {
    await sandbox.be('Bob')
    expect(await sandbox.say('/积分 我')).toMatch(/\d/)
    await sandbox.be('Dave')
    expect(await sandbox.say('/积分 我')).toContain('绑定')
  })

  it('lets Frank, of support, answer what Alice reports, where she reported it', async () => {
    await sandbox.be('Alice')
    const [, number] = /#(\d+)/.exec(await sandbox.say('/反馈 学生登录不上平台'))!
    await sandbox.be('Frank')
    await sandbox.say(`/回复 ${number} 请清除缓存后再试`)
    await sandbox.be('Alice')
    const answer = sandbox.page.locator('.chat-message', { hasText: '请清除缓存后再试' })
    await answer.first().waitFor({ timeout: 60_000 })
    expect(await answer.first().innerText()).toContain(`#${number}`)
  })

  it('asked nothing of any other machine', () => {
    expect(sandbox.strangers).toEqual([])
  })

  it('has started without a warning', () => {
    expect(demo.stdout.match(/\[[EW]\].*/g) ?? []).toEqual([])
  })
})
