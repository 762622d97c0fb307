// Takes the pictures of docs/pictures anew: node -r tsx/cjs -C development tests/office/pictures.ts
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DemoPerson } from '@space-assistant/core/office/contract/demo'
import type { Browser, Page } from 'playwright-core'
import { freePort, root, Space } from '../cli/space'
import { startBrowser, Window } from './browser'
import type { Width } from './browser'
import { buildPage } from './built'

const folder = join(root, 'docs/pictures')

/** Who looks at which screen. */
const shots = [
  { name: 'cockpit', person: 'staff', path: '#/cockpit' },
  { name: 'ranking', person: 'administrator', path: '#/ranking' },
  { name: 'school', person: 'administrator', path: '#/school' },
  { name: 'imports', person: 'staff', path: '#/imports' },
  { name: 'tickets', person: 'administrator', path: '#/tickets' },
  { name: 'people', person: 'staff', path: '#/people' },
  { name: 'awards', person: 'staff', path: '#/awards' },
  { name: 'announcements', person: 'staff', path: '#/announcements' },
  { name: 'bulletins', person: 'staff', path: '#/bulletins' },
  { name: 'reminders', person: 'staff', path: '#/reminders' },
  { name: 'zone', person: 'teacher', path: '#/zone' },
  { name: 'mine', person: 'teacher', path: '#/mine' },
] as const

async function take(): Promise<void> {
  buildPage()
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const dir = mkdtempSync(join(tmpdir(), 'space-pictures-'))
  const demo = new Space(['demo', '--dir', dir], { PORT: String(port) })
  const browser = await startBrowser()
  try {
    await demo.said('#/demo/')
    const address = /http:\/\/127\.0\.0\.1:\d+\/#\/demo\/[\w-]+/.exec(demo.stdout)![0]
    await takeDemo(browser, address)
    for (const width of ['desktop', 'phone'] as const) await takeScreens(browser, { address, width })
  } finally {
    await browser.close()
    demo.kill()
    await demo.ended
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The first screen: the page, and the chat with an answer in it. */
async function takeDemo(browser: Browser, address: string): Promise<void> {
  const window = await Window.open(browser, { base: new URL(address).origin })
  await window.page.goto(address)
  await window.page.getByRole('button', { name: '/排名 本校' }).click()
  await window.page.locator('.line.bot').waitFor()
  await settle(window.page)
  await window.page.screenshot({ path: join(folder, 'demo-desktop.png') })
  await window.close()
}

async function takeScreens(
  browser: Browser,
  { address, width }: { address: string; width: Width },
): Promise<void> {
  const base = new URL(address).origin
  for (const { name, person, path } of shots) {
    // Signed in without the demo's address, so that its chat is not on the picture.
    const window = await Window.open(browser, { width, base, cookie: await signIn(address, person) })
    await window.page.goto(`${base}/${path}`)
    await settle(window.page)
    await window.page.screenshot({ path: join(folder, `${name}-${width}.png`) })
    await window.close()
  }
}

/** The cookie of one of the demo's people. */
async function signIn(address: string, person: DemoPerson): Promise<string> {
  const { origin, hash } = new URL(address)
  const response = await fetch(`${origin}/api/demo-be`, {
    method: 'POST',
    body: JSON.stringify({ key: hash.split('/').at(-1), person }),
    headers: { origin, 'content-type': 'application/json', 'x-space-page': '1' },
  })
  return response.headers.get('set-cookie')!.split(';')[0]!
}

/** Until nothing is asked any more. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(1500)
  await page.locator('.waiting').first().waitFor({ state: 'detached' })
}

void take()
