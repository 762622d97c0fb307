import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { recordsCsv, rosterCsv, schoolsCsv } from '@space-assistant/core/demo/csv'
import { makeDistrict } from '@space-assistant/core/demo/district'
import { textLimits } from '@space-assistant/core/delivery/split'
import { parseDay } from '@space-assistant/core/calendar/day'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Segment } from '../platforms/onebot'
import { Bot } from './bot'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 })

const loaded = loadScheme(readFileSync('config/schemes/xinzhou-2022.yml', 'utf8'), 'xinzhou-2022.yml')
if (!loaded.ok) throw new Error('scheme')
const scheme = loaded.value
const district = makeDistrict()
const [school] = district.schools
const group = '70001'
const director = '20001'
const stranger = '29999'
/** Bound to members of the first school, in turn, so that nobody asks too often. */
const members = Array.from({ length: 8 }, (_, i) => `${30001 + i}`)
const secrets: string[] = []
let turn = 0

let bot: Bot
beforeAll(async () => {
  bot = await Bot.create({ scheme: 'xinzhou-2022' })
  const file = (name: string, text: Iterable<string>) => {
    const path = join(bot.dataDir, name)
    writeFileSync(path, [...text].join(''))
    return path
  }
  const window = { from: parseDay('2022-03-07')!, to: parseDay('2022-03-13')! }
  const files = [
    file('roster.csv', rosterCsv(district)),
    file('schools.csv', schoolsCsv(district)),
    file('records.csv', recordsCsv(district, scheme, { window })),
  ]
  const done = await bot.space('import', ...files, '--yes')
  expect(done).toMatchObject({ code: 0, stderr: '' })
  const code = (await bot.space('staff', '陈主任')).stdout.trim()
  secrets.push(code)
  await bot.start()
  await bot.whisper(director, `/绑定 ${code}`)
  await bot.say(group, director, '/群 交流群')
  await bot.whisper(director, `/绑定 名单 ${school!.name}`)
  await bot.qq.whisper(director, '确认', { wait: 30_000, count: 2 })
  const list = bot.qq.delivered.at(-1)!.file!.bytes.toString('utf8')
  const codes = list.match(/[A-Z0-9]{4}-[A-Z0-9]{4}/g)!
  secrets.push(...codes)
  for (const [i, user] of members.entries()) {
    expect(await bot.whisper(user, `/绑定 ${codes[i]}`)).toContain('绑定成功')
  }
})
afterAll(() => bot.close())

/** A member of the first school says it in the exchange group. */
const ask = (text: string) => bot.say(group, members[turn++ % members.length]!, text)

describe('a command with', () => {
  it.each([
    ['emoji', '/排名 😀🎉', /^青铺中心小学 本期 /],
    ['10,000 characters', `/排名 ${'长'.repeat(10_000)}`, /^这条消息太长了（最多 4000 字），请精简后再发。$/],
    ['300 characters', `/排名 ${'长'.repeat(300)}`, /^问题太长了（最多 200 字）。请这样问：/],
    ['a command inside', '/排名 $(群 取消)', /^没有看懂“.+”。请这样问：/],
    ['a command inside that is not closed', '/任务 $(排名', /^没有看懂“\$\(排名”。请发送“\/任务”/],
    ['an open quotation mark', '/排名 "本校', /^青铺中心小学 本期 /],
    ['quotation marks', "/排名 '本校'", /^青铺中心小学 本期 /],
    ['written elements', '/排名 <at id="1"/>', /^没有看懂“.+”。请这样问：|^青铺中心小学 本期 /],
    ['an address', '/排名 www.example.com', /^没有看懂“www”。请这样问：/],
    ['an address in place of a school', '/绑定 张三 www.example.com', /^没有找到学校“www．example．com”。/],
    [
      'a full-width slash and spaces',
      '／排名　本校　评优期',
      /^青铺中心小学 评优期（2022-03-10 至 2022-05-31）/,
    ],
    ['no space', '/排名本校', /^青铺中心小学 本期 /],
    ['a typo in its name', '/排明 本校', /^没有“排明”这个命令，您要找的是不是 \/排名？请再发一次。$/],
    ['its name in Latin letters', '/paiming 本校', /您要找的是不是 \/排名？/],
    [
      'a typo in a school',
      '/排名 青铺附属小学',
      /^没有找到学校“青铺附属小学”。您要找的是不是：青铺中心小学、/,
    ],
    ['a number that no school has', '/排名 青铺第二小学', /^没有找到学校“青铺第二小学”/],
    ['a typo with one school behind it', '/排名 青埔中心小学', /^按“青铺中心小学”回答。\n青铺中心小学 本期 /],
    ['a short name of a school', '/排名 第一小学', /^青铺第一小学 本期 /],
    [
      'a school that is not there',
      '/排名 火星大学',
      /^没有看懂“火星大学”。请这样问：|^没有找到学校“火星大学”。请写名册里的全称或学校代码。$/,
    ],
    ['a day that does not exist', '/排名 本校 2022-02-30', /^没有“2022-02-30”这一天。请这样写日期：/],
    [
      'days without data',
      '/排名 本校 2022-10-01到2022-10-07',
      /还没有数据，数据截至 2022-03-13。可以去掉时间再问/,
    ],
    [
      'days outside the year',
      '/排名 本校 2021-03-01到2021-03-07',
      /不在计分周期（2022-01-01 至 2022-12-31）内。请换一段时间再问。$/,
    ],
    [
      'somebody of another school',
      `/积分 ${strangerName()}`,
      /只有本校、所在街镇和工作专班可以看，请核对姓名。$/,
    ],
    ['what is for staff', '/群 取消', /^这个操作只有工作专班可以做。需要办理请联系工作专班。$/],
    ['an import by others than staff', '/导入', /^只有工作专班可以导入数据。需要导入请把文件交给工作专班。$/],
  ])('%s gets its own sentence', async (_, text, expected) => {
    expect(await ask(text)).toMatch(expected)
  })

  function strangerName() {
    const own = new Set(district.members.filter((one) => one.school === school!.code).map(({ name }) => name))
    return district.members.find((one) => one.school !== school!.code && !own.has(one.name))!.name
  }

  it('pictures and faces in it is understood without them', async () => {
    const segments: Segment[] = [
      { type: 'text', data: { text: '/排名 本校' } },
      { type: 'image', data: { file: 'a.png', url: `${bot.qq.endpoint.replace('ws', 'http')}/a.png` } },
      { type: 'face', data: { id: '1' } },
    ]
    const [answer] = await bot.qq.say(group, members[turn++ % members.length]!, segments, { wait: 30_000 })
    expect(answer).toMatch(/^青铺中心小学 本期 /)
  })

  it('a quoted message does not take that for its argument', async () => {
    await ask('/排名 第一小学')
    const { id } = bot.qq.delivered.at(-1)!
    const [answer] = await bot.qq.say(group, members[turn++ % members.length]!, '/排名', {
      quote: id,
      wait: 30_000,
    })
    expect(answer).toMatch(/^青铺中心小学 本期 /)
  })

  it('a wrong name in it runs nothing, and the group is still what it was', async () => {
    expect(await bot.say(group, director, '/群')).toBe('本群是：交流群，名称“group 70001”。')
  })
})

describe('somebody whom the bot does not know', () => {
  it.each(['/排名 本校', '/积分 我', '/任务', '/明细', '/绑定'])('%s says how to bind', async (text) => {
    expect(await bot.say(group, stranger, text)).toMatch(/^您没?还?没有绑定.*发送“\/绑定/)
  })

  it.each([
    ['ABCD-2345', /^没有这个绑定码，或者已经用过、已经过期。请向本校信息技术管理员要一个新的。$/],
    ['张三', /^请写上学校，例如“\/绑定 张三 第一小学”/],
    ['张三 青铺中心小学', /^名册里没有找到这个人。请核对姓名和学校/],
    ['$(帮助)', /^请写上学校/],
  ])('/绑定 %s says what is wrong', async (text, expected) => {
    expect(await bot.whisper(stranger, `/绑定 ${text}`)).toMatch(expected)
  })

  it('a code in the group is void, and said so', async () => {
    const code = secrets.at(-1)!
    expect(await bot.say(group, stranger, `/绑定 ${code}`)).toMatch(
      /^绑定码不能发在群里，为了安全这个码已作废。/,
    )
    expect(await bot.whisper(stranger, `/绑定 ${code}`)).toMatch(/^没有这个绑定码/)
  })
})

describe('a hundred commands at once', () => {
  const answers = (place: string) => bot.qq.texts(place)

  it('from a hundred people of a new group are all answered', async () => {
    const place = '80001'
    const people = Array.from({ length: 100 }, (_, i) => `${50001 + i}`)
    await Promise.all(
      people.map((user) =>
        bot.qq.say(place, user, '/排名 全区', { wait: 60_000, quiet: 30_000, count: 100 }),
      ),
    )
    expect(answers(place)).toHaveLength(100)
    expect(new Set(answers(place))).toEqual(
      new Set(['您还没有绑定身份。请私聊我发送“/绑定 绑定码”，或发送“/绑定 姓名 学校”提出申请。']),
    )
  })

  it('from one person are answered until it is too many, which is said once', async () => {
    const place = '80002'
    const user = '60001'
    await Promise.all(
      Array.from({ length: 100 }, () =>
        bot.qq.say(place, user, '/排名 全区', { wait: 60_000, quiet: 30_000, count: 21 }),
      ),
    )
    await bot.qq.say(place, '60002', '/帮助', { wait: 30_000 })
    expect(
      answers(place)
        .slice(0, 21)
        .filter((text) => text.startsWith('问得太快了')),
    ).toHaveLength(1)
    expect(answers(place)).toHaveLength(22)
    expect(answers(place).at(-1)).toContain('您还没有绑定身份，先发送“/绑定”')
    expect(bot.alive).toBe(true)
  })
})

describe('of all that was said', () => {
  it('no answer is longer than the platform takes, holds an address or the name of a text', () => {
    const texts = bot.qq.delivered.filter(({ file }) => !file).map(({ text }) => text)
    expect(texts.length).toBeGreaterThan(150)
    expect(texts.filter((text) => Buffer.byteLength(text) > textLimits.onebot)).toEqual([])
    expect(texts.filter((text) => /:\/\/|[\p{L}\p{N}_-]\.[a-z]{2,}|space-[a-z]+\./iu.test(text))).toEqual([])
    expect(texts.filter((text) => !text.trim() || /\{\w+\}|undefined|NaN|null/.test(text))).toEqual([])
  })

  it('nothing is in the log: no name, account, chat number, code or message', () => {
    const people = district.members.flatMap(({ name, account }) => [name, account])
    const words = [
      ...people.filter((word) => word.length > 2),
      ...[director, stranger, ...members, '60001', '80001', group],
      ...secrets.flatMap((code) => [code, code.replace('-', '')]),
      ...['陈主任', '本校', '火星', '长长长', 'example', '$('],
    ]
    expect(words.filter((word) => bot.log.includes(word))).toEqual([])
    expect(bot.log.match(/\[[EW]\].*/g)).toBe(null)
  })

  it('the process ends as it should', async () => {
    expect(await bot.stop()).toBe(0)
  })
})
