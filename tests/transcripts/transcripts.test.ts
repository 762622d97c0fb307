// Whole conversations over the real adapter against the fake platform. `npm run transcripts` writes them down in
// docs/transcripts.md; without it only what must hold is checked.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { rosterExport, schoolsExport } from '@space-assistant/core/demo/exports'
import { at } from '../journeys/house'
import { chatter } from './chatter'
import { admin, boss, district, exchange, recordsFile, startScene, teacher } from './scene'
import type { Scene } from './scene'
import { Teller } from './teller'

let scene: Scene
let teller: Teller

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-16 09:40:00'), shouldAdvanceTime: true })
  scene = await startScene()
  teller = new Teller(scene.fake)
}, 120_000)

afterAll(async () => {
  if (process.env['TRANSCRIPTS'] === 'write') {
    const head = [
      '# Transcripts',
      'Written by `npm run transcripts`; do not edit. The real OneBot adapter and all commands against the fake platform of the tests, with the made-up district of the demo; it is the week of 16 May 2022.',
    ].join('\n\n')
    writeFileSync(join(__dirname, '../../docs/transcripts.md'), teller.page(head))
  }
  await scene.stop()
  vi.useRealTimers()
}, 60_000)

describe('conversations', () => {
  it("staff's Monday", { timeout: 240_000 }, async () => {
    teller.begin('工作专班的星期一')
    await teller.whisper(boss, '早上好')
    await teller.whisper(boss, '怎么导入？')
    await teller.hand(boss, await rosterExport(district))
    expect(await teller.whisper(boss, '确认')).toContain('导入完成')
    await teller.hand(boss, schoolsExport(district))
    expect(await teller.whisper(boss, '确认')).toContain('导入完成')
    await teller.hand(boss, recordsFile(scene.house))
    expect(await teller.whisper(boss, '确认')).toContain('导入完成')
    await teller.whisper(boss, '数据到几号了')
    expect(await teller.whisper(boss, '全区前三名是谁 倒数三名是谁')).toContain('1. ')
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
    await scene.bind(admin, '0000007002')
    await teller.ask(teacher, exchange, '')
    await teller.whisper(teacher, '你好')
    await teller.whisper(teacher, '我多少分')
    await teller.whisper(teacher, '我是白滩中学的钱涵晓')
    await teller.whisper(admin, '/绑定 申请')
    await teller.whisper(admin, '/绑定 确认 1')
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
      const before = scene.fake.texts(exchange.id).length
      const answered: string[] = []
      for (const { from, text, at: mentions } of chatter) {
        const who = { id: String(4000 + from), name: `群友${from}` }
        const said = mentions ? await teller.ask(who, exchange, text) : await teller.chat(who, exchange, text)
        if (said) answered.push(text)
      }
      expect(chatter).toHaveLength(60)
      expect(answered).toEqual(['全区前三名是哪些学校', '白滩中学现在第几名'])
      expect(scene.fake.texts(exchange.id).length - before).toBe(2)
    },
  )
})
