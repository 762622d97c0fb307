import type { Browser, Page } from 'playwright-core'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startOffice } from './app'
import type { OfficeApp } from './app'
import { startBrowser, Window } from './browser'
import { buildPage } from './built'

// A real browser, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

let office: OfficeApp
let browser: Browser

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-18T01:00:00Z'), shouldAdvanceTime: true })
  buildPage()
  office = await startOffice()
  browser = await startBrowser()
})

afterAll(async () => {
  await browser?.close()
  await office.stop()
  vi.useRealTimers()
})

async function asStaff(screen: string, act: (page: Page) => Promise<void>): Promise<void> {
  const { cookie } = await office.as('staff')
  const window = await Window.open(browser, { base: office.base, cookie })
  await window.page.goto(`${office.base}/#/${screen}`)
  await act(window.page)
  expect(window.complaints).toEqual([])
  expect(window.strangers).toEqual([])
  await window.close()
}

it('an announcement is previewed, sent once however often it is clicked, and followed', async () => {
  await asStaff('announcements', async (page) => {
    await page.getByLabel('内容').fill('<重要> 明天 3 点培训，请准时参加。')
    await page.getByRole('button', { name: '看预览' }).click()
    await page.getByText('将发给 1 个群').waitFor()
    await page.locator('.bubble').getByText('<重要> 明天 3 点培训').waitFor()
    // What was changed after the preview is not what would go out.
    await page.getByLabel('内容').fill('<重要> 后天 3 点培训，请准时参加。')
    expect(await page.getByRole('button', { name: '确认发出' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: '看预览' }).click()
    await page.locator('.bubble').getByText('后天 3 点').waitFor()
    await page.getByRole('button', { name: '确认发出' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '确认发出' }).dblclick()
    await page.getByText('已确认，发送情况见下面').waitFor()
    // This platform does not say what became of a message: staff look and say so.
    await page
      .getByRole('row', { name: /交流群/ })
      .getByText('不确定', { exact: true })
      .waitFor()
    await page.getByRole('button', { name: '不确定的都已到' }).click()
    await page.getByRole('dialog').getByText('交流群').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: '不确定的都已到' }).click()
    await page.getByText('已送达 1/1').waitFor()
    // Back and forth sends nothing again.
    await page.goBack()
    await page.goForward()
    await page.getByText('已送达 1/1').waitFor()
  })
  const staff = await office.as('staff')
  const { rows } = await staff.ask<OfficeAnswer<'announcements'>>('announcements')
  expect(rows.map(({ text, sent, failed }) => ({ text, sent, failed }))).toEqual([
    { text: '<重要> 后天 3 点培训，请准时参加。', sent: 1, failed: 0 },
  ])
})

it('a bulletin is written beside its facts; of two who change it one is told so', async () => {
  await asStaff('bulletins', async (page) => {
    await page.getByRole('button', { name: '按数据起草' }).click()
    await page.getByText('可用的数字').waitFor()
    await page.getByRole('img').waitFor()
    await page.getByRole('button', { name: '修改 总体情况' }).click()
    const text = page.getByRole('textbox', { name: '总体情况' })
    await text.fill('全区应用情况良好。')
    // Meanwhile a colleague gives it another title.
    const colleague = await office.as('staff')
    const [line] = (await colleague.ask<OfficeAnswer<'bulletins'>>('bulletins')).rows
    const { id, edits } = await colleague.ask<OfficeAnswer<'bulletin'>>('bulletin', { id: line?.id })
    await colleague.ask('bulletin-set', { id, edits, title: '第一期通报' })
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByRole('alert').waitFor()
    // Nothing typed is lost, and the second attempt is made on what there is now.
    expect(await text.inputValue()).toBe('全区应用情况良好。')
    await page.getByRole('button', { name: '取消' }).click()
    await page.getByRole('heading', { name: '第一期通报' }).waitFor()
    await page.getByRole('button', { name: '修改 总体情况' }).click()
    await text.fill('全区应用情况良好，有 99 所学校。')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('改过').waitFor()
    await page.getByText('这些数字不在数据里，请核对：99').waitFor()
    await page.getByRole('button', { name: '提交' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '提交' }).click()
    await page.getByText('等另一位批准').waitFor()
    // Whoever wrote it does not approve it at once.
    expect(await page.getByRole('button', { name: '批准' }).count()).toBe(0)
  })
})

it('a week of reminders is held and let go on', async () => {
  await asStaff('reminders', async (page) => {
    await page.getByRole('button', { name: '停发这一周' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '停发这一周' }).click()
    await page.getByText('这一周的提醒已停发').waitFor()
    await page.getByRole('button', { name: '恢复这一周' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '恢复这一周' }).click()
    await page.getByRole('button', { name: '停发这一周' }).waitFor()
  })
})
