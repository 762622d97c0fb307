import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeXlsx } from 'hucre'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { encodeGbk } from '@space-assistant/core/text/gbk'
import { run } from '../../plugins/cli/score'

const folder = mkdtempSync(join(tmpdir(), 'space-score-'))
const scheme = 'config/schemes/xinzhou-2022.yml'

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const roster = file(
  'roster.csv',
  `学校代码,学校名称,街镇,学段,姓名,账号,角色,状态
S1,第一小学,东镇,小学,张三,t1,教师,在岗
S1,第一小学,东镇,小学,李四,t2,教师、管理员,在岗
S2,第二中学,西镇,初中,王五,t3,教师,在岗
S2,第二中学,西镇,初中,赵六,t4,教师,退休
S3,第三小学,西镇,小学,钱七,a1,管理员,在岗
`,
)
const records = `账号,指标,时间,次数
t1,资源建设,2022-03-07 08:00,3
t1,资源建设,2022-03-09 08:00,4
t2,空间登录,2022-03-09,1
t3,教学成果,2022/3/9,2
t3,教学成果,2022-03-14,1
t4,教学成果,2022-03-14,1
`

let output = ''
let errors = ''
beforeEach(() => {
  output = join(folder, 'out')
  errors = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += String(text)
    return true
  })
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => rmSync(folder, { recursive: true }))

interface Entry {
  account?: string
  code?: string
  points?: number
  score?: number | null
  rank: number | null
}

async function score(...args: string[]) {
  expect(await run(['--scheme', scheme, '--roster', roster, ...args, '--out', output]), errors).toBe(0)
  const text = readFileSync(output, 'utf8')
  return JSON.parse(text) as Record<'teachers' | 'administrators' | 'schools', Entry[]> & {
    problems: object[]
  }
}

const brief = (list: Entry[]) =>
  list.map(({ account, code, points, score, rank }) => [rank, account ?? code, points ?? score])

describe('space score', () => {
  it('knows the schemes of config/ by their names alone', async () => {
    const args = ['--roster', roster, '--records', file('r.csv', records), '--out', output]
    expect(await run(['--scheme', 'xinzhou-2022', ...args]), errors).toBe(0)
    expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({ scheme: 'xinzhou-2022' })
    await expect(run(['--scheme', '../schemes/xinzhou-2022', ...args])).resolves.toBe(1)
  })

  it('answers in the form that the documents state', async () => {
    const answer = await score('--records', file('r.csv', records))
    expect(answer).toEqual({
      scheme: 'xinzhou-2022',
      window: { from: '2022-01-01', to: '2022-12-31' },
      teachers: [
        { account: 't3', name: '王五', school: 'S2', points: 10, rank: 1, indicators: { 教学成果: 10 } },
        { account: 't1', name: '张三', school: 'S1', points: 5, rank: 2, indicators: { 资源建设: 5 } },
        { account: 't2', name: '李四', school: 'S1', points: 1, rank: 3, indicators: { 空间登录: 1 } },
      ],
      // The scheme has no indicator of theirs.
      administrators: [],
      schools: [
        { code: 'S2', name: '第二中学', town: '西镇', stage: '初中', score: 10, rank: 1, members: 1 },
        { code: 'S1', name: '第一小学', town: '东镇', stage: '小学', score: 3, rank: 2, members: 2 },
        { code: 'S3', name: '第三小学', town: '西镇', stage: '小学', score: null, rank: null, members: 1 },
      ],
      problems: [],
    })
  })

  it('a point earned by a record of an xlsx counts like one of a csv', async () => {
    const rows = records
      .trim()
      .split('\n')
      .map((line) => line.split(','))
    const bytes = await writeXlsx({ sheets: [{ name: '明细', rows }] })
    const [fromXlsx, fromCsv] = [file('r.xlsx', bytes), file('r.csv', records)]
    const answer = await score('--records', fromXlsx)
    expect(brief(answer.teachers)).toEqual([
      [1, 't3', 10],
      [2, 't1', 5],
      [3, 't2', 1],
    ])
    expect(answer).toEqual(await score('--records', fromCsv))
    const first = file('first.csv', '账号,指标,时间,次数\nt2,资源建设,2022-05-09,1\n')
    expect(brief((await score('--records', first, fromXlsx)).teachers)).toEqual([
      [1, 't3', 10],
      [2, 't1', 5],
      [3, 't2', 2],
    ])
  })

  it('evaluates caps over the year and answers for the window', async () => {
    const answer = await score(
      '--records',
      file('r.csv', records),
      '--from',
      '2022-03-09',
      '--to',
      '2022-03-13',
    )
    expect(brief(answer.teachers)).toEqual([
      [1, 't3', 5],
      [2, 't1', 2],
      [3, 't2', 1],
    ])
  })

  it('lets the later statement replace what it covers', async () => {
    const later = file('later.csv', '账号,指标,时间\nt2,资源建设,2022-03-09\n')
    const answer = await score('--records', file('r.csv', records), later)
    expect(brief(answer.teachers)).toEqual([
      [1, 't3', 10],
      [2, 't1', 3],
      [3, 't2', 1],
    ])
  })

  it('counts a record id once over all files', async () => {
    const head = '记录编号,账号,指标,时间\n'
    const one = file('one.csv', `${head}R01,t1,资源建设,2022-03-07\nR02,t1,资源建设,2022-03-07\n`)
    const two = file(
      'two.csv',
      `${head}R02,t1,资源建设,2022-03-07\nR03,t1,资源建设,2022-03-08\nR03,t2,资源建设,2022-03-08\n`,
    )
    const answer = await score('--records', one, two)
    expect(brief(answer.teachers)[0]).toEqual([1, 't1', 3])
    expect(brief(answer.teachers).at(-1)?.[2]).toBe(0)
  })

  it('reads GBK and lists refused rows with file, row, column and a sentence', async () => {
    const path = file(
      'gbk.csv',
      encodeGbk(`${records}nobody,资源建设,2022-03-09,1\nt1,资源建没,2022-03-09,1\n`),
    )
    const answer = await score('--records', path)
    expect(brief(answer.teachers)[0]).toEqual([1, 't3', 10])
    expect(answer.problems).toMatchObject([
      { file: path, row: 8, column: '账号', code: 'unknown-account' },
      { file: path, row: 9, column: '指标', code: 'unknown-indicator' },
    ])
    expect(answer.problems[1]).toHaveProperty('message', expect.stringContaining('资源建设'))
  })

  it('lets a later roster move a member, and the points with them', async () => {
    const moved = file('moved.csv', '学校代码,学校名称,姓名,账号,角色\nS2,第二中学,张三,t1,教师\n')
    const answer = await score(moved, '--records', file('r.csv', records))
    expect(brief(answer.schools)).toEqual([
      [1, 'S2', 7.5],
      [2, 'S1', 1],
      [null, 'S3', null],
    ])
  })

  it('gives the same with a second thread', async () => {
    const lines = Array.from({ length: 230_000 }, (_, i) => {
      const day = `2022-${String((i % 12) + 1).padStart(2, '0')}-${String((i % 28) + 1).padStart(2, '0')}`
      return `t${(i % 3) + 1},资源建设,${day} 08:00,1,${String(i % 229_000).padStart(7, '0')}\n`
    })
    const head = '账号,指标,时间,次数,记录编号\n'
    const large = file('large.csv', head + lines.join(''))
    const third = Math.floor(lines.length / 3)
    const parts = [0, 1, 2].map((part) =>
      file(
        `part${part}.csv`,
        head + lines.slice(part * third, part === 2 ? undefined : (part + 1) * third).join(''),
      ),
    )
    const whole = await score('--records', large)
    expect(await score('--records', ...parts)).toEqual(whole)
  })

  it('counts lines of any length, and leaves a file that is one line to the general reader', async () => {
    const head = '账号,指标,时间,次数,备注\n'
    const long = `t1,资源建设,2022-03-07,1,${'x'.repeat(700_000)}\n`
    const answer = await score(
      '--records',
      file('long.csv', `${head}${long}t3,资源建设,2022-03-07,2,\n${long}`),
    )
    expect(brief(answer.teachers).slice(0, 2)).toEqual([
      [1, 't1', 2],
      [1, 't3', 2],
    ])
    expect(answer.problems).toEqual([])
    const endless = file('endless.csv', `${head}${'t1,'.repeat(7_000_000)}`)
    const args = ['--scheme', scheme, '--roster', roster, '--records', endless, '--out', output]
    expect(await run(args)).toBe(1)
    expect(errors).toContain('endless.csv')
  })

  it('needs little address space', async () => {
    const args = ['--scheme', scheme, '--roster', roster, '--records', file('r.csv', records)]
    const command = `ulimit -v 6000000; exec "$0" plugins/cli/bin.cjs score "$@"`
    const { stdout } = await promisify(execFile)('bash', ['-c', command, process.execPath, ...args])
    expect(brief((JSON.parse(stdout) as { teachers: Entry[] }).teachers)).toEqual([
      [1, 't3', 10],
      [2, 't1', 5],
      [3, 't2', 1],
    ])
  })

  it('says that a folder is missing, and that a file is larger than can be read', async () => {
    const args = ['--scheme', scheme, '--roster', roster, '--records']
    expect(await run([...args, file('r.csv', records), '--out', join(folder, 'none/out.json')])).toBe(1)
    expect(errors).toContain('没有这个文件夹')
    // A hole that takes no room on the disk.
    const huge = file('huge.xlsx', '')
    truncateSync(huge, 2 ** 31 + 1)
    expect(await run([...args, huge, '--out', output])).toBe(1)
    expect(errors).toContain('超过 2 GB')
  })

  it('writes a table and a csv, whose cells are never formulas', async () => {
    const evil = file('evil.csv', '学校代码,学校名称,姓名,账号,角色\nS1,第一小学,@SUM(A1),t1,教师\n')
    const args = ['--scheme', scheme, '--roster', evil, '--records', file('r.csv', records), '--out', output]
    expect(await run([...args, '--format', 'csv'])).toBe(0)
    expect(readFileSync(output, 'utf8')).toContain(`教师,1,t1,'@SUM(A1),第一小学`)
    expect(errors).toContain('t2')
    expect(await run([...args, '--format', 'table'])).toBe(0)
    expect(readFileSync(output, 'utf8')).toContain('第一小学')
  })

  const mistakes: [string, string[], number, RegExp][] = [
    ['no scheme', ['--roster', roster, '--records', roster], 2, /缺少 --scheme/],
    ['an unknown option', ['--schema', 'x'], 2, /没有 --schema/],
    ['a value without option', ['x'], 2, /缺少选项名/],
    [
      'a bad date',
      ['--scheme', scheme, '--roster', 'r', '--records', 'r', '--from', '2022-02-30'],
      2,
      /2022-02-30/,
    ],
    [
      'a window from after to',
      ['--scheme', scheme, '--roster', 'r', '--records', 'r', '--from', '2022-03-02', '--to', '2022-03-01'],
      2,
      /晚于/,
    ],
    ['a bad format', ['--scheme', scheme, '--roster', 'r', '--records', 'r', '--format', 'xml'], 2, /xml/],
    [
      'a missing file',
      ['--scheme', scheme, '--roster', roster, '--records', 'none.csv'],
      1,
      /读不了文件 none.csv：没有这个文件/,
    ],
    [
      'a missing scheme',
      ['--scheme', 'none.yml', '--roster', roster, '--records', roster],
      1,
      /读不了文件 none.yml/,
    ],
    [
      'a file of another kind',
      ['--scheme', scheme, '--roster', roster, '--records', roster],
      1,
      /roster.csv：/,
    ],
    [
      'an empty file',
      ['--scheme', scheme, '--roster', roster, '--records', file('empty.csv', '')],
      1,
      /empty.csv：/,
    ],
  ]
  it.each(mistakes)('refuses %s with a sentence', async (_, args, code, sentence) => {
    expect(await run(args)).toBe(code)
    expect(errors).toMatch(sentence)
    expect(errors).not.toMatch(/\n\s+at /)
  })
})
