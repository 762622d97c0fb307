import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'

export const widths = { desktop: { width: 1440, height: 900 }, phone: { width: 375, height: 740 } } as const
export type Width = keyof typeof widths

/** Starts the browser of this machine. */
export function startBrowser(): Promise<Browser> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    existsSync,
  )
  if (!executablePath) throw new Error('no chromium found; npm test installs it')
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
  return chromium.launch({ executablePath, args })
}

/** A window of the page, with everything that a person would not see: complaints, and requests to other machines. */
export class Window {
  readonly complaints: string[] = []
  readonly strangers: string[] = []

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on('console', (message) => {
      // Chromium reports each refusal of the server as an error of its own.
      const refused = message.text().startsWith('Failed to load resource')
      if (['error', 'warning'].includes(message.type()) && !refused) this.complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url())
      if (/^(http|ws)/.test(protocol) && hostname !== '127.0.0.1') this.strangers.push(request.url())
    })
  }

  static async open(
    browser: Browser,
    { width = 'desktop', cookie, base }: { width?: Width; cookie?: string; base: string },
  ): Promise<Window> {
    const context = await browser.newContext({
      viewport: widths[width],
      deviceScaleFactor: width === 'phone' ? 2 : 1,
      hasTouch: width === 'phone',
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
    })
    context.setDefaultTimeout(30_000)
    if (cookie) {
      const [name = '', value = ''] = cookie.split('=')
      await context.addCookies([{ name, value, url: base, httpOnly: true, sameSite: 'Strict' }])
    }
    return new Window(context, await context.newPage())
  }

  close(): Promise<void> {
    return this.context.close()
  }
}
