import { operator } from '@space-assistant/core/access/viewer'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startBulletins } from '../bulletins/house'
import type { BulletinHouse } from '../bulletins/house'
import { at } from '../journeys/house'

const pdf = Buffer.from('%PDF-1.7\nmade up')
let test: BulletinHouse
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-25 10:00:00') })
  test = await startBulletins()
})
afterAll(async () => {
  await test.stop()
  vi.useRealTimers()
})

const send = async (name: string, bytes: Buffer, user = '5001') =>
  (await test.fake.whisperFile(user, { name, bytes }, { wait: 15_000 })).join('\n')

describe('/资料', () => {
  it('is uploaded by staff, listed with its phase, and everybody gets it', async () => {
    expect(await test.say('/资料', '4001')).toBe('还没有资料。')
    expect(await test.say('/资料 上传 评选标准')).toContain('请在 10 分钟内把文件发给我')
    expect(await send('任意名称.bin', pdf)).toBe(
      '已存为 1 号资料《评选标准》（报名推荐），大家发送“/资料 1”就能取。',
    )
    expect(await test.say('/资料', '4001')).toContain('1. 评选标准（报名推荐，pdf，1 KB）')
    for (const which of ['1', '评选']) {
      const [got] = (await test.hear(`/资料 ${which}`, '4001')).flatMap(({ file }) => (file ? [file] : []))
      expect(got?.name).toBe('评选标准.pdf')
      expect(got?.bytes.equals(pdf)).toBe(true)
    }
  })

  it.each([
    ['program.pdf', Buffer.from('MZ\u0000\u0000'), '只收图片、PDF'],
    ['page.html', Buffer.from('<html></html>'), '只收图片、PDF'],
  ])('%s is not taken', async (name, bytes, part) => {
    await test.say('/资料 上传 别的')
    expect(await send(name, bytes)).toContain(part)
  })

  it('is for staff to change, and not for strangers to see', async () => {
    expect(await test.say('/资料 上传 我的', '4001')).toContain('工作专班')
    expect(await test.say('/资料 删除 1', '4001')).toContain('工作专班')
    expect(await test.say('/资料', '4999')).toContain('绑定')
    expect(await test.say('/资料 9', '4001')).toContain('没有“9”这份资料')
    expect(await test.say('/资料 删除 1')).toBe('1 号资料已删除。')
    expect(await test.say('/资料 1', '4001')).toContain('没有“1”这份资料')
  })

  it('is never larger than its limit, and never without a title', async () => {
    const { materials } = test.house.app
    const given = { title: 'big', name: 'a.pdf', by: 'x' }
    const big = new Uint8Array(20 * 2 ** 20 + 1)
    big.set(pdf)
    expect(await materials.add(operator, { ...given, bytes: big })).toMatchObject({
      ok: false,
      code: 'too-big',
    })
    const untitled = { ...given, title: ' ', name: '', bytes: pdf }
    expect(await materials.add(operator, untitled)).toMatchObject({ ok: false, code: 'no-title' })
    expect(await materials.list(operator)).toEqual({ ok: true, value: [] })
  })
})
