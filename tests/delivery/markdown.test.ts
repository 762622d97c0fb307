import { markdownOf } from '@space-assistant/core/delivery/markdown'
import { withoutLinks } from '@space-assistant/core/delivery/link-free'
import { describe, expect, test } from 'vitest'

describe('plain text where everything is rendered as markdown', () => {
  const cases: [title: string, text: string, shown: string][] = [
    ['places that are shared are not renumbered', '1. 甲\n2. 乙\n2. 丙\n4. 丁', '1、甲\n2、乙\n2、丙\n4、丁'],
    ['a masked number keeps its asterisks', '138****5678', '138＊＊＊＊5678'],
    ['what somebody quotes is no quotation', '> 原话', '＞ 原话'],
    ['a decimal number stays', '得分 2.5\n2.5 分', '得分 2.5\n2.5 分'],
    ['a ticket number stays', '#1001 已处理', '#1001 已处理'],
  ]
  test.each(cases)('%s', (_title, text, shown) => expect(markdownOf(text)).toBe(shown))
})

describe('text in which no platform finds a domain', () => {
  const cases: [title: string, text: string, shown: string][] = [
    ['a number in front of a word', '1.登录 2.上传', '1．登录 2．上传'],
    ['a domain in Chinese', '见 学校.中国', '见 学校．中国'],
    ['a decimal number stays', '2.5 分，第 3.10 条', '2.5 分，第 3.10 条'],
    ['a sentence stays', '好的。第1名', '好的。第1名'],
  ]
  test.each(cases)('%s', (_title, text, shown) => expect(withoutLinks(text)).toBe(shown))
})
