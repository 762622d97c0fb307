import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { h } from 'koishi'
import { G, U, bot, failure, fake, online, start, stop } from './app'

afterEach(stop)

describe('files', () => {
  beforeEach(async () => {
    await start({ proactive: [G, U] })
    await online()
  })
  const file = (bytes: Buffer) =>
    h('file', { src: `data:application/octet-stream;base64,${bytes.toString('base64')}`, title: '名单.xlsx' })

  test('6 MiB go up in parts and arrive as they were', async () => {
    const bytes = Buffer.alloc(6 * 2 ** 20, 'abc')
    await bot().sendMessage(G, file(bytes))
    expect(fake.delivered[0]!.file!.bytes.equals(bytes)).toBe(true)
    expect(fake.delivered[0]!.body).toMatchObject({ msg_type: 7 })
    expect(fake.calls.filter(({ path }) => path.endsWith('upload_part_finish'))).toHaveLength(2)
  })

  test('a part that the platform has not noticed yet is asked about again', async () => {
    let times = 2
    fake.fault = ({ path }) =>
      path.endsWith('upload_part_finish') && times-- > 0 ? { kind: 'refuse', code: 40093001 } : undefined
    await bot().sendMessage(G, file(Buffer.from('parts')))
    expect(fake.delivered[0]!.file!.bytes.toString()).toBe('parts')
    expect(fake.calls.filter(({ path }) => path.endsWith('/files'))).toHaveLength(1)
  })

  test('a file that the platform has had before goes up in no parts at all', async () => {
    fake.known = Buffer.from('known')
    await bot().sendMessage(G, file(Buffer.from('known')))
    expect(fake.delivered[0]!.file!.bytes.toString()).toBe('known')
    expect(fake.calls.some(({ path }) => /finish|files$/.test(path))).toBe(false)
  })

  test('a picture carries its text, also to a person', async () => {
    await bot().sendPrivateMessage(U, [h.image(Buffer.from('png'), 'image/png'), h.text('本周排名')])
    expect(fake.texts(U)).toEqual(['[image]本周排名'])
  })

  test('a platform without parts takes small files as base64', async () => {
    fake.fault = ({ path }) => (path.endsWith('upload_prepare') ? { kind: 'refuse', status: 404 } : undefined)
    await bot().sendMessage(G, file(Buffer.from('small')))
    expect(fake.delivered[0]!.file!.bytes.toString()).toBe('small')
  })

  test('11: a 413 page of a proxy is a refusal of the content, not a crash', async () => {
    fake.fault = ({ path }) =>
      /upload|files/.test(path) ? { kind: 'refuse', html: true, status: 413 } : undefined
    expect(await failure(bot().sendMessage(G, file(Buffer.alloc(100))))).toMatchObject({
      class: 'content',
      outcome: 'rejected',
      code: 413,
    })
    expect(fake.delivered).toEqual([])
  })

  test('a picture that is refused takes its text back: nothing is sent', async () => {
    fake.fault = ({ path }) => (/upload|files/.test(path) ? { kind: 'refuse', code: 40093002 } : undefined)
    const error = await failure(
      bot().sendMessage(G, [h.image(Buffer.from('x'), 'image/png'), h.text('text')]),
    )
    expect(error).toMatchObject({ class: 'rate', outcome: 'rejected', sent: [] })
    expect(fake.delivered).toEqual([])
  })
})
