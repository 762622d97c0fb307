import { expect, it } from 'vitest'
import { LocalizedTexts } from '@space-assistant/core/delivery/wording'

const wordings = new LocalizedTexts({
  'zh-CN': { a: { b: '你好{name}' } },
  'en-US': { a: { b: 'hello {name}{other}' } },
})

it.each([
  [[], '你好$&'],
  [['fr-FR'], '你好$&'],
  [['en-GB', 'zh-CN'], 'hello $&{other}'],
  [['', 'zh'], '你好$&'],
])('speaks to readers of %j', (locales, text) => {
  expect(wordings.in(locales)('a.b', { name: '$&' })).toBe(text)
})

it('has no text for a key that there is not', () => {
  expect(wordings.in([])('a', {})).toBeUndefined()
  expect(wordings.in([])('a.c', {})).toBeUndefined()
})
