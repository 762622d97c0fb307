import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isPublic } from '../../plugins/conversation/address'
import { download } from '../../plugins/conversation/download'

let server: Server
let port: number
/** Paths that were asked for. */
let asked: string[]
let cut: Promise<void>

const pages: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/file': (_, response) => response.end('bytes'),
  '/none': (_, response) => response.writeHead(404).end('nothing'),
  '/said-to-be-200-megabytes': (_, response) => {
    response.writeHead(200, { 'content-length': 200 * 2 ** 20 }).write('x')
  },
  '/endless': (_, response) => {
    const block = Buffer.alloc(2 ** 16)
    cut = new Promise((resolve) => response.on('close', resolve))
    const write = () => void response.write(block, (error) => error ?? write())
    write()
  },
  '/drop-by-drop': (_, response) => {
    const timer = setInterval(() => response.write('x'), 10)
    response.on('close', () => clearInterval(timer))
  },
  '/silent': () => undefined,
  '/broken-off': (_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy())
  },
  '/moved': (_, response) => response.writeHead(302, { location: '/file' }).end(),
  '/moved-to-a-name': (_, response) =>
    response.writeHead(302, { location: `http://localhost:${port}/file` }).end(),
  '/moved-inside': (_, response) =>
    response.writeHead(302, { location: `http://127.0.0.2:${port}/file` }).end(),
  '/moved-to-a-disk': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/round-and-round': (_, response) => response.writeHead(302, { location: '/round-and-round' }).end(),
}

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url!)
    pages[request.url!]!(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => (asked = []))

const trusted = () => [`127.0.0.1:${port}`]
const get = (src: string, more: { trusted?: string[]; ms?: number } = {}) =>
  download(src, { bytes: 1000, ms: 10_000, trusted: trusted(), ...more })
const here = (path: string) => get(`http://127.0.0.1:${port}${path}`, path === '/silent' ? { ms: 100 } : {})

describe('an address inside is never asked', () => {
  it.each([
    ...['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '2130706433', '0x7f.1', '127.1', '[::ffff:127.0.0.1]'],
    ...['127.0.0.1.', 'LOCALHOST', '127.0.0.1%00.example.com'],
  ])('http://%s', async (host) => {
    expect(await get(`http://${host}:${port}/file`, { trusted: [] })).toBe('not-fetched')
    expect(asked).toEqual([])
  })

  it.each([
    ...[
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.1.2.3',
    ],
    ...['198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fc00::1', 'fd12:3456::1'],
    ...['::ffff:10.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:0:7f00:1::', 'ff02::1'],
  ])('%s is inside', (address) => expect(isPublic(address)).toBe(false))

  it.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '193.168.1.1', '2400:3200::1'])(
    '%s is outside',
    (address) => expect(isPublic(address)).toBe(true),
  )

  it.each(['/moved-inside', '/moved-to-a-name', '/moved-to-a-disk'])(
    'nor by a redirection: %s',
    async (path) => {
      expect(await here(path)).toBe('not-fetched')
      expect(asked).toEqual([path])
    },
  )

  it.each(['file:///etc/passwd', 'ftp://127.0.0.1/x', '/etc/passwd', 'http://', '', 'data:text/plain,x'])(
    'nor anything that is not the web: %s',
    async (src) => expect(await get(src)).toBe('not-fetched'),
  )
})

describe('what is fetched', () => {
  it('is the file, also after a redirection, or what is inside the message', async () => {
    expect(String(await here('/file'))).toBe('bytes')
    expect(String(await here('/moved'))).toBe('bytes')
    expect(String(await get('data:image/png;base64,Ynl0ZXM='))).toBe('bytes')
    expect(String(await get('base64://Ynl0ZXM='))).toBe('bytes')
  })

  it.each(['/said-to-be-200-megabytes', '/endless'])('%s is too big', async (path) => {
    expect(await here(path)).toBe('too-big')
    await cut
  })

  it('is too big also inside the message', async () => {
    expect(await get(`base64://${'A'.repeat(1400)}`)).toBe('too-big')
  })

  it.each(['/none', '/broken-off', '/round-and-round', '/silent'])('%s is not fetched', async (path) => {
    expect(await here(path)).toBe('not-fetched')
  })

  it('is given up when its time is over, however slowly it comes', async () => {
    expect(await get(`http://127.0.0.1:${port}/drop-by-drop`, { ms: 150 })).toBe('not-fetched')
  })
})
