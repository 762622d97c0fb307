import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { byteLength, splitText, textLimits } from '@space-assistant/core/delivery/split'

const family = '👨‍👩‍👧‍👦' // 25 bytes, one character for a reader
const flag = '🇨🇳'
const accented = 'e\u0301'

describe('splitText', () => {
  const cases: [title: string, text: string, limit: number, parts: string[]][] = [
    ['an empty text has no parts', '', 10, []],
    ['a text that just fits stays whole', '空间登录', 12, ['空间登录']],
    ['one byte too many makes two parts, not half a character', '空间登录', 11, ['空间登', '录']],
    ['a surrogate pair is never halved', '𠮷𠮷', 7, ['𠮷', '𠮷']],
    ['a family of four is one character', `ab${family}c`, 26, ['ab', `${family}c`]],
    ['a flag is one character', `abc${flag}`, 10, ['abc', flag]],
    ['a combining accent stays with its message', `abc${accented}`, 5, ['abc', accented]],
    ['a line end in the second half is preferred', '一二三\n四五六', 13, ['一二三\n', '四五六']],
    [
      'a line end near the beginning is not, or there would be too many parts',
      '一\n二三四五',
      15,
      ['一\n二三四', '五'],
    ],
    [
      'a character longer than the limit is cut between code points',
      family,
      10,
      ['👨\u200d', '👩\u200d', '👧\u200d', '👦'],
    ],
    ['\\r\\n counts as one line end', 'ab\r\ncd', 5, ['ab\r\n', 'cd']],
  ]
  test.each(cases)('%s', (_title, text, limit, parts) => {
    expect(splitText(text, limit)).toEqual(parts)
  })

  test('25: 20480 bytes are never cut inside a character', () => {
    const parts = splitText('育才'.repeat(10_000), textLimits.wecom)
    expect(parts.map(byteLength)).toEqual([20478, 20478, 19044])
    expect(parts.join('')).not.toContain('\ufffd')
  })

  test('any text comes back whole, in parts that fit and are well formed', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('\n', family, flag, accented, '空', '\ud800'), fc.string()),
    })
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 200 }), (whole, limit) => {
        const parts = splitText(whole, limit)
        expect(parts.join('')).toBe(whole)
        for (const part of parts) {
          expect(part).not.toBe('')
          expect(byteLength(part)).toBeLessThanOrEqual(limit)
        }
        for (let i = 1; i < parts.length; i++) {
          const border = parts[i - 1]!.slice(-1) + parts[i]![0]!
          expect(/^[\ud800-\udbff][\udc00-\udfff]$/.test(border)).toBe(false)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('a limit below 4 bytes is a mistake of the caller', () => {
    expect(() => splitText('x', 3)).toThrow('limit is 3, permitted is 4 or more')
  })

  test('a megabyte in one line is cut without delay', () => {
    const started = performance.now()
    expect(splitText('字'.repeat(350_000), textLimits.qq).length).toBe(584)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
