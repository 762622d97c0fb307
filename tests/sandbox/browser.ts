import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'

/** The web sandbox in a real browser that reaches nothing but this machine. */
export class Sandbox {
  /** Addresses outside this machine that the pages asked for. */
  readonly strangers: string[] = []

  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
  ) {
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url())
      if (/^(http|ws)/.test(protocol) && hostname !== '127.0.0.1') this.strangers.push(request.url())
    })
  }

  static async open(port: number): Promise<Sandbox> {
    const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
      existsSync,
    )
    if (!executablePath) throw new Error('no chromium found; npm test installs it')
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
    const browser = await chromium.launch({ executablePath, args })
    const page = await browser.newPage({
      viewport: { width: 1000, height: 780 },
      deviceScaleFactor: 1.5,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
    })
    const sandbox = new Sandbox(browser, page)
    await page.goto(`http://127.0.0.1:${port}/sandbox`)
    await sandbox.adder.waitFor()
    return sandbox
  }

  /** Becomes one of the sandbox's people; they are added in the order of the alphabet. */
  async be(person: string): Promise<void> {
    const tab = this.page.locator(`.k-tab-item[title="${person}"]`)
    for (let tries = 0; tries < 26 && !(await tab.count()); tries++) {
      await this.adder.click()
      await this.page.waitForTimeout(50)
    }
    await tab.click()
  }

  async inGroup(): Promise<void> {
    await this.mode('群聊模式').click()
  }

  async inPrivate(): Promise<void> {
    await this.mode('私聊模式').click()
  }

  /** Says something and gives what the bot answers, once it has been silent for a while. */
  async say(text: string): Promise<string> {
    const messages = this.page.locator('.chat-message')
    const before = await messages.count()
    const input = this.page.locator('.card-footer input')
    await input.fill(text)
    await input.press('Enter')
    await messages.nth(before + 1).waitFor({ timeout: 15_000 })
    let count = 0
    while (count !== (await messages.count())) {
      count = await messages.count()
      await this.page.waitForTimeout(700)
    }
    return (await messages.nth(count - 1).innerText()).trim()
  }

  private get adder() {
    return this.page.locator('aside .card-header')
  }

  private mode(name: string) {
    return this.page.locator('.k-horizontal-tab-item', { hasText: name })
  }

  async picture(path: string): Promise<void> {
    await this.page.screenshot({ path })
  }

  async close(): Promise<void> {
    await this.browser.close()
  }
}
