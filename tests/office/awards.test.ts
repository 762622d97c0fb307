import type { Browser, Page } from 'playwright-core'
import { operator } from '@space-assistant/core/access/viewer'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startOffice } from './app'
import type { Actor, OfficeApp } from './app'
import { startBrowser, Window } from './browser'
import type { Width } from './browser'
import { buildPage } from './built'

// A real browser, on machines that may have other things to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 240_000 })

const award = '优秀教师空间'
const bureau = { viewer: operator, name: 'test', chat: undefined }
let office: OfficeApp
let browser: Browser

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-24T01:00:00Z') })
  buildPage()
  office = await startOffice()
  browser = await startBrowser()
})

afterAll(async () => {
  await browser?.close()
  await office.stop()
  vi.useRealTimers()
})

/** What one person does in a window of their own. */
async function as(
  actor: Actor,
  screen: string,
  act: (page: Page) => Promise<void>,
  width: Width = 'desktop',
) {
  const client = await office.as(actor)
  const window = await Window.open(browser, { width, base: office.base, cookie: client.cookie })
  await window.page.goto(`${office.base}/#/${screen}`)
  await act(window.page)
  expect(window.complaints).toEqual([])
  expect(window.strangers).toEqual([])
  await window.close()
}

async function goTo(page: Page, state: string): Promise<void> {
  await page.getByRole('button', { name: `进入${state}` }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `进入${state}` })
    .click()
  await page.locator('.steps .now').getByText(state, { exact: true }).waitFor()
}

/** Judges who are no members of a school give their sheets over the chat's own way. */
async function judgeInChat(name: string, points: readonly number[]): Promise<void> {
  const chat = { platform: 'mock', selfId: '514', userId: name }
  const viewer = await office.app.access.viewer({ ...chat, isDirect: true })
  const actor = { viewer, name, chat }
  const sheets = await office.app.awards.judging.ownSheets(actor)
  if (!sheets.ok) throw new Error(sheets.code)
  for (const { row } of sheets.value) {
    const done = await office.app.awards.judging.change(actor, row, { act: 'submit', seen: row.edit, points })
    expect(done.ok).toBe(true)
  }
}

it('leads from a nomination over the sheets to the certificate', async () => {
  await as('staff', 'awards', (page) => goTo(page, '推荐'))

  await as('town', 'nominations', async (page) => {
    await page.getByLabel('奖项').selectOption(award)
    await page.getByLabel('找人或学校').fill('李四')
    await page.getByLabel('找人或学校').blur()
    await page.getByRole('radio', { name: /李四/ }).check()
    await page.getByLabel('推荐理由').fill('资源更新快')
    await page.getByRole('button', { name: '存为草稿' }).click()
    const row = page.getByRole('row', { name: /李四/ })
    await row.getByText('草稿').waitFor()
    await row.getByRole('button', { name: '提交' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '提交' }).click()
    await row.getByText('已提交').waitFor()
  })
  // Somebody of another town finds nobody to nominate there.
  await as('administrator', 'nominations', async (page) => {
    await page.getByLabel('找人或学校').fill('孙八')
    await page.getByLabel('找人或学校').blur()
    await page.getByText('没有找到可以推荐的').waitFor()
  })

  await as('staff', 'awards', (page) => goTo(page, '审核'))
  await as('staff', 'nominations', async (page) => {
    const row = page.getByRole('row', { name: /李四/ })
    await row.getByRole('button', { name: '通过' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '通过' }).click()
    await row.getByText('已通过').waitFor()
  })
  vi.setSystemTime(new Date('2022-06-02T01:00:00Z'))
  await as('staff', 'awards', (page) => goTo(page, '评审'))
  await as('staff', 'judging', async (page) => {
    for (const name of ['judge', '评委乙', '评委丙']) {
      // The judge of the browser has a grant of that name already.
      const chat = { platform: 'mock', selfId: '514', userId: name }
      if (name !== 'judge') await office.app.access.grants.give(chat, { kind: 'judge', label: name })
      await page.getByRole('textbox', { name: '姓名' }).fill(name)
      await page.getByLabel(/^单位/).fill('某某教研室')
      await page.getByRole('button', { name: '录入评委' }).click()
      await page.getByRole('row', { name: new RegExp(name) }).waitFor()
    }
    await page.getByRole('button', { name: '看分配结果' }).click()
    await page.getByText('评委乙：1 份').waitFor()
    await page.getByRole('button', { name: '分配', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: '分配' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  await as(
    'judge',
    'judging',
    async (page) => {
      const fields = page.getByRole('spinbutton')
      for (const [at, points] of ['9', '45', '18', '19'].entries()) await fields.nth(at).fill(points)
      await page.getByText('已保存').waitFor()
      // What was saved by itself is there again.
      await page.reload()
      expect(await fields.nth(1).inputValue()).toBe('45')
      await fields.nth(0).fill('11')
      await page.getByRole('button', { name: '提交这一份' }).click()
      await page.getByRole('alert').getByText('布局设计').waitFor()
      await fields.nth(0).fill('9')
      await page.getByRole('button', { name: '提交这一份' }).click()
      await page.getByText('已提交 1 / 1').waitFor()
    },
    'phone',
  )
  await judgeInChat('评委乙', [8, 44, 17, 18])
  await judgeInChat('评委丙', [9, 46, 16, 17])

  // Nobody but staff learns how it stands.
  await as('teacher', 'awards', (page) => page.getByText('评审中，结果公示后会告诉大家').waitFor())
  vi.setSystemTime(new Date('2022-06-11T01:00:00Z'))
  await as('staff', 'awards', async (page) => {
    await goTo(page, '计票')
    await page.getByRole('combobox', { name: /^奖项/ }).selectOption(award)
    await page.getByRole('row', { name: /李四/ }).getByText('专家评分').waitFor()
  })
  const open = await office.app.awards.rounds.results(bureau)
  if (!open.ok) throw new Error(open.code)
  for (const { award, code, selected } of open.value.filter((row) => row.selected === 2)) {
    expect(selected).toBe(2)
    const done = await office.app.awards.rounds.decide(bureau, { award, code, yes: false, reason: '并列' })
    expect(done.ok).toBe(true)
  }
  await as('staff', 'awards', (page) => goTo(page, '公示'))

  await as('teacher', 'awards', async (page) => {
    await page.getByText(award).first().waitFor()
    await page.getByLabel('真实姓名或单位').fill('钱某')
    await page.getByLabel('联系方式').fill('13800005678')
    await page.getByLabel('内容').fill('材料与实际不符')
    await page.getByRole('button', { name: '提交异议' }).click()
    await page.getByText('已收到，编号 1').waitFor()
  })
  vi.setSystemTime(new Date('2022-06-27T01:00:00Z'))
  await as('staff', 'awards', async (page) => {
    // An objection without an answer holds the decision up.
    await page.getByRole('button', { name: '进入决定' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '进入决定' }).click()
    await page.getByRole('alert').getByText('异议').waitFor()
    await page.getByLabel(/^答复/).fill('经核查，材料属实')
    await page.getByRole('button', { name: '不成立' }).click()
    await page.getByText('经核查，材料属实', { exact: true }).waitFor()
    await goTo(page, '决定')
    await goTo(page, '表彰')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '证书' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/\.pdf$/)
  })
})
