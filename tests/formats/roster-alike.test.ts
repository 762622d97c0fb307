import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Problem, RosterRow } from '@space-assistant/core/formats/rows'
import { parse, parsed } from './fixture'
import { encodings, header, line } from './odd-rosters'

/** What the reader says of each line under the header alone, where nothing is like an earlier row. */
async function oneByOne(head: string, lines: readonly string[], bytes: (text: string) => Uint8Array) {
  const rows: RosterRow[] = []
  const problems: Problem[] = []
  const first = new Map<string, RosterRow>()
  const schools = new Map<string, RosterRow>()
  const above = head.split('\n').length
  for (const [index, text] of lines.entries()) {
    const file = await parse(bytes(`${head}\n${text}\n`), { kind: 'roster' })
    if (file.kind !== 'roster') continue
    const row = above + index + 1
    for (const problem of file.problems) problems.push({ ...problem, row })
    for (const one of file.rows) {
      const known = first.get(one.account)
      const school = schools.get(one.schoolCode) ?? { ...one, row }
      if (!known && school.schoolName !== one.schoolName) {
        const params = {
          code: one.schoolCode,
          value: one.schoolName,
          first: school.row,
          earlier: school.schoolName,
        }
        problems.push({ row, column: '学校名称', code: 'school-differs', params })
        continue
      }
      if (!known) schools.set(one.schoolCode, school)
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
      [2, 't1', undefined, undefined],
      [3, 't2', undefined, undefined],
      [4, 't3', undefined, undefined],
    ])
  })
})
