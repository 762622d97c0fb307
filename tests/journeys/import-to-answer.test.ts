import { readFileSync } from 'node:fs'
import { recordsCsv } from '@space-assistant/core/demo/csv'
import { makeDistrict } from '@space-assistant/core/demo/district'
import {
  oldRecordsExport,
  recordsExport,
  rosterExport,
  schoolsExport,
} from '@space-assistant/core/demo/exports'
import { encodeGbk } from '@space-assistant/core/text/gbk'
import { parseDay } from '@space-assistant/core/calendar/day'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import type { Window } from '@space-assistant/core/calendar/day'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchMariaDB } from '../database/mariadb'
import type { MariaDB } from '../database/mariadb'
import { Bot } from './bot'
import { doneIn, Expected, figure } from './expected'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const group = '70001'
const director = '20001'
const colleague = '20002'
const chen = '20003'
const district = makeDistrict()
const codes = district.schools.map(({ code }) => code)
const schoolOf = new Map(district.members.map(({ account, school }) => [account, school]))

const span = (from: string, to: string): Window => ({ from: parseDay(from)!, to: parseDay(to)! })
const first = span('2022-03-07', '2022-03-20')
const second = span('2022-03-21', '2022-03-25')

const databases = [
  { database: 'SQLite', scheme: 'xinzhou-2022' },
  { database: 'MariaDB', scheme: 'shishou-2021' },
]

describe.each(databases)('a district on $database under $scheme', ({ database, scheme: id }) => {
  const loaded = loadScheme(readFileSync(`config/schemes/${id}.yml`, 'utf8'), `${id}.yml`)
  if (!loaded.ok) throw new Error(id)
  const scheme = loaded.value
  const before = new Expected(district, scheme, doneIn(district, scheme, first))
  const thirdSchools = codes.slice(0, 4)
  const later = doneIn(district, scheme, second).filter(({ account }) =>
    thirdSchools.includes(schoolOf.get(account)!),
  )
  const after = new Expected(district, scheme, [...before.done, ...later])
  // A school whose place the second import changes, if there is one.
  const mine = thirdSchools.find((code) => placeOf(before, code) !== placeOf(after, code)) ?? thirdSchools[0]!
  const school = district.schools.find(({ code }) => code === mine)!
  const own = district.members.filter((member) => member.school === mine)
  const administrator = own.find(({ roles }) => roles[0] === 'administrator')!

  function placeOf(expected: Expected, code: string): number {
    return expected.schools(scheme.period).findIndex((each) => each.code === code)
  }

  let server: MariaDB | undefined
  let bot: Bot
  beforeAll(async () => {
    server = database === 'MariaDB' ? await launchMariaDB() : undefined
    bot = await Bot.create({ scheme: id, ...(server && { mysql: await server.database() }) })
  })
  afterAll(async () => {
    await bot.close()
    await server?.stop()
  })

  it('lets staff in by the code of the command line, and register the exchange group', async () => {
    const { code, stdout } = await bot.space('staff', '陈主任')
    expect(code).toBe(0)
    await bot.start()
    expect(await bot.whisper(director, '/导入')).toBe(
      '请先绑定：私聊我发送“/绑定 绑定码”。只有工作专班可以导入数据。',
    )
    expect(await bot.whisper(director, `/绑定 ${stdout.trim()}`)).toBe(
      '已记为工作专班成员。发送“/帮助”查看可用的命令。',
    )
    expect(await bot.whisper(director, `/绑定 ${stdout.trim()}`)).toContain('已经用过')
    expect(await bot.say(group, director, '/群 交流群')).toBe('已设置，本群是：交流群，名称“group 70001”。')
    expect(await bot.say(group, director, '/排名 全区')).toContain('还没有导入行为数据')
  })

  it('takes the dirty roster: what it understood, what it refuses and why', async () => {
    const roster = await rosterExport(district)
    const preview = await bot.hand(director, roster)
    expect(preview).toContain(`${district.members.length} 行看懂，2 行不能用。`)
    expect(preview).toContain('“1.23457E+17”被 Excel 改成了科学计数法')
    expect(preview).toContain(`人员：新增 ${district.members.length}`)
    expect(await bot.whisper(director, '确认')).toMatch(/^导入完成（1 号）：300 行，.*跳过 2 行/)
    expect(await bot.hand(director, schoolsExport(district))).toContain('12 行全部看懂。')
    expect(await bot.whisper(director, '确认')).toMatch(/^导入完成（2 号）：12 行/)
  })

  it('takes records as xlsx with refused rows, as csv in GBK and as xls', async () => {
    const granted = await bot.whisper(director, '/绑定 授权 专班 李老师')
    await bot.whisper(colleague, `/绑定 ${/[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(granted)![0]}`)
    const xlsx = await recordsExport(district, scheme, { window: first, schools: thirdSchools })
    const preview = await bot.hand(colleague, xlsx)
    expect(preview).toContain('5 行不能用。')
    expect(preview).toMatch(/没有叫“.*”的指标，请核对名称。/)
    expect(preview).toMatch(/名册里没有账号“.*”。/)
    expect(preview).toMatch(/“-1”是负数，请改成 0 或更大的数。/)
    expect(preview).toMatch(/2019-02-30/)
    expect(await bot.whisper(colleague, '确认')).toMatch(/^导入完成（3 号）：/)

    const [head, ...lines] = [...recordsCsv(district, scheme, { window: first, ids: false })]
      .join('')
      .split('\n')
    const middle = lines.filter((line) => codes.slice(4, 8).includes(schoolOf.get(line.split(',')[0]!)!))
    const gbk = encodeGbk([head, ...middle, ''].join('\r\n'))
    expect(await bot.hand(colleague, { name: '明细.csv', bytes: gbk })).toContain(
      `${middle.length} 行全部看懂。`,
    )
    expect(await bot.whisper(colleague, '好')).toMatch(/^保存“明细．csv”：请发送“确认 \d{4}”/)
    expect(await bot.whisper(colleague, '确认')).toMatch(/^导入完成（4 号）：/)

    const xls = oldRecordsExport(district, scheme, { window: first, schools: codes.slice(8) })
    expect(await bot.hand(colleague, xls)).toContain('行全部看懂。')
    expect(await bot.whisper(colleague, '/导入 确认')).toMatch(/^导入完成（5 号）：/)
  })

  it('answers an administrator, who binds by code, in the group with the right place in the right words', async () => {
    expect(await bot.say(group, chen, '/排名 本校')).toBe(
      '您没有绑定学校，不知道本校是哪所。请写校名，例如“/排名 第一小学”，或先发送“/绑定 姓名 学校”。',
    )
    await bot.whisper(director, `/绑定 名单 ${school.name}`)
    const list = await bot.qq.whisper(director, '确认', { wait: 30_000, count: 2 })
    expect(list[0]).toContain(`${school.name}的绑定码`)
    const file = bot.qq.delivered.at(-1)!.file!
    const row = file.bytes
      .toString('utf8')
      .split('\r\n')
      .find((line) => line.includes(administrator.account))!
    const code = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(row)![0]
    expect(await bot.whisper(chen, `／绑定　${code.toLowerCase()}`)).toMatch(
      new RegExp(`^绑定成功：${administrator.name}，${school.name}，`),
    )
    expect(await bot.say(group, chen, '/排名 本校')).toBe(before.ownSchool(mine))
    for (const variant of ['本校排名', '我们学校第几', '排名 本校', '排名本校']) {
      expect(await bot.say(group, chen, variant, { at: true })).toBe(before.ownSchool(mine))
    }
    expect(await bot.say(group, chen, `／排名　${school.name}`)).toBe(before.ownSchool(mine))
  })

  it('names the own teachers in private, and sends them there when asked in the exchange group', async () => {
    const places = before.teachers(scheme.period).filter(({ code }) => schoolOf.get(code) === mine)
    const within = places.map((each) => ({
      ...each,
      rank: 1 + places.filter(({ score }) => score > each.score).length,
    }))
    const nameOf = (account: string) => own.find((member) => member.account === account)!.name
    const line = (name: (account: string) => string) =>
      within.slice(0, 10).map(({ rank, code, score }) => {
        const me = code === administrator.account ? '（我）' : ''
        return `${rank}. ${name(code)} ${figure(score)} 分${me}`
      })
    const inPrivate = (await bot.whisper(chen, '/排名 本校 教师')).split('\n')
    expect(inPrivate.slice(1, 11)).toEqual(line(nameOf))
    for (const text of ['/排名 本校 教师', '/排名 全区 教师', '/积分']) {
      const before = bot.privately(chen).length
      expect(await bot.say(group, chen, text)).toMatch(/^(已|稍后)私聊发给您。$/)
      await expect.poll(() => bot.privately(chen).length, { timeout: 60_000 }).toBeGreaterThan(before)
      const [answer = ''] = bot.privately(chen).slice(before)
      expect(answer.split('\n')).toEqual((await bot.whisper(chen, text)).split('\n'))
    }
    expect(await bot.say(group, chen, `/排名 ${district.schools[9]!.name} 教师`)).toBe(
      '教师的得分和名单只有本校、所在街镇和工作专班可以看。您可以查看“/排名 本校”或“/积分 我”。',
    )
  })

  it('changes its answer after a second import and gives the first one again after an undo', async () => {
    const more = await recordsExport(district, scheme, { window: second, schools: thirdSchools })
    await bot.hand(colleague, more)
    expect(await bot.say(group, chen, '/排名 本校')).toBe(before.ownSchool(mine))
    expect(await bot.whisper(colleague, '确认')).toMatch(/^导入完成（6 号）：/)
    expect(after.ownSchool(mine)).not.toBe(before.ownSchool(mine))
    expect(await bot.say(group, chen, '/排名 本校')).toBe(after.ownSchool(mine))
    await bot.hand(colleague, more)
    expect(bot.qq.delivered.at(-1)!.text).toContain('没有新内容，不需要导入。')
    expect(await bot.whisper(colleague, '/导入 撤销 6')).toContain('撤销请发送“确认 6”')
    expect(await bot.whisper(colleague, '确认 6')).toContain('已撤销 6 号导入')
    expect(await bot.say(group, chen, '/排名 本校')).toBe(before.ownSchool(mine))
    expect(await bot.whisper(colleague, '/导入 撤销 6')).toBe('6 号导入已经撤销过了，不用再撤销。')
    await bot.hand(colleague, more)
    expect(await bot.whisper(colleague, '确认')).toMatch(/^导入完成（7 号）：/)
  })

  it('keeps everything through a kill and a new start', async () => {
    await bot.stop('SIGKILL')
    await bot.start()
    expect(await bot.say(group, chen, '/排名 本校')).toBe(after.ownSchool(mine))
    const history = await bot.whisper(director, '/导入 历史')
    expect(history).toMatch(/^最近的导入：\n7 号 /)
    expect(history).toMatch(/6 号 .*（已撤销）/)
    expect(await bot.stop()).toBe(0)
  })

  it('has written nobody’s name, account, number or code into its log', () => {
    const words = [
      ...district.members.flatMap(({ name, account }) => [name, account]).filter((word) => word.length > 2),
      ...[director, colleague, chen, group, '陈主任', '李老师'],
    ]
    expect(bot.log.match(/[A-Z0-9]{4}-[A-Z0-9]{4}/g)).toBe(null)
    expect(words.filter((word) => bot.log.includes(word))).toEqual([])
    expect(bot.log.match(/\[E\].*/g)).toBe(null)
  })
})
