import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { wordKey } from '@space-assistant/core/text/normalise'

const path = resolve(import.meta.dirname, '../../config/headers.yml')
const text = readFileSync(path, 'utf8')

describe('config/headers.yml', () => {
  const headers = parseHeaders(text, 'config/headers.yml')

  it('knows the standard columns of domain words', () => {
    expect(headers.columns.roster.get('学校代码')).toBe('schoolCode')
    expect(headers.columns.records.get(wordKey('完善项数 *'))).toBe('items')
    expect(headers.columns.records.get(wordKey('时长（分钟）'))).toBe('minutes')
    expect(headers.columns.roster.get(wordKey('学校代码【必填】'))).toBe('schoolCode')
    expect(headers.columns.records.get(wordKey('记录ID'))).toBe('recordId')
    expect(headers.names.snapshot.get('day')).toBe('截止日期')
    expect(headers.roles.get('管理员')).toBe('administrator')
    expect(headers.states.get('离岗')).toBe('departed')
    expect(headers.answers.get('是')).toBe(true)
    expect(headers.answers.get('1')).toBe(true)
    expect(headers.answers.get('no')).toBe(false)
    expect([...new Set(headers.stages.values())]).toEqual([
      '小学',
      '初中',
      '九年一贯制',
      '高中',
      '职校',
      '特校',
    ])
    expect(headers.totals.has('合计')).toBe(true)
  })
})

describe('a mistake in headers.yml names its place, what was found and what is permitted', () => {
  it.each([
    [
      'a doubled alias',
      text.replace('姓名, 教师姓名', '姓名, 账 号'),
      /headers\.yml 第 \d+ 行 columns\.roster\.account: “账号”同时写在 columns\.roster\.name；允许的是：/,
    ],
    [
      'an unknown column',
      text.replace('    subject:', '    subjct:'),
      /第 \d+ 行 columns\.roster\.subjct: 不认识“subjct”这一项；允许的是：schoolCode、/,
    ],
    [
      'a missing group',
      text.replace(/^totals:.*$/m, ''),
      /headers\.yml totals: 缺少这一项；允许的是：一个列表/,
    ],
    [
      'a text in place of a list',
      text.replace(/^totals:.*$/m, 'totals: 合计'),
      /第 \d+ 行 totals: 写的是“合计”，不对；允许的是：一个列表/,
    ],
    [
      'an empty list',
      text.replace(/^totals:.*$/m, 'totals: []'),
      /totals: 写的是“\[\]”，不对；允许的是：一个列表/,
    ],
    ['an empty file', '', /headers\.yml: 缺少这一项；允许的是：columns、awards、roles、/],
    ['a tab', text.replace('  roster:', '\troster:'), /headers\.yml 第 \d+ 行: 这一行里有制表符/],
    ['a word that is yes and no', text.replace('no: [否', 'no: [是'), /no: “是”同时写在/],
    [
      'a column twice',
      text.replace('    town:', '    stage: [学段]\n    town:'),
      /第 \d+ 行: “stage”写了两次/,
    ],
  ])('%s', (_, broken, message) => {
    expect(broken).not.toBe(text)
    expect(() => parseHeaders(broken, 'config/headers.yml')).toThrow(message)
  })
})
