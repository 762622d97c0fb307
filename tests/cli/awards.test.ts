import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { run } from '../../plugins/cli/awards'
import { space } from './space'

const folder = mkdtempSync(join(tmpdir(), 'space-awards-'))
const file = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const roster = file(
  'roster.csv',
  `学校代码,学校名称,街镇,学段,姓名,账号,角色,状态,空间开通
S1,第一小学,东镇,小学,张三,t1,教师,在岗,是
S1,第一小学,东镇,小学,李四,t2,教师、管理员,在岗,是
S2,第二中学,西镇,初中,王五,t3,教师,在岗,是
S2,第二中学,西镇,初中,赵六,t4,教师,退休,是
S3,职业学校,西镇,职校,钱七,t5,教师,在岗,否
`,
)
const records = file(
  'records.csv',
  `账号,指标,时间,次数
t1,资源建设,2022-03-07 08:00,3
t1,资源建设,2022-03-14 08:00,4
t2,教学成果,2022-03-14,1
t3,教学成果,2022-03-14,1
t5,课件制作,2022-03-14,1
`,
)
const nominations = file(
  'nominations.csv',
  '奖项,对象,推荐单位\n优秀教师空间,t1,东镇\n优秀教师空间,t3,西镇\n',
)
const head = '奖项,对象,评委,评委单位,布局设计,综合应用,应用效果,特色创新\n'
const given = (judge: string, unit: string, total: number, nominee = 't1') =>
  `优秀教师空间,${nominee},${judge},${unit},10,${total - 50},20,20\n`
const sheets = file(
  'sheets.csv',
  head +
    given('甲', '区电教馆', 92) +
    given('乙', '区电教馆', 88) +
    given('丙', '大学', 85) +
    given('丁', '大学', 80) +
    given('戊', '大学', 61) +
    given('己', '第一小学', 100) +
    given('甲', '区电教馆', 90, 't3') +
    given('乙', '区电教馆', 80, 't3'),
)
const output = join(folder, 'out')
const usual = ['--scheme', 'xinzhou-2022', '--roster', roster, '--records', records]

let errors = ''
beforeEach(() => {
  errors = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += String(text)
    return true
  })
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => rmSync(folder, { recursive: true }))

interface AwardEntry {
  name: string
  first: number | null
  population: number
  overBy: number
  candidates: Record<string, unknown>[]
  rubric: Record<string, unknown>[]
}

async function awards(...more: string[]): Promise<AwardEntry[]> {
  expect(await run([...usual, ...more, '--out', output]), errors).toBe(0)
  return (JSON.parse(readFileSync(output, 'utf8')) as { awards: AwardEntry[] }).awards
}

describe('space awards', () => {
  it('has every award of the scheme with its candidates by the index of the award window', async () => {
    const [schools, people, ...rest] = await awards()
    expect(rest.map(({ name, candidates, rubric }) => [name, candidates, rubric])).toEqual([
      ['优秀教师空间', [], []],
      ['优秀学校空间', [], []],
    ])
    // What t1 did on 7 March lies before the window.
    expect(schools).toEqual({
      name: '深度应用优秀学校',
      subject: 'school',
      first: 10,
      population: 2,
      overBy: 0,
      candidates: [
        {
          ...{ code: 'S2', name: '第二中学', school: 'S2', rank: 1, score: 5 },
          conditions: [
            { kind: 'notStage', needed: ['职校'], value: '初中', met: true },
            { kind: 'rank', needed: 10, value: 1, met: true },
          ],
          selected: true,
        },
        {
          ...{ code: 'S1', name: '第一小学', school: 'S1', rank: 2, score: 4.5 },
          conditions: [
            { kind: 'notStage', needed: ['职校'], value: '小学', met: true },
            { kind: 'rank', needed: 10, value: 2, met: true },
          ],
          selected: true,
        },
      ],
      rubric: [],
    })
    expect(people!.candidates.map(({ account, rank, score }) => [account, rank, score])).toEqual([
      ['t2', 1, 5],
      ['t3', 1, 5],
      ['t1', 3, 4],
    ])
  })

  it('has the results of the judges, sheets in conflict not counted', async () => {
    const [, , teachers] = await awards('--nominations', nominations, '--sheets', sheets)
    expect(teachers!.rubric).toEqual([
      {
        account: 't1',
        sheets: 6,
        counted: 5,
        trimmed: true,
        score: 84.333333,
        rank: 1,
        spread: 31,
        flags: ['spread'],
      },
      {
        account: 't3',
        sheets: 2,
        counted: 2,
        trimmed: false,
        score: 85,
        rank: null,
        spread: 10,
        flags: ['too-few'],
      },
    ])
    expect(
      teachers!.candidates.map(({ account, selected, conditions }) => [account, selected, conditions]),
    ).toEqual([
      ['t1', true, [{ kind: 'rubric', needed: '优秀教师空间', value: 84.333333, met: true }]],
      ['t3', null, [{ kind: 'rubric', needed: '优秀教师空间', value: 85, met: null }]],
    ])
  })

  it('looks at nothing after the day that is given', async () => {
    const [schools] = await awards('--as-of', '2022-03-13')
    expect(schools!.candidates.map(({ score }) => score)).toEqual([0, 0])
  })

  it('goes by the newest report up to the day where an award says so', async () => {
    const scheme = file(
      'reports.yml',
      readFileSync('config/schemes/xinzhou-2022.yml', 'utf8').replace('source: computed', 'source: snapshot'),
    )
    const snapshot = file(
      'snapshot.csv',
      '学校代码,截止日期,总分\nS1,2022-05-20,9.5\nS1,2022-05-31,1.5\nS2,2022-05-31,3\n',
    )
    const report = [
      '--scheme',
      scheme,
      '--roster',
      roster,
      '--records',
      records,
      '--snapshot',
      snapshot,
      '--out',
      output,
    ]
    const scores = async (...more: string[]) => {
      expect(await run([...report, ...more]), errors).toBe(0)
      const { awards } = JSON.parse(readFileSync(output, 'utf8')) as { awards: AwardEntry[] }
      return awards[0]!.candidates.map(({ code, score }) => [code, score])
    }
    expect(await scores()).toEqual([
      ['S2', 3],
      ['S1', 1.5],
    ])
    expect(await scores('--as-of', '2022-05-25')).toEqual([['S1', 9.5]])
  })

  it('replaces what an earlier file without ids says of its days and schools', async () => {
    const later = file('later.csv', '账号,指标,时间,次数\nt1,资源建设,2022-03-14,1\n')
    const [, people] = await awards('--records', records, later)
    expect(people!.candidates.map(({ account, score }) => [account, score])).toEqual([
      ['t3', 5],
      ['t1', 1],
      ['t2', 0],
    ])
  })

  it('is a table for people', async () => {
    expect(
      await run([
        ...usual,
        '--nominations',
        nominations,
        '--sheets',
        sheets,
        '--format',
        'table',
        '--out',
        output,
      ]),
    ).toBe(0)
    const text = readFileSync(output, 'utf8')
    expect(text).toContain('深度应用优秀学校：取前 10，参评 2，入选 2，待定 0\n')
    expect(text).toMatch(
      /1 {5}t1 {18}84\.33 .*6 份评分表，计入 5 份，最高与最低相差 31 +已去掉一个最高分和一个最低分，分歧大，请复评/,
    )
  })

  it('tells what it could not use, with file, row and reason', async () => {
    const bad = file('bad.csv', head + given('甲', '', 90) + given('乙', '大学', 101))
    await awards('--nominations', nominations, '--sheets', sheets, bad)
    expect(errors).toContain('bad.csv 第 2 行 “评委单位”：没有填写评委单位')
    expect(errors).toContain('bad.csv 第 3 行 “综合应用”：打了 51 分，这一项最多 50 分，请改正。')
  })

  it('tells of a judge who scores in two files, and takes the first', async () => {
    const again = file('again.csv', head + given('甲', '区电教馆', 60))
    const [, , teachers] = await awards('--nominations', nominations, '--sheets', sheets, again)
    expect(teachers!.rubric[0]).toMatchObject({ sheets: 6, score: 84.333333 })
    expect(errors).toContain('评委“甲”在另一个文件里已经给“t1”（优秀教师空间）评过分')
  })

  it('tells by how much a quota is exceeded and what to do', async () => {
    const scheme = file(
      'quota.yml',
      readFileSync('config/schemes/xinzhou-2022.yml', 'utf8').replace(
        '  - name: 优秀教师空间\n    subject: teacher\n',
        '  - name: 优秀教师空间\n    subject: teacher\n    quota: { per: town, each: 1 }\n',
      ),
    )
    const many = file(
      'many.csv',
      '奖项,对象,推荐单位\n优秀教师空间,t1,东镇\n优秀教师空间,t2,东镇\n优秀教师空间,t3,东镇\n',
    )
    const args = [
      '--scheme',
      scheme,
      '--roster',
      roster,
      '--records',
      records,
      '--nominations',
      many,
      '--out',
      output,
    ]
    expect(await run(args)).toBe(0)
    expect(errors).toContain(
      '“优秀教师空间”：东镇有 1 个名额、0 个备选，推荐了 3 个，多出 2 个，请撤回 2 个。',
    )
  })

  it.each([
    [['--scheme', 'xinzhou-2022', '--records', records], '缺少 --roster。'],
    [[...usual, '--as-of', '5月31日'], '--as-of 要写成 2022-05-31 这样的日期，不能是“5月31日”。'],
    [[...usual, '--format', 'csv'], '--format 不能是“csv”，可以是：json table。'],
  ])('does not understand %j', async (args, sentence) => {
    expect(await run(args)).toBe(2)
    expect(errors).toContain(sentence)
  })

  it('runs as a command', async () => {
    const { code, stdout, stderr } = await space([
      'awards',
      ...usual,
      '--nominations',
      nominations,
      '--sheets',
      sheets,
    ])
    expect([code, stderr]).toEqual([0, ''])
    expect((JSON.parse(stdout) as { awards: AwardEntry[] }).awards).toHaveLength(4)
    const missing = await space(['awards', ...usual, '--sheets', join(folder, 'nothing.csv')])
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('没有 ')
    expect((await space(['awards', ...usual, '--sheet', sheets])).code).toBe(2)
  }, 60_000)
})
