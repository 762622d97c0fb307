import fc from 'fast-check'
import { encodeGbk } from '@space-assistant/core/text/gbk'

export const header = '学校代码,学校名称,街镇,学段,姓名,账号,角色,状态,任教学科,空间开通'
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
/** Lines of a roster, some with one of the things that people write in them. */
export const line = fc.oneof(
  { weight: 15, arbitrary: fc.tuple(...cells).map((row) => row.join(',')) },
  { weight: 1, arbitrary: fc.constantFrom('', ',,,,,,,,,', '合计,,,,,,,,,9', 'S1,第一小学', header) },
)
export const encodings = {
  plain: (text: string) => Buffer.from(text),
  bom: (text: string) => Buffer.from(`\ufeff${text}`),
  gbk: (text: string) => encodeGbk(text) ?? Buffer.from(text),
}
