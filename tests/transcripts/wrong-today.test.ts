// What the first version did wrong, line by line, over the real adapter: the whole kind is meant by each.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { at } from '../journeys/house'
import { admin, agent, boss, exchange, startScene, support, teacher } from './scene'
import type { Scene } from './scene'
import { Teller } from './teller'

let scene: Scene
let teller: Teller

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-18 09:40:00'), shouldAdvanceTime: true })
  scene = await startScene()
  await scene.fill()
  await scene.bind(admin, '0000007002')
  await scene.bind(teacher, 't00007018')
  teller = new Teller(scene.fake)
  teller.begin('')
}, 120_000)

afterAll(async () => {
  await scene.stop()
  vi.useRealTimers()
}, 60_000)

const speakers = { admin, boss, teacher }

// Nobody types so fast that the limits matter here.
beforeEach(() => vi.setSystemTime(Date.now() + 20_000))

describe('answered smaller than asked, deaf, or beside the question', { timeout: 60_000 }, () => {
  it.each<[keyof typeof speakers, string, RegExp]>([
    ['admin', '3月10日到现在的排名', /2022-03-10 至 2022-05-18/],
    ['admin', '截止到5月10日我们学校排第几', /2022-01-01 至 2022-05-10/],
    ['admin', '老师您好，请问我校排名第几', /^白滩中学 本期/],
    ['admin', '麻烦问一下本校排名', /^白滩中学 本期/],
    ['admin', '帮我看下江瑞博多少分', /^江瑞博（白滩中学 教师）/],
    ['admin', '江瑞博的明细', /江瑞博的行为记录/],
    ['admin', '上周谁还没登录', /人还没有空间登录的得分/],
    ['admin', '谁没做信息完善', /信息完善/],
    ['admin', '本校0分的老师', /白滩中学/],
    ['admin', '全区前十', /10\. /],
    ['admin', '倒数第一', /12\. /],
    ['admin', '第二名是谁', /2\. /],
    ['admin', '初中组前五', /初中/],
    ['admin', '本校排明', /^白滩中学 本期/],
    ['admin', '白谈中学第几', /按“白滩中学”回答/],
    ['admin', '/任务 第一小雪', /您要找的是不是：/],
    ['admin', '/排名 全区 前5', /5\. /],
    ['admin', '电教馆电话', /电教馆/],
    ['admin', '交流群号', /交流群/],
    ['admin', '学校得分怎么算的', /^白滩中学|学校指数/],
    ['admin', '我调到别的学校了', /积分跟着本人走/],
    ['admin', '什么时候发证书', /表彰展示：2022-06-11 至 2022-06-20/],
    ['boss', '怎么导入', /请在 5 分钟内发送文件/],
    ['admin', '报名从哪天开始', /2022-05-21/],
    ['admin', '还有几天截止', /2022-05-31/],
    ['admin', '怎么移除退休教师', /移除退休/],
    ['admin', '积分会清零吗', /每年重新计算/],
    ['admin', '寒暑假算分吗', /寒暑假/],
    ['admin', '获奖有证书吗', /颁发证书/],
    ['admin', '学校空间自创栏目要几个', /3 个/],
    ['teacher', '我多少分', /614 分/],
    ['teacher', '那上周呢', /上周（2022-05-09 至 2022-05-15） 66 分/],
    ['teacher', '今天多少分', /今天（2022-05-18）还没有数据/],
    ['teacher', '谢谢', /不客气/],
    ['teacher', '你是谁', /我是空间助手/],
    ['teacher', '/help', /可以这样问/],
  ])('%s: %s', async (who, text, answer) => {
    expect(await teller.whisper(speakers[who], text)).toMatch(answer)
  })

  it('a run of days is one within the window', async () => {
    const told = await teller.whisper(admin, '江瑞博上周多少分')
    expect(told).toContain('空间登录 7 天，最长连续 7 天')
  })
})

describe('an answer that was none', { timeout: 120_000 }, () => {
  it('neither a word to a colleague nor one alone sends an announcement to the groups', async () => {
    const before = scene.fake.texts(exchange.id).length
    expect(await teller.whisper(boss, '发个公告：明天停机维护')).toMatch(/确认 \d+/)
    await teller.chat(boss, exchange, '好的')
    await teller.chat(boss, exchange, '可以')
    await teller.ask(boss, exchange, '好的')
    expect(scene.fake.texts(exchange.id).slice(before).join('\n')).not.toContain('停机维护')
    expect(await teller.whisper(boss, '取消')).toMatch(/放弃|取消|没有发出/)
  })

  it('after a how-to answer in a group a word to somebody else is no problem to be filed', async () => {
    await teller.ask(admin, exchange, '信息完善怎么弄')
    expect(await teller.chat(admin, exchange, '不对吧张老师 明天才开会')).toBe('')
    expect(await teller.whisper(admin, '/进度')).not.toContain('开会')
  })

  it('a how-to answer in private leaves nothing pending', async () => {
    await teller.whisper(teacher, '互动授课怎么弄')
    expect(await teller.whisper(teacher, '我多少分')).toContain('614 分')
    expect(await teller.whisper(teacher, '本校排名')).toContain('白滩中学 本期')
  })

  it('what corrects a question answers the corrected one', async () => {
    await teller.whisper(admin, '信息完善怎么弄')
    expect(await teller.whisper(admin, '不对，我问的是本校教师排名')).toContain('白滩中学教师排名')
  })

  it.each([
    ['确认', '现在没有等您确认的事'],
    ['取消', '现在没有可以取消的事'],
    ['是', '现在没有等您回答的事'],
    ['/公告 99', '没有 99 号公告'],
  ])('%s with nothing waiting says so', async (text, answer) => {
    await teller.whisper(boss, '取消')
    expect(await teller.whisper(boss, text)).toContain(answer)
  })

  it('drafts are not listed to a group', async () => {
    expect(await teller.ask(boss, exchange, '/公告')).toContain('请私聊我')
  })
})

describe('silent', { timeout: 60_000 }, () => {
  it('is nobody who mentions, greets, or quotes', async () => {
    expect(await teller.ask(admin, exchange, '')).toContain('我是空间助手')
    expect(await teller.ask(admin, exchange, '在吗')).toContain('我是空间助手')
  })

  it('a report that support calls done in its group is answered to the reporter', async () => {
    await teller.whisper(teacher, '资源上传一直转圈')
    const filed = await teller.whisper(teacher, '是')
    const number = /#(\d+)/.exec(filed)?.[1] ?? ''
    expect(await teller.chat(agent, support, `${number} 这个谁在看`)).toBe('')
    const told = scene.fake.delivered.length
    await teller.ask(agent, support, `/接单 ${number}`)
    await scene.fake.say(support.id, agent.id, `${number} 已处理好了`, { wait: 15_000, quiet: 700 })
    await vi.waitFor(
      () => {
        const after = scene.fake.delivered.slice(told)
        expect(after.some(({ user, text }) => user === teacher.id && text.includes('已处理好了'))).toBe(true)
      },
      { timeout: 15_000 },
    )
  })
})
