import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeGbk } from '@space-assistant/core/scoring/lines/gbk'
import type { Problem, RosterRow } from '@space-assistant/core/formats/rows'
import { parse, parsed } from './fixture'

const header = '学校代码,学校名称,街镇,学段,姓名,账号,角色,状态,任教学科,空间开通'
const usually = (weight: number, usual: string[], odd: string[]) =>
  fc.oneof(
    { weight, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  )
const cells = [
  usually(20, ['S1', 'S2', '00042'], ['', ' S1', 'Ｓ1', "'S2", '合计', '1.2E+17', '="S1"', '序号']),
  usually(20, ['第一小学', '第二 中学'], ['', '小计', '学校名称', '"第一,小学"', '第一小学13812345678']),
  usually(20, ['东镇', ''], [' 东镇', '东镇合计', '=A1']),
  usually(20, ['小学', '完小', ''], ['小 学', '幼儿园']),
  usually(
    8,
    ['张三', '李四', '欧阳娜娜'],
    ['', '张 三', 'Li Si', '王\u200b五', '合计', '赵"六', '㐂田', '甲'.repeat(60)],
  ),
  usually(
    8,
    ['t1', 't2', 't3', 't4', 't5', 't6', '42010001', '42010002'],
    [
      ...[
        '',
        'T1',
        ' t1',
        't 1',
        '４２０１０００１',
        '42010001.0',
        '1E5',
        '1e+17',
        '420106199001011237',
        '账号',
      ],
      ...['123456789012345678', '"t1"', '=1+1', '="00042"', 't'.repeat(70), "t1'"],
    ],
  ),
  usually(20, ['教师', '管理员、教师'], ['', '角色', '教师,', '校长', ' 教师']),
  usually(20, ['在岗', '退休', ''], ['在职', '休假']),
  usually(20, ['语文', '数学', ''], ['语 文', '=B2']),
  usually(20, ['是', '否', ''], ['也许', '√']),
]
const line = fc.oneof(
  { weight: 15, arbitrary: fc.tuple(...cells).map((row) => row.join(',')) },
  { weight: 1, arbitrary: fc.constantFrom('', ',,,,,,,,,', '合计,,,,,,,,,9', 'S1,第一小学', header) },
)
const encodings = {
  plain: (text: string) => Buffer.from(text),
  bom: (text: string) => Buffer.from(`\ufeff${text}`),
  gbk: (text: string) => encodeGbk(text) ?? Buffer.from(text),
}

/** What the reader says of each line under the header alone, where nothing is like an earlier row. */
async function oneByOne(head: string, lines: readonly string[], bytes: (text: string) => Uint8Array) {
  const rows: RosterRow[] = []
  const problems: Problem[] = []
  const first = new Map<string, RosterRow>()
  const above = head.split('\n').length
  for (const [index, text] of lines.entries()) {
    const file = await parse(bytes(`${head}\n${text}\n`), { kind: 'roster' })
    if (file.kind !== 'roster') continue
    const row = above + index + 1
    for (const problem of file.problems) problems.push({ ...problem, row })
    for (const one of file.rows) {
      const known = first.get(one.account)
      if (!known) rows.push({ ...one, row })
      else if (JSON.stringify({ ...known, row }) !== JSON.stringify({ ...one, row })) {
        const params = { value: one.account, first: known.row }
        problems.push({ row, column: '账号', code: 'duplicate-account', params })
      }
      if (!known) first.set(one.account, { ...one, row })
    }
  }
  return { rows, problems }
}

describe('rows of a roster that are like earlier ones', () => {
  it('are understood, or refused, as if they were read alone', async () => {
    let understood = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 25 }),
        fc.constantFrom(header, `某区教师名册\n${header}`),
        fc.constantFrom<keyof typeof encodings>('plain', 'bom', 'gbk'),
        fc.constantFrom('\n', '\r\n'),
        async (lines, head, encoding, end) => {
          const bytes = encodings[encoding]
          const expected = await oneByOne(head, lines, bytes)
          if (!expected.rows.length && !expected.problems.length) return
          const text = [head, ...lines].join(end)
          const { rows, problems } = await parsed('roster', bytes(text), { kind: 'roster' })
          expect({ rows, problems }).toEqual(expected)
          understood += rows.length
        },
      ),
      { numRuns: 200 },
    )
    expect(understood).toBeGreaterThan(300)
  })

  it('are no different where the columns stand otherwise or some are missing', async () => {
    const people = ['t1', 't2', 't3'].map((account) => `${account},张三,教师,第一小学,S1`)
    const { rows } = await parsed(
      'roster',
      Buffer.from(['账号,姓名,角色,学校,学校代码', ...people].join('\n')),
    )
    expect(rows.map(({ row, account, state, town }) => [row, account, state, town])).toEqual([
      [2, 't1', 'active', undefined],
      [3, 't2', 'active', undefined],
      [4, 't3', 'active', undefined],
    ])
  })
})
