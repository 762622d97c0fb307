// Whole conversations over the real adapter against the fake platform. `npm run transcripts` writes them down in
// docs/transcripts.md; without it only what must hold is checked.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { operator } from '@space-assistant/core/access/viewer'
import { recordsCsv } from '@space-assistant/core/demo/csv'
import { makeDistrict } from '@space-assistant/core/demo/district'
import { rosterExport, schoolsExport } from '@space-assistant/core/demo/exports'
import { parseDay } from '@space-assistant/core/calendar/day'
import * as howto from 'koishi-plugin-space-howto'
import * as tickets from 'koishi-plugin-space-tickets'
import { at, startHouse } from '../journeys/house'
import type { House } from '../journeys/house'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { chatter } from './chatter'
import { Teller } from './teller'

const boss = { id: '9001', name: '电教馆李老师' }
const admin = { id: '2001', name: '曾红子 (白滩中学管理员)' }
const teacher = { id: '3001', name: '钱涵晓 (白滩中学教师)' }
const exchange = { id: '700001', name: '交流群' }
const support = { id: '700002', name: '平台支持群' }

const district = makeDistrict({ size: 1 })
const folder = mkdtempSync(join(tmpdir(), 'space-transcripts-'))
let fake: FakeOneBot
let house: House
let teller: Teller

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-16 08:40:00'), shouldAdvanceTime: true })
  fake = await startFakeOneBot({ selfId: '10001', token: 'loopback' })
  house = await startHouse({ onebot: fake })
  house.app.plugin(tickets, tickets.Config({ dir: folder } as tickets.Config))
  house.app.plugin(howto)
  await house.app.lifecycle.flush()
  await house.app.model.prepared()
  teller = new Teller(fake)
  const who = { platform: 'onebot', selfId: fake.selfId }
  await house.app.access.grants.give({ ...who, userId: boss.id }, { kind: 'staff', label: '电教馆' })
  await house.app.access.groups.set({ ...who, channelId: exchange.id }, { purpose: 'exchange' }, operator)
  await house.app.access.groups.set({ ...who, channelId: support.id }, { purpose: 'support' }, operator)
}, 120_000)

afterAll(async () => {
  if (process.env['TRANSCRIPTS'] === 'write') {
    const head = [
      '# Transcripts',
      'Written by `npm run transcripts`; do not edit. The real OneBot adapter and all commands against the fake platform of the tests, with the made-up district of the demo; it is the week of 16 May 2022.',
    ].join('\n\n')
    writeFileSync(join(__dirname, '../../docs/transcripts.md'), teller.page(head))
  }
  await house.stop()
  await fake.close()
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

const lines = (parts: Iterable<string>) => Buffer.from([...parts].join(''))

describe('conversations', () => {
  it("staff's Monday", { timeout: 240_000 }, async () => {
    teller.begin('工作专班的星期一')
    await teller.whisper(boss, '早上好')
    await teller.whisper(boss, '怎么导入？')
    await teller.hand(boss, await rosterExport(district))
    expect(await teller.whisper(boss, '确认')).toContain('导入完成')
    await teller.hand(boss, schoolsExport(district))
    expect(await teller.whisper(boss, '确认')).toContain('导入完成')
    const window = { from: parseDay('2022-03-01') ?? 0, to: parseDay('2022-05-15') ?? 0 }
    const scheme = house.app.schemes.active
    await teller.hand(boss, { name: '行为明细.csv', bytes: lines(recordsCsv(district, scheme, { window })) })
    expect(await teller.whisper(boss, '确认')).toContain('导入完成')
    await teller.whisper(boss, '数据到几号了')
    expect(await teller.whisper(boss, '全区前三名是谁 倒数三名是谁')).toContain('第 1 名')
    await teller.whisper(boss, '上周哪些学校进步最大')
    await teller.whisper(boss, '哪些学校开通率没达标')
    await teller.whisper(boss, '除了职校的排名')
    await teller.whisper(boss, '白滩中学多少分')
    await teller.whisper(boss, '为什么')
    await teller.whisper(boss, '发个通知：本周五下午三点在线培训，请各校管理员参加')
    await teller.ask(boss, exchange, '好的')
    await teller.whisper(boss, '取消')
    expect(await teller.whisper(boss, '都有哪些话没听懂')).toContain('没听懂')
    await teller.whisper(boss, '谢谢')
  })

  it("a teacher's first day", { timeout: 120_000 }, async () => {
    teller.begin('教师的第一天')
    await teller.ask(teacher, exchange, '')
    await teller.whisper(teacher, '你好')
    await teller.whisper(teacher, '我多少分')
    await teller.whisper(teacher, '我是白滩中学的钱涵晓')
    const who = { platform: 'onebot', selfId: fake.selfId, userId: teacher.id }
    await house.app.access.link(who, 't00007018')
    expect(await teller.whisper(teacher, '我多少分')).toMatch(/分/)
    await teller.whisper(teacher, '上周呢')
    await teller.whisper(teacher, '为什么')
    await teller.whisper(teacher, '我还差什么没做')
    await teller.whisper(teacher, '互动授课要多久才算')
    await teller.whisper(teacher, '一周几次')
    await teller.whisper(teacher, '我离前一名差多少')
    await teller.whisper(teacher, '要是我这周做个课件能排第几')
    await teller.ask(teacher, exchange, '我多少分')
    await teller.whisper(teacher, '平台登不上去了')
    await teller.whisper(teacher, '不用了')
    await teller.whisper(teacher, '别再给我发提醒了')
    await teller.whisper(teacher, '谢谢啦')
  })

  it("an administrator's week", { timeout: 120_000 }, async () => {
    teller.begin('管理员的一周')
    const who = { platform: 'onebot', selfId: fake.selfId, userId: admin.id }
    await house.app.access.link(who, '0000007002')
    await teller.ask(admin, exchange, '老师您好，请问我校排名第几')
    await teller.ask(admin, exchange, '那上周呢')
    await teller.whisper(admin, '离前一名差多少')
    await teller.whisper(admin, '跟青铺初中差几分')
    await teller.whisper(admin, '谁还没登录')
    await teller.whisper(admin, '上周谁没登录')
    await teller.whisper(admin, '江瑞博上周多少分')
    await teller.whisper(admin, '他的明细')
    await teller.whisper(admin, '江瑞波多少分')
    await teller.whisper(admin, '中心小学第几')
    await teller.whisper(admin, '2')
    await teller.whisper(admin, '我们学校开通率多少，还差几个')
    await teller.whisper(admin, '3月10日到现在我们学校排第几')
    await teller.whisper(admin, '什么时候截止')
    await teller.whisper(admin, '我们能评上优秀学校吗')
    await teller.whisper(admin, '电教馆电话')
    await teller.whisper(admin, '资源上传一直转圈')
    await teller.whisper(admin, '是')
    await teller.whisper(admin, '我的问题处理了吗')
    await teller.whisper(admin, '确认')
    await teller.whisper(admin, '不对，我问的是本校教师排名')
    await teller.whisper(admin, '导出本校教师得分')
  })

  it(
    'chatter of an exchange group: 60 lines, two of them for the assistant',
    { timeout: 180_000 },
    async () => {
      teller.begin('交流群里的闲聊 (60 句, 两句是问机器人的)')
      const before = fake.texts(exchange.id).length
      const answered: string[] = []
      for (const { from, text, at: mentions } of chatter) {
        const who = { id: String(4000 + from), name: `群友${from}` }
        const said = mentions ? await teller.ask(who, exchange, text) : await teller.chat(who, exchange, text)
        if (said) answered.push(text)
      }
      expect(chatter).toHaveLength(60)
      expect(answered).toEqual(['全区前三名是哪些学校', '白滩中学现在第几名'])
      expect(fake.texts(exchange.id).length - before).toBe(2)
    },
  )
})
