import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePort, Space } from '../cli/space'
import { startBrowser, Window } from './browser'
import { buildPage } from './built'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

const dir = mkdtempSync(join(tmpdir(), 'space-demo-'))
let demo: Space
let browser: Browser
let window: Window
let address: string

beforeAll(async () => {
  buildPage()
  const port = await freePort()
  demo = new Space(['demo', '--dir', dir], { PORT: String(port) })
  await demo.said('#/demo/')
  address = /http:\/\/127\.0\.0\.1:\d+\/#\/demo\/[\w-]+/.exec(demo.stdout)![0]
  browser = await startBrowser()
  window = await Window.open(browser, { base: new URL(address).origin })
  await window.page.goto(address)
})

afterAll(async () => {
  await browser?.close()
  demo.kill()
  expect((await demo.ended).code).toBe(0)
  rmSync(dir, { recursive: true, force: true })
})

const chat = () => window.page.getByRole('log', { name: '聊天记录' })

/** Becomes another person, and waits until the page is that person's. */
async function be(person: string, seen = window.page.locator('.who', { hasText: person })): Promise<void> {
  await window.page.getByRole('group', { name: '换一个人' }).getByRole('button', { name: person }).click()
  await seen.waitFor()
}

async function open(screen: string): Promise<void> {
  await window.page
    .getByRole('navigation', { name: '菜单' })
    .getByRole('link', { name: screen, exact: true })
    .click()
}

/** Says something in the room that is open, and waits for an answer that fits. */
async function say(text: string, answer: RegExp): Promise<string> {
  await window.page.getByRole('textbox', { name: '说点什么' }).fill(text)
  await window.page.getByRole('button', { name: '发送' }).click()
  const line = chat().locator('.line.bot', { hasText: answer }).last()
  await line.waitFor({ timeout: 60_000 })
  return line.innerText()
}

describe('the demo in a browser', () => {
  it('opens as an administrator, with the page and the chat beside it', async () => {
    await window.page.getByRole('heading', { name: '排名', exact: true }).waitFor()
    expect(window.page.url()).not.toContain('/demo/')
    const answer = await say('/排名 本校', /第 \d+ 名/)
    const [, school, score] = /(\S+) 本期 ([\d.]+) 分/.exec(answer)!
    await open('学校')
    await window.page.getByRole('heading', { name: school! }).waitFor()
    // The same figure, asked in the chat and read on the page.
    await window.page.locator('dd', { hasText: score! }).first().waitFor()
  })

  it('lets a teacher see the own points, and nobody else', async () => {
    await be('教师', window.page.locator('.who .name', { hasText: '教师', hasNotText: '管理员' }))
    await open('我的')
    await window.page.getByRole('heading', { name: '每一分的来由' }).waitFor()
    expect(await say('/积分 我', /分/)).toMatch(/\d/)
  })

  it('shows a stranger the chat only', async () => {
    await be('陌生人', window.page.getByText('还没有绑定的人看不到网页'))
    expect(await say('/积分 我', /绑定/)).toContain('绑定')
  })

  it('takes a report from the administrator to support and the answer back', async () => {
    await be('管理员')
    const [, number] = /#(\d+)/.exec(await say('/反馈 学生登录不上平台', /#\d+/))!
    await be('平台人员', window.page.locator('.who', { hasText: '平台工作人员' }))
    await say(`/回复 ${number} 请清除缓存后再试`, /送达|排队/)
    await be('管理员')
    await chat().locator('.line.bot', { hasText: '请清除缓存后再试' }).first().waitFor({ timeout: 60_000 })
  })

  it('is for nobody who does not have the address', async () => {
    const other = await Window.open(browser, { base: new URL(address).origin })
    await other.page.goto(`${new URL(address).origin}/#/demo/guessed`)
    await other.page.getByText('演示的地址不对').waitFor()
    await other.close()
    const body = JSON.stringify({ key: 'guessed', person: 'staff' })
    const { origin } = new URL(address)
    const headers = { 'content-type': 'application/json', 'x-space-page': '1' }
    const guessed = await fetch(`${origin}/api/demo-be`, {
      method: 'POST',
      body,
      headers: { ...headers, origin },
    })
    expect([guessed.status, guessed.headers.get('set-cookie')]).toEqual([404, null])
    const foreign = await fetch(`${origin}/api/demo-be`, {
      method: 'POST',
      body,
      headers: { ...headers, origin: 'http://evil.example' },
    })
    expect(foreign.status).toBe(403)
  })

  it('asked nothing of any other machine, and nothing complained', () => {
    expect(window.strangers).toEqual([])
    expect(window.complaints).toEqual([])
    expect(demo.stdout.match(/\[[EW]\].*/g) ?? []).toEqual([])
  })
})
