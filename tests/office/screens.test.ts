import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import { cast, startOffice } from './app'
import type { Actor, OfficeApp } from './app'
import { startBrowser, Window, widths } from './browser'
import type { Width } from './browser'
import { buildPage } from './built'

// A real browser, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let office: OfficeApp
let browser: Browser

beforeAll(async () => {
  buildPage()
  office = await startOffice()
  await office.say('101', '/反馈 资源上传失败')
  browser = await startBrowser()
})

afterAll(async () => {
  await browser?.close()
  await office.stop()
})

const actors = Object.keys(cast).filter((actor) => actor !== 'neighbour') as Exclude<Actor, 'stranger'>[]

interface Violation {
  id: string
  nodes: { html: string }[]
}

/** What axe finds on the screen, in words. */
async function violations(window: Window): Promise<string[]> {
  // The page's policy forbids scripts of others; the browser may run one all the same.
  const found = await window.page.evaluate<Violation[]>(`${axe};axe.run(document).then((r) => r.violations)`)
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}

describe.each(Object.keys(widths) as Width[])('on a %s', (width) => {
  it.each(actors)('every screen of %s opens, is accessible and asks nobody else', async (actor) => {
    const client = await office.as(actor)
    const { screens } = await client.ask<OfficeAnswer<'me'>>('me')
    const window = await Window.open(browser, { width, base: office.base, cookie: client.cookie })
    await window.page.goto(office.base)
    for (const screen of screens) {
      await window.page.goto(`${office.base}/#/${screen}`)
      await window.page.locator('main h1').waitFor()
      await window.page.locator('.waiting').first().waitFor({ state: 'detached' })
      expect(await violations(window), `${screen} of ${actor}`).toEqual([])
      expect(await window.page.locator('[role=alert]:visible').allInnerTexts(), screen).toEqual([])
      const wide = await window.page.evaluate<number>('document.documentElement.scrollWidth')
      expect(wide, `${screen} is wider than the ${width}`).toBeLessThanOrEqual(widths[width].width)
    }
    expect(window.complaints).toEqual([])
    expect(window.strangers).toEqual([])
    await window.close()
  })

  it('the door opens with the code of the chat, and only with that', async () => {
    const window = await Window.open(browser, { width, base: office.base })
    await window.page.goto(office.base)
    const code = window.page.getByRole('textbox', { name: '登录码' })
    await code.fill('AAAA-BBBB')
    await window.page.getByRole('button', { name: '登录' }).click()
    await window.page.getByRole('alert').getByText('登录码不对').waitFor()
    expect(await violations(window)).toEqual([])
    const [, right] = /([A-Z]{4}-[A-Z]{4})/.exec(await office.say('101', '/网页'))!
    await code.fill(right!.toLowerCase())
    await window.page.getByRole('button', { name: '登录' }).click()
    await window.page.getByRole('heading', { name: '排名', exact: true }).waitFor()
    expect(window.complaints).toEqual([])
    await window.close()
  })
})

describe('a session that ends in the middle of a form', () => {
  it('loses nothing of what was typed', async () => {
    const client = await office.as('teacher')
    const window = await Window.open(browser, { base: office.base, cookie: client.cookie })
    await window.page.goto(`${office.base}/#/tickets`)
    const text = window.page.getByRole('textbox', { name: /遇到的问题/ })
    await text.fill('上传到一半就断了')
    await office.app.office.endAll({ platform: 'mock', selfId: '514', userId: cast.teacher.userId })
    await window.page.getByRole('button', { name: '提交' }).click()
    await window.page.getByRole('dialog').getByText('登录已失效').waitFor()
    const [, code] = /([A-Z]{4}-[A-Z]{4})/.exec(await office.say('101', '/网页'))!
    await window.page.getByRole('dialog').getByRole('textbox').fill(code!)
    await window.page.getByRole('dialog').getByRole('button').click()
    await window.page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await text.inputValue()).toBe('上传到一半就断了')
    await window.page.getByRole('button', { name: '提交' }).click()
    await window.page
      .getByRole('status')
      .getByText(/已收到，编号 #\d+/)
      .waitFor()
    await window.close()
  })
})

describe('an import with the mouse', () => {
  it('is previewed, confirmed once however often it is clicked, seen in the ranking and undone', async () => {
    const client = await office.as('staff')
    const window = await Window.open(browser, { base: office.base, cookie: client.cookie })
    const { page } = window
    await page.goto(`${office.base}/#/imports`)
    const buffer = Buffer.from('账号,指标,时间,次数\n30001,教学成果,2022-05-10,1\n')
    await page.locator('input[type=file]').setInputFiles({ name: '补充.csv', mimeType: 'text/csv', buffer })
    await page.getByText('可用 1 行，不能用 0 行').waitFor()
    await page.getByRole('button', { name: '确认导入' }).dblclick()
    await page.getByText(/已导入，编号 \d+/).waitFor()
    await page.goto(`${office.base}/#/ranking`)
    await page
      .getByRole('row', { name: /新堤中学/ })
      .getByText('10', { exact: true })
      .waitFor()
    await page.goto(`${office.base}/#/imports`)
    await page.getByRole('button', { name: '撤销' }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: '撤销' }).click()
    await page.getByText('已撤销').waitFor()
    expect(await page.getByRole('row', { name: /补充\.csv/ }).count()).toBe(1)
    await page.goto(`${office.base}/#/ranking`)
    await page
      .getByRole('row', { name: /新堤中学/ })
      .getByText('5', { exact: true })
      .waitFor()
    expect(window.complaints).toEqual([])
    await window.close()
  })
})
