import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeGbk } from '@space-assistant/core/text/gbk'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { describeConfigProblem } from '@space-assistant/core/scheme/problem'

const invented = readFileSync('tests/scheme/invented.yml', 'utf8')

function complaints(text: string, file = 'x.yml'): string[] {
  const result = loadScheme(text, file)
  return result.ok ? [] : result.problems.map((problem) => describeConfigProblem(problem))
}

describe('a mistake names the file, the line, the path, what was found and what is permitted', () => {
  const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length
  const cases: [string, string | RegExp, string, string][] = [
    [
      'a cap without a period',
      'cap: { times: 3, per: month }',
      'cap: { times: 3 }',
      'x.yml 第 {line} 行 indicators[0].cap.per: 缺少这一项；允许的是：day、week、month、year、period',
    ],
    [
      'a cap with an unknown period',
      'cap: { times: 3, per: month }',
      'cap: { times: 3, per: weekly }',
      'x.yml 第 {line} 行 indicators[0].cap.per: 写的是“weekly”，不对；允许的是：day、week、month、year、period',
    ],
    [
      'a cap of no times',
      'cap: { times: 3, per: month }',
      'cap: { times: 0, per: month }',
      'x.yml 第 {line} 行 indicators[0].cap.times: 写的是“0”，不对；允许的是：整数，不小于 1，不大于 100000',
    ],
    [
      'a key that does not exist',
      'points: 0.25',
      'poins: 0.25\n    points: 1',
      'x.yml 第 {line} 行 indicators[0].poins: 不认识“poins”这一项；允许的是：name、group、role、points、streak、cap、target、requirement、action、place 这些项',
    ],
    [
      'negative points',
      'points: 0.25',
      'points: -1',
      'x.yml 第 {line} 行 indicators[0].points: 写的是“-1”，不对；允许的是：数字，不小于 0，不大于 100000',
    ],
    [
      'points written as text',
      'points: 0.25',
      'points: 一分',
      'x.yml 第 {line} 行 indicators[0].points: 写的是“一分”，不对；允许的是：数字，不小于 0，不大于 100000',
    ],
    [
      'a date that does not exist',
      'from: 2030-11-01',
      'from: 2030-02-30',
      'x.yml 第 {line} 行 windows[0].from: 写的是“2030-02-30”，不对；允许的是：真实存在的日期，写成 2022-03-10 这样',
    ],
    [
      'a window that ends before it begins',
      'from: 2030-11-01, to: 2030-11-30',
      'from: 2030-11-30, to: 2030-11-01',
      'x.yml 第 {line} 行 windows[0].to: 结束日期 2030-11-01 早于开始日期 2030-11-30；允许的是：与开始同日或更晚',
    ],
    [
      'a phase that ends before it begins',
      'phases: []',
      'phases: [{ name: 甲, from: 2030-09-02, to: 2030-09-01, todo: 乙 }]',
      'x.yml 第 {line} 行 phases[0].to: 结束日期 2030-09-01 早于开始日期 2030-09-02；允许的是：与开始同日或更晚',
    ],
    [
      'a window outside the period',
      'from: 2030-11-01',
      'from: 2029-11-01',
      'x.yml 第 {line} 行 windows[0]: 2029-11-01 至 2030-11-30 超出了计分周期；允许的是：2030-09-01 至 2032-01-31 之内',
    ],
    [
      'two indicators of one name, written differently',
      'name: 打卡',
      'name: 巡 查',
      'x.yml 第 {line} 行 indicators[1].name: “巡 查”与 indicators[0].name 重名；允许的是：每个名称只用一次',
    ],
    [
      'a group named like an indicator',
      'group: 管理',
      'group: 打卡',
      'x.yml 第 {line} 行 indicators[0].group: “打卡”与 indicators[1].name 重名；允许的是：每个名称只用一次',
    ],
    [
      'a window named like a group',
      'name: 期中',
      'name: 日常',
      'x.yml 第 {line} 行 windows[0].name: “日常”与 indicators[1].group 重名；允许的是：每个名称只用一次',
    ],
    [
      'a streak that does not begin with the first day',
      '{ from: 1, points: 0.5 }',
      '{ from: 2, points: 0.5 }',
      'x.yml 第 {line} 行 indicators[1].streak[0].from: 连续天数的第一档从 2 开始；允许的是：1',
    ],
    [
      'streak steps that do not ascend',
      '{ from: 10, points: 4 }',
      '{ from: 3, points: 4 }',
      'x.yml 第 {line} 行 indicators[1].streak[2].from: 这一档从 3 开始，没有大于上一档的 3；允许的是：大于 3 的整数',
    ],
    [
      'cap: target without a target',
      'points: 1.5',
      'points: 1.5\n    cap: target',
      'x.yml 第 {line} 行 indicators[2].cap: cap 写了 target，但这个指标没有 target；允许的是：补上 target，或写 {times: 次数, per: 周期}',
    ],
    [
      'a target on students',
      'role: teacher\n    points: 1.5',
      'role: student\n    target: { times: 1, per: week }',
      'x.yml 第 {line} 行 indicators[2].target: 学生指标只统计参与人数，不能有 target；允许的是：删去这一项',
    ],
    [
      'a requirement whose bounds cross',
      'min: 2, max: 9',
      'min: 10, max: 9',
      'x.yml 第 {line} 行 indicators[2].requirement.any.works: 下限 10 大于上限 9；允许的是：下限不大于上限',
    ],
    [
      'an unknown attribute',
      'works: { min: 2, max: 9 }',
      'pages: { min: 2 }',
      'x.yml 第 {line} 行 indicators[2].requirement.any.pages: 不认识“pages”这一项；允许的是：minutes、participants、resources、works、days、items 这些项',
    ],
    [
      'an award that refers to an unknown window',
      'window: 期中',
      'window: 期末',
      'x.yml 第 {line} 行 awards[0].conditions[0].rank.window: 没有名为“期末”的时间段；允许的是：期中',
    ],
    [
      'an award that refers to an unknown rubric',
      '- rank: { of: school, first: 3, window: 期中 }',
      '- rubric: 甲',
      'x.yml 第 {line} 行 awards[0].conditions[0].rubric: 没有名为“甲”的评审表；允许的是：-',
    ],
    [
      'an award that waits for an unknown award',
      '- rank: { of: school, first: 3, window: 期中 }',
      '- schoolAwarded: 勤学校',
      'x.yml 第 {line} 行 awards[0].conditions[0].schoolAwarded: 没有名为“勤学校”的学校奖项；允许的是：-',
    ],
    [
      'a score of a role that has no indicator',
      'role: administrator',
      'role: teacher',
      'x.yml 第 9 行 schoolScore[0].mean: schoolScore 用到 administrator，但没有任何指标属于这个角色；允许的是：teacher',
    ],
    [
      'a tab',
      '    group: 管理',
      '\tgroup: 管理',
      'x.yml 第 {line} 行: 这一行里有制表符（Tab），yml 只能用空格缩进',
    ],
    [
      'a key given twice',
      'tasks: targets',
      'tasks: targets\ntasks: room',
      'x.yml 第 {after} 行: “tasks”写了两次，每一项只能写一次',
    ],
    [
      'a full-width colon',
      'tasks: targets',
      'tasks：targets',
      'x.yml 第 {line} 行: 这一行用了中文冒号“：”，请改成英文冒号加一个空格“: ”',
    ],
    [
      'a full-width comma in braces',
      'cap: { times: 3, per: month }',
      'cap: { times: 3， per: month }',
      'x.yml 第 {line} 行: 花括号里用了中文逗号“，”，请改成英文逗号',
    ],
  ]

  it.each(cases)('%s', (_, from, to, message) => {
    expect(invented).toContain(from)
    const text = invented.replace(from, to)
    const line =
      lineOf(text, to) + (to.startsWith('role: student') ? 1 : 0) + (to.endsWith('cap: target') ? 1 : 0)
    const expected = message.replace('{line}', String(line)).replace('{after}', String(line + 1))
    expect(complaints(text)).toContain(expected)
  })

  it('collects every mistake of a file, not only the first', () => {
    const text = invented
      .replace('points: 0.25', 'points: -1')
      .replace('per: month', 'per: fortnight')
      .replace('tasks: targets', 'tasks: later')
    expect(complaints(text)).toHaveLength(3)
  })

  it('says that a file is in another encoding, and nothing else', () => {
    const gbk = Buffer.from(encodeGbk(invented)).toString('utf8')
    const utf16 = Buffer.from(invented, 'utf16le').toString('utf8')
    for (const text of [gbk, utf16]) {
      expect(complaints(text)).toEqual([
        'x.yml: 文件不是 UTF-8 编码，中文读不出来；请用记事本打开，选“另存为”，编码选 UTF-8',
      ])
    }
  })

  it('names the first mistake in writing and not what the reader stumbles over after it', () => {
    for (const broken of [
      invented.replace('cap: { times: 3, per: month }', 'cap: { times: 3, per: month'),
      invented.replace('    group', '   group'),
    ]) {
      expect(broken).not.toBe(invented)
      expect(complaints(broken)).toEqual([
        expect.stringMatching(/^x\.yml 第 \d+ 行: 写法有误，.*请检查这一行和上一行/),
      ])
    }
  })

  it('refuses a file name that cannot be an id', () => {
    expect(complaints(invented, 'config/schemes/新洲 2022.yml')[0]).toContain('不能当作方案代号')
    expect(complaints(invented, 'config/schemes/Xinzhou_2022-b.yml')).toEqual([])
  })

  it('speaks English too', () => {
    const result = loadScheme(invented.replace('per: month', 'per: weekly'), 'x.yml')
    expect(!result.ok && describeConfigProblem(result.problems[0]!, 'en-US')).toBe(
      'x.yml line 16 indicators[0].cap.per: found "weekly"; permitted: day, week, month, year, period',
    )
  })

  it('names what is missing in an empty file', () => {
    expect(complaints('').length).toBeGreaterThan(0)
    expect(complaints('name: 甲')).toContain('x.yml tasks: 缺少这一项；允许的是：targets、room')
  })

  it('refuses aliases that unfold to absurd sizes, and two documents in one file', () => {
    const bomb = ['a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]']
    for (const [one, next] of ['ab', 'bc', 'cd', 'de', 'ef'].map((pair) => [...pair])) {
      bomb.push(`${next}: &${next} [${Array(9).fill(`*${one}`).join(', ')}]`)
    }
    expect(complaints(bomb.join('\n'))[0]).toMatch(/^x\.yml: 写法有误/)
    expect(complaints(`${invented}\n---\nname: 甲\n`)[0]).toContain('写法有误')
  })

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(invented.length), (noise, at) => {
        for (const text of [noise, invented.slice(0, at) + noise + invented.slice(at)]) {
          expect(complaints(text).every((line) => line.startsWith('x.yml'))).toBe(true)
        }
      }),
      { numRuns: 150 },
    )
  })
})
