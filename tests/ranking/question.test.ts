import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDay, parseDay } from '@space-assistant/core/calendar/day'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { QuestionReader } from '@space-assistant/core/ranking/question'
import type { QuestionResult } from '@space-assistant/core/ranking/question'
import { Vocabulary } from '@space-assistant/core/ranking/question-vocabulary'
import { loadWords } from '@space-assistant/core/ranking/question-words'

const words = loadWords(readFileSync('config/words.yml', 'utf8'), 'words.yml')
const scheme = loadScheme(readFileSync('config/schemes/xinzhou-2022.yml', 'utf8'), 'xinzhou-2022.yml')
const shishou = loadScheme(readFileSync('config/schemes/shishou-2021.yml', 'utf8'), 'shishou-2021.yml')
if (!words.ok || !scheme.ok || !shishou.ok) throw new Error('config')

const schools = [
  { code: 'S01', name: '石首市实验小学', town: '绣林街道' },
  { code: 'S02', name: '石首市文峰中学', town: '绣林街道' },
  { code: 'S03', name: '新厂镇中心小学', town: '新厂镇' },
  { code: 'S04', name: '高基庙镇中心小学', town: '高基庙镇' },
  { code: 'S05', name: '石首市第一中学', town: '绣林街道' },
  { code: '4201170006', name: '南口初级中学', town: '新厂镇' },
  { code: 'S07', name: '中山小学', town: '高基庙镇' },
]
const { stages } = parseHeaders(readFileSync('config/headers.yml', 'utf8'), 'headers.yml')

const reader = new QuestionReader(
  new Vocabulary({ words: words.value, scheme: scheme.value, stages, schools }),
)
const shishouReader = new QuestionReader(
  new Vocabulary({ words: words.value, scheme: shishou.value, stages, schools }),
)
/** A Wednesday. */
const today = parseDay('2022-05-18')!

/** The answer in one line: what differs from the whole score of the period on page 1. */
function line(result: QuestionResult): string {
  if (!result.ok) return [result.code, ...Object.values(result.params).map(String)].join(' ')
  const { scope, of, stage, indicators, window, page } = result.question
  const place = 'code' in scope ? scope.code : 'town' in scope ? scope.town : scope.kind
  const dates = window.kind === 'dates' ? `${formatDay(window.from)}/${formatDay(window.to)}` : ''
  const when = window.kind === 'named' ? window.name : window.kind === 'period' ? '' : dates || window.kind
  const where = page === 1 ? '' : `page:${page}`
  return [place, of, stage, indicators?.join('+'), when, where].filter(Boolean).join(' ')
}

const read = (text: string, named = true) => line(reader.read(text, { today, named }))

describe('a question in the many ways in which people type it', () => {
  it.each([
    ['排名', 'own-school school'],
    ['排名 本校', 'own-school school'],
    ['排名本校', 'own-school school'],
    ['本校排名', 'own-school school'],
    ['我们学校第几', 'own-school school'],
    ['我们学校第几？', 'own-school school'],
    ['请问我们学校现在排第几名啊', 'own-school school'],
    ['/排名 本校', 'own-school school'],
    ['／排名　本校', 'own-school school'],
    ['/ 排 名 本 校', 'own-school school'],
    ['“排名”【本校】！！', 'own-school school'],
    ['📈排名 本校🎉', 'own-school school'],
    ['排名\n本校', 'own-school school'],
    ['排\u200b名本\ufeff校', 'own-school school'],
    ['<at id="1024" name="小助手"/> 排名 本校', 'own-school school'],
    ['全区教师排名', 'district teacher'],
    ['教师排名', 'district teacher'],
    ['老师排行榜', 'district teacher'],
    ['学校排名', 'district school'],
    ['管理员排名', 'district administrator'],
    ['全校老师的排名', 'own-school teacher'],
    ['校内排名', 'own-school teacher'],
    ['本校教师排名 下一页', 'own-school teacher page:next'],
    ['本镇学校排名', 'own-town school'],
    ['我们镇第几', 'own-town school'],
    ['学校排名前十名', 'district school'],
    ['本校教师排名前3名', 'own-school teacher'],
    ['排名前三', 'district school'],
    ['本校在全区排第几', 'own-school school'],
    ['我排第几', 'self teacher'],
    ['我的排名', 'self teacher'],
    ['我在全区第几名', 'self teacher'],
    ['我在本校排第几', 'own-school teacher'],
    ['小学排名', 'district school 小学'],
    ['初中教师排名', 'district teacher 初中'],
    ['全区中职排名', 'district school 职校'],
    ['中学排名', 'district school 初中'],
    ['完小教师排名', 'district teacher 小学'],
    ['完全中学 排名', 'district school 高中'],
    ['绣林街道排名', '绣林街道 school'],
    ['绣林教师排名', '绣林街道 teacher'],
    ['新厂镇 小学 排名', '新厂镇 school 小学'],
  ])('%j is %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })
})

describe('a school by any of its names', () => {
  it.each([
    ['/排名 实验小学 教师 空间登录 本周', 'S01 teacher 空间登录 this-week'],
    ['实验小学教师空间登录本周排名', 'S01 teacher 空间登录 this-week'],
    ['排名 石首市实验小学', 'S01 school'],
    ['排名 石首实验小学', 'S01 school'],
    ['排名 实小', 'S01 school'],
    ['排名 syxx', 'S01 school'],
    ['排名 ShiYanXiaoXue', 'S01 school'],
    ['排名 s01', 'S01 school'],
    ['排名 Ｓ０１', 'S01 school'],
    ['排名 4201170006', '4201170006 school'],
    ['文峰排名', 'S02 school'],
    ['一中排名', 'S05 school'],
    ['排名 一中 教师', 'S05 teacher'],
    ['南口初中排名', '4201170006 school'],
    ['南口中学第几', '4201170006 school'],
    ['中山小学排名', 'S07 school'],
    ['中山排名', 'S07 school'],
    ['排名 S01 实验小学', 'S01 school'],
    ['新厂镇中心小学排名', 'S03 school'],
    ['排名 新厂镇 中心小学', 'S03 school'],
    ['实验小学在绣林街道第几', 'S01 school'],
    ['中心小学排名', 'ambiguous-school 中心小学 新厂镇中心小学,高基庙镇中心小学'],
  ])('%j is %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })
})

describe('indicators, groups and windows', () => {
  it.each([
    ['排名 空间登录', 'district school 空间登录'],
    ['排名 登录', 'district school 空间登录'],
    ['登录排名 全区教师 本月', 'district teacher 空间登录 this-month'],
    ['本校 空间登录、资源建设 排名', 'own-school school 空间登录+资源建设'],
    ['师生互动排名', 'district school 班级组建+班级通知+班级活动+习惯养成'],
    ['评优期排名', 'own-school school 评优期'],
    ['本校评优期第几', 'own-school school 评优期'],
    ['今天教师排名', 'district teacher today'],
    ['昨天教师排名', 'district teacher yesterday'],
    ['上周本校排名', 'own-school school last-week'],
    ['这个星期本校排名', 'own-school school this-week'],
    ['本校上个月排名', 'own-school school last-month'],
    ['本校总排名', 'own-school school'],
    ['今年三月本校排名', 'own-school school 2022-03-01/2022-03-31'],
    ['本校 2022-03-10 2022-05-31 排名', 'own-school school 2022-03-10/2022-05-31'],
    ['本校2022年3月10日到2022年5月31日排名', 'own-school school 2022-03-10/2022-05-31'],
    ['本校 ２０２２／３／１０－２０２２／５／３１', 'own-school school 2022-03-10/2022-05-31'],
    ['本校 2022.3.10-2022.5.31', 'own-school school 2022-03-10/2022-05-31'],
    ['本校 20220310 20220531', 'own-school school 2022-03-10/2022-05-31'],
    ['本校 3月10日至5月31日', 'own-school school 2022-03-10/2022-05-31'],
    ['本校 3.10-5.31', 'own-school school 2022-03-10/2022-05-31'],
    ['本校 3月10日到15日', 'own-school school 2022-03-10/2022-03-15'],
    ['本校 2022-05-31 至 2022-03-10', 'own-school school 2022-03-10/2022-05-31'],
    ['本校 2022 年 3 月 10 日 到 5 月 31 日', 'own-school school 2022-03-10/2022-05-31'],
    ['本校 从3月10号起到4月1号', 'own-school school 2022-03-10/2022-04-01'],
    ['本校 2022年', 'own-school school 2022-01-01/2022-12-31'],
    ['本校 2022年 3月', 'own-school school 2022-03-01/2022-03-31'],
    ['本校 5月9号', 'own-school school 2022-05-09/2022-05-09'],
    ['本校 2022年4月', 'own-school school 2022-04-01/2022-04-30'],
    ['本校 十二月', 'own-school school 2022-12-01/2022-12-31'],
  ])('%j is %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it.each([
    ['本周', '2022-05-16', '2022-05-22'],
    ['上周', '2022-05-09', '2022-05-15'],
    ['本月', '2022-05-01', '2022-05-31'],
    ['上月', '2022-04-01', '2022-04-30'],
    ['今天', '2022-05-18', '2022-05-18'],
    ['昨天', '2022-05-17', '2022-05-17'],
    ['评优期', '2022-03-10', '2022-05-31'],
    ['累计', '2022-01-01', '2022-12-31'],
  ])('%s on 2022-05-18 is %s to %s', (text, from, to) => {
    const result = reader.read(`本校 ${text}`, { today, named: true })
    expect(result.ok && result.question.window).toMatchObject({ from: parseDay(from), to: parseDay(to) })
  })

  it('goes over the turn of the year', () => {
    const window = (text: string, on: string) => {
      const result = reader.read(text, { today: parseDay(on)!, named: true })
      return result.ok && [formatDay(result.question.window.from), formatDay(result.question.window.to)]
    }
    expect(window('上月', '2023-01-05')).toEqual(['2022-12-01', '2022-12-31'])
    expect(window('本月', '2022-12-05')).toEqual(['2022-12-01', '2022-12-31'])
    expect(window('本周', '2023-01-01')).toEqual(['2022-12-26', '2023-01-01'])
  })

  it('puts a date without a year into the period of a scheme that spans two', () => {
    const result = shishouReader.read('本校 12月5日到3月5日', { today: parseDay('2022-04-01')!, named: true })
    expect(line(result)).toBe('own-school school 2021-12-05/2022-03-05')
  })

  it('knows an indicator with a slash in its name, and that students are never ranked', () => {
    const result = shishouReader.read('课程学习/参与活动排名', { today, named: true })
    expect(line(result)).toBe('indicator-of-students 课程学习/参与活动')
    expect(line(shishouReader.read('网络教研排名', { today, named: true }))).toBe(
      'district school 集体备课或网络教研',
    )
    expect(line(shishouReader.read('备课排名', { today, named: true }))).toBe('district school 备课')
  })
})

describe('pages', () => {
  it.each([
    ['全区教师排名 第2页', 'district teacher page:2'],
    ['全区教师排名第二页', 'district teacher page:2'],
    ['全区教师 第十二页', 'district teacher page:12'],
    ['全区教师 ２页', 'district teacher page:2'],
    ['全区教师 2022-01-03到2022-02-20 第2页', 'district teacher 2022-01-03/2022-02-20 page:2'],
    ['全区教师3月5号第2页', 'district teacher 2022-03-05/2022-03-05 page:2'],
    ['全区教师 第0页', 'district teacher'],
    ['下一页', 'own-school school page:next'],
    ['上一页', 'own-school school page:previous'],
  ])('%j is %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })
})

describe('what cannot be answered says why', () => {
  it.each([
    ['排名 实验小雪', 'unknown-school 实验小雪 石首市实验小学'],
    ['排名 石演小学', 'unknown-school 石演小学 石首市实验小学'],
    ['排名 文风中学', 'unknown-school 文风中学 石首市文峰中学'],
    ['文锋中学教师排名', 'unknown-school 文锋中学 石首市文峰中学'],
    ['排名 新场镇中心小学', 'unknown-school 新场镇中心小学 新厂镇中心小学'],
    ['排名 火星小学', 'unknown-school 火星小学 中山小学'],
    ['排名 新厂镇钟心小学', 'unknown-school 新厂镇钟心小学 新厂镇中心小学'],
    ['排名 $(帮助)', 'unknown-word 帮助 '],
    ['排名 本较', 'unknown-word 本较 本校'],
    ['排名 教室', 'unknown-word 教室 教师'],
    ['排名 空间登陆', 'unknown-word 空间登陆 空间登录'],
    ['排名 评忧期', 'unknown-word 评忧期 评优期'],
    ['排名 $(shutdown now)', 'unknown-word shutdown '],
    ['2022-02-30 排名', 'no-such-date 2022-02-30'],
    ['2月30日 排名', 'no-such-date 2月30日'],
    ['本校 实验小学 排名', 'two-scopes'],
    ['实验小学 一中 排名', 'two-scopes'],
    ['新厂镇 绣林街道 排名', 'two-scopes'],
    ['教师 管理员 排名', 'two-subjects'],
    ['小学 初中 排名', 'two-stages'],
    ['本周 上周 排名', 'two-windows'],
    ['本周 3月1日 排名', 'two-windows'],
    ['3月1日 3月2日 3月3日 排名', 'two-windows'],
    ['本校'.repeat(5000), 'too-long 10000 200'],
  ])('%s', (text, expected) => {
    expect(read(text)).toContain(expected)
  })
})

describe('a sentence without the command', () => {
  it.each([
    ['本校排名', 'own-school school'],
    ['我们学校第几', 'own-school school'],
    ['全区教师排名', 'district teacher'],
    ['本校', 'not-a-question'],
    ['下一页', 'not-a-question'],
    ['今天下午开会，请各校管理员准时参加', 'not-a-question'],
    ['这个排名的算法好像有问题，昨天上传的三个课件都没有算进去', 'not-a-question'],
    ['2022年2月30日的通知', 'not-a-question'],
    ['排名'.repeat(200), 'not-a-question'],
    ['文风中学排名', 'unknown-school'],
    ['', 'not-a-question'],
  ])('%s', (text, expected) => {
    expect(read(text, false)).toContain(expected)
  })
})

it('tells what the text named and what was filled in', () => {
  const given = (text: string) => {
    const result = reader.read(text, { today, named: true })
    return result.ok ? result.question.given : undefined
  }
  expect(given('排名')).toEqual([])
  expect(given('教师 本周 第2页')).toEqual(['of', 'window', 'page'])
  expect(given('本校 小学 空间登录')).toEqual(['scope', 'stage', 'indicators'])
})

describe('whatever is typed', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '排名',
      '本校',
      '全区',
      '教师',
      '实验小学',
      '空间登录',
      '本周',
      '3月1日',
      '第2页',
      '$(ls)',
      "'",
    ),
    fc.constantFrom(
      '<at id="1"/>',
      '<',
      '>',
      '&lt;',
      '🏆',
      '／',
      '　',
      '\u0000',
      '\ud800',
      '-',
      '2022-1-1',
      '"',
    ),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
  )

  it('is answered by a question or a reason, with nothing in it that could be a command or an address', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, named) => {
        const result = reader.read(pieces.join(''), { today, named })
        if (result.ok) expect(result.question.window.from).toBeLessThanOrEqual(result.question.window.to)
        else if ('given' in result.params && result.code !== 'no-such-date') {
          expect(result.params.given).toMatch(/^[\p{L}\p{N}/]{0,20}$/u)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('is read in time that does not grow beyond measure', () => {
    const texts = [
      '中'.repeat(200),
      '1'.repeat(200),
      '2022-'.repeat(40),
      '< '.repeat(100),
      '排名 本校'.repeat(2000),
      '啊一'.repeat(100),
    ]
    const start = performance.now()
    for (const text of texts) reader.read(text, { today, named: true })
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
