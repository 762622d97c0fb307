import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ParseOptions } from '@space-assistant/core/formats/parse'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import { parseDay } from '@space-assistant/core/calendar/day'
import { headers, parse } from './fixture'

/** Files of invented people, each as some program wrote it and some earlier reader misread it. */
const file = (name: string) => readFileSync(resolve(import.meta.dirname, 'files', name))

/** What is understood of a file, a line for each row, and the sentence of each refused one. */
async function read(name: string, options: Partial<ParseOptions> = {}): Promise<string[]> {
  const found = await parse(file(name), options)
  if (found.kind === 'refusal') return [`! ${describeRowProblem(found)}`]
  const rows = found.rows.map((row) =>
    Object.values({ ...row, row: undefined, attributes: undefined, valid: undefined })
      .filter((value) => value !== undefined)
      .join(' '),
  )
  return [...rows, ...found.problems.map(({ row, column, code }) => `! ${row} ${column} ${code}`)]
}
const day = (text: string) => parseDay(text) ?? 0
const [ninth, tenth, eleventh] = ['2022-03-09', '2022-03-10', '2022-03-11'].map(day)

describe('files as people bring them', () => {
  it.each<[string, string[]]>([
    // An empty cell of the type "shared string" is empty, not the first string.
    [
      '01a-shared-string-without-value-roster.xlsx',
      ['S001 第一小学 张三 t501 teacher', 'S001 第一小学 李四 t502 teacher'],
    ],
    // A page break behind the rows leaves merged cells as they are.
    [
      '02a-merge-and-page-break-row-refused.xlsx',
      [
        'S001 第一小学 张三 t601 teacher 城关',
        'S001 第一小学 李四 t602 teacher 城关',
        'S002 第二小学 王五 t603 teacher 江北',
      ],
    ],
    // What is shown counts: 7 in the format 00000 is 00007.
    ['03a-number-format-zeros.xlsx', ['00007 第七小学 乙 0000000124 teacher']],
    ['03b-number-format-zeros.xls', ['00007 第七小学 乙 0000000124 teacher']],
    // One cell or title full of other marks does not decide what parts the cells.
    ['04a-semicolons-in-one-cell.csv', [`t001 信息完善 ${ninth} 1`]],
    [
      '04c-title-with-commas-over-tabs.txt',
      [`t001 课件制作 ${ninth} 480 1`, `t002 课件制作 ${tenth} 480 2`, `t003 空间登录 ${eleventh} 480 1`],
    ],
    ['semicolons.csv', ['001 一小 张三 zs teacher', '001 一小 李四 ls teacher']],
    // What stands in brackets is said, too.
    [
      '05a-role-in-brackets.xlsx',
      [
        'S001 第一小学 甲 x1 administrator,teacher',
        'S001 第一小学 乙 x2 administrator,teacher',
        'S001 第一小学 丙 x3 administrator,teacher',
        '! 5 学校名称 school-differs',
        '! 6 姓名 state-in-name',
      ],
    ],
    [
      '06-one-code-two-school-names.xlsx',
      ['S001 第一小学 张三 t001 teacher', 'S009 第一小学 王五 t009 teacher', '! 3 学校名称 school-differs'],
    ],
    // Other tables under the name of a spreadsheet.
    [
      '07a-html-table-no-html-tag.xls',
      [`t001 课件制作 ${ninth} 480 1`, `t002 课件制作 ${tenth} 480 2`, `t003 空间登录 ${eleventh} 480 1`],
    ],
    [
      '07c-xml2003.xls',
      [`t001 课件制作 ${ninth} 480 1`, `t002 课件制作 ${tenth} 480 2`, `t003 空间登录 ${eleventh} 480 1`],
    ],
    // Sheets are found by relation, elements whatever their prefix.
    [
      '08a-sheet-part-outside-worksheets.xlsx',
      [`t001 课件制作 ${ninth} 480 1`, `t002 课件制作 ${tenth} 480 2`, `t003 空间登录 ${eleventh} 480 1`],
    ],
    ['08c-prefix-below-an-unprefixed-root.xlsx', [`t001 课件制作 ${ninth} 1`]],
    [
      'roster-as-miniexcel.xlsx',
      [
        '001 一小 张三 00123 teacher',
        '001 一小 李四 1550432695793487872 teacher',
        '002 二小 王五 1e5 teacher',
      ],
    ],
    // Ends of texts.
    ['09-utf8-cut-at-end.csv', [`t001 课件制作 ${ninth} 1`, '! 3 指标 missing']],
    ['10-dos-eof-1a.csv', [`t001 课件制作 ${ninth} 1`]],
    ['literal-quotes.csv', ['001 "一小" 张三 zs teacher']],
    // Personal numbers are not stored.
    [
      '11-phone-as-code.xlsx',
      [
        'S001 第一小学 李 y2 teacher 城关',
        'S001 第一小学 赵 y413800138000 teacher',
        '! 2 账号 identity-number',
        '! 3 账号 phone-number',
        '! 5 学校代码 personal-number',
      ],
    ],
    // Codes that are none, and one that only looks like a number.
    [
      '12-dot-zero-account.xlsx',
      ['S001 第一小学 乙 2022E01 teacher', '! 2 账号 code-not-whole', '! 4 账号 code-not-whole'],
    ],
    [
      '13-zeros-stripped-inside-one-file.xlsx',
      ['042001 甲校 一 00123 teacher', '! 3 账号 code-lost-zeros', '! 4 账号 code-lost-zeros'],
    ],
    // A formula that fills several cells is one in each of them.
    ['roster-array-formula.xlsx', ['! 2 账号 formula-cell', '! 3 账号 formula-cell']],
    ['roster-error-cell.xls', ['! 2 账号 error-cell']],
    ['two-row-header.xls', ['001 一小 张三 zs teacher']],
    [
      'gap-missing-account.xls',
      ['! 看起来是名册（表头在第 1 行，认出了：学校代码、学校名称、姓名、角色），但缺少必需的列：账号。'],
    ],
    [
      'gap-school-list.xls',
      ['! 找不到表头。第 1 行看到的是：序号、学校；需要的列名例如：账号、指标、时间。'],
    ],
  ])('%s', async (name, lines) => {
    expect(await read(name)).toEqual(lines)
  })

  it('errors have their names in old files, too', async () => {
    const found = await parse(file('roster-error-cell.xls'))
    if (found.kind === 'refusal') throw new Error(found.code)
    expect(found.problems.map((problem) => describeRowProblem(problem))).toEqual([
      '第 2 行 “账号”：单元格里是错误值 #N/A，请改正。',
    ])
  })

  it('accounts may be phone numbers where staff have set so, identity numbers never', async () => {
    const lines = await read('11-phone-as-code.xlsx', { headers: { ...headers, phoneAccounts: true } })
    expect(lines).toContain('S001 第一小学 张三 13800138000 teacher 城关 语文')
    expect(lines).toContain('! 2 账号 identity-number')
    expect(lines).toContain('! 5 学校代码 personal-number')
  })

  it('columns that nothing is read of are told, with the header that may have been meant', async () => {
    const bytes = Buffer.from(
      '学校代码,学校名称,姓名,账号,角色,在职情况,备注\n001,一小,张三,zs,教师,退休,a\n',
    )
    expect(await parse(bytes)).toMatchObject({
      withState: false,
      unread: [{ title: '在职情况', nearest: '在职状态' }, { title: '备注' }],
    })
    const schools = Buffer.from('学校代码,学校名称,三年级以上学生数\n001,一小,300\n')
    expect(await parse(schools)).toMatchObject({
      unread: [{ title: '三年级以上学生数', nearest: '三年级及以上学生数' }],
    })
  })
})
