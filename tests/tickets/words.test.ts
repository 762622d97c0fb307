import { expect, it } from 'vitest'
import { tokenize, without, splitReportWords } from '../../src/tickets/words'

const cases: [string, string[]][] = [
  ['', []],
  ['，。！', []],
  ['分', ['分']],
  ['备课', ['备课']],
  ['互动授课', ['互动', '动授', '授课']],
  ['ＡＰＰ闪退', ['app', '闪退']],
  ['用app登录', ['用', 'app', '登录']],
  ['𠮷野家', ['𠮷野', '野家']],
]
it.each(cases)('%s', (text, tokens) => expect(tokenize(text)).toEqual(tokens))

it('words longer than two characters are tokens of their own', () => {
  expect(tokenize('为什么')).toEqual(['为什', '什么', '为什么'])
  expect(splitReportWords('资源建设一周几分')).toContain('资源')
})

it('leaves out words, the longest first', () =>
  expect(without('请问老师怎么备课', ['请', '请问', '老师'])).toBe('  怎么备课'))
