import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { writeXlsx } from 'hucre'
import { h } from 'koishi'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { picture, png, startApp } from './app'
import type { TestApp } from './app'

let test: TestApp
let server: Server
let port: number
let asked: number

beforeEach(async () => {
  asked = 0
  server = createServer((_, response) => {
    asked++
    response.end(png)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  test = await startApp({ settings: { maxMegabytes: 1, maxFiles: 3 } })
  await test.group('gs', 'support')
  await test.grant('helper', 'support')
})
afterEach(async () => {
  await test.stop()
  server.close()
})

const files = () => (existsSync(join(test.dir, 'files')) ? readdirSync(join(test.dir, 'files')) : [])
const file = (bytes: Uint8Array, title: string) =>
  h('file', { src: `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`, title })
const report = (...elements: h[]) => test.say('li', '/反馈 页面打不开', 'g1', { elements })
/** The start of a zip archive with one program in it. */
const zip = Buffer.from('504b0304140000000000000000000000000000000000000000000000', 'hex')

describe('what is attached is refused, and the report is taken all the same', () => {
  const cases: [string, () => h, string][] = [
    [
      'a zip archive that is called a picture',
      () => file(zip, 'a.png'),
      '不是图片、PDF、短视频、Word 或 Excel',
    ],
    ['a web page that is called a picture', () => file(Buffer.from('<script>'), 'a.png'), '不是图片'],
    ['an empty file', () => file(Buffer.alloc(0), 'a.png'), '不是图片'],
    [
      'a picture over the limit',
      () => file(Buffer.concat([png, Buffer.alloc(2 ** 20)]), 'a.png'),
      '不能超过 1 MB',
    ],
    ['an address on this machine', () => h('img', { src: `http://127.0.0.1:${port}/` }), 'ATTACHMENT_HOSTS'],
    ['a name for this machine', () => h('img', { src: `http://localhost:${port}/` }), 'ATTACHMENT_HOSTS'],
    ['a file on the disk of the bot', () => h('img', { src: 'file:///etc/hostname' }), '没有取到'],
  ]
  it.each(cases)('%s', async (_, element, told) => {
    const reply = await report(element())
    expect(reply).toContain('已收到，编号 #1001')
    expect(reply).toContain(told)
    expect(asked).toBe(0)
    expect(files()).toEqual([])
    expect((await test.next('gs', '#1001')).elements.filter(({ type }) => type !== 'text')).toEqual([])
  })

  it('more than one message may carry', async () => {
    const reply = await report(picture(), picture(), picture(), picture(), picture())
    expect(reply).toContain('附件 3 个')
    expect(reply).toContain('只保存了前 3 个')
    expect(files()).toHaveLength(3)
  })
})

describe('names', () => {
  it.each([
    ['../../../etc/passwd', 'passwd.png'],
    ['C:\\Windows\\system32\\a.exe', 'a.png'],
    ['图‮gnp.exe', '图gnp.png'],
    ['...', 'file.png'],
    ['x'.repeat(300) + '.png', `${'x'.repeat(60)}.png`],
  ])('%s is kept under a number of its own and shown as %s', async (title, shown) => {
    await report(file(png, title))
    const [row] = await test.app.database.get('space_ticket_file', {})
    expect(row).toMatchObject({ ticket: 1001, name: shown, type: 'image/png', size: png.length })
    expect(files()).toEqual([row!.id])
    expect(row!.id).toMatch(/^[0-9a-f]{24}\.png$/)
    expect(existsSync('/etc/passwd.png')).toBe(false)
  })
})

describe('what is kept', () => {
  it('is what the bytes say: a table is one, whatever it is called', async () => {
    const book = await writeXlsx({ sheets: [{ name: 'a', rows: [['x']] }] })
    await report(file(book, '名单.doc'))
    const [row] = await test.app.database.get('space_ticket_file', {})
    expect(row).toMatchObject({ name: '名单.xlsx' })
    expect(readFileSync(join(test.dir, 'files', row!.id)).equals(Buffer.from(book))).toBe(true)
  })

  it('goes with the ticket after the retention time, and nothing else goes', async () => {
    await report(picture())
    await test.say('wang', '/反馈 登录不上去', 'g2', { elements: [picture()] })
    await test.say('li', '/已解决 1001', 'g1')
    const later = (days: number) => new Date(Date.now() + days * 86_400_000)
    await test.app.tickets.tick(later(364))
    expect(files()).toHaveLength(2)
    await test.app.tickets.tick(later(366))
    const left = await test.app.database.get('space_ticket_file', {})
    expect(left.map(({ ticket }) => ticket)).toEqual([1002])
    await expect.poll(files).toEqual(left.map(({ id }) => id))
  })

  it('and belongs to no ticket, because the process died in between, is swept away after an hour', async () => {
    const now = new Date(Date.now() + 86_400_000)
    const age = (id: string, minutes: number) => {
      const then = new Date(now.getTime() - minutes * 60_000)
      utimesSync(join(test.dir, 'files', id), then, then)
    }
    const { kept } = await test.app.tickets.keep([picture(), picture()])
    await report(picture())
    const [row] = await test.app.database.get('space_ticket_file', {})
    const [old, young] = kept.map(({ id }) => id)
    age(old!, 61)
    age(young!, 59)
    age(row!.id, 61)
    await test.app.tickets.tick(now)
    expect(files().sort()).toEqual([young!, row!.id].sort())
  })
})
