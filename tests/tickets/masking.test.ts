import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutMasked, mask, reveal } from '../../src/text/number-masking'

const masked: [string, string, string][] = [
  ['a mobile number', '电话13800138000谢谢', '电话138****8000[*1]谢谢'],
  ['with spaces', '电话 138 0013 8000', '电话 138****8000[*1]'],
  ['with dashes', '138-0013-8000', '138****8000[*1]'],
  ['in full width', '１３８００１３８０００', '138****8000[*1]'],
  ['in full width with full-width dashes', '１３８－００１３－８０００', '138****8000[*1]'],
  ['every digit apart', '1 3 8 0 0 1 3 8 0 0 0', '138****8000[*1]'],
  ['with an invisible character', '138\u200b00138000', '138****8000[*1]'],
  ['with +86', '+86 138 0013 8000', '138****8000[*1]'],
  ['with 86 at once', '8613800138000', '138****8000[*1]'],
  ['with dots', '138.0013.8000', '138****8000[*1]'],
  ['over two lines', '138\n00138000', '138****8000[*1]'],
  ['a fixed line', '办公室0716-7212345', '办公室071****2345[*1]'],
  ['an identity number', '身份证421081199003074321', '身份证4210**********4321[*1]'],
  ['with x', '42108119900307432x', '4210**********432x[*1]'],
  ['in full width with X', '４２１０８１１９９００３０７４３２Ｘ', '4210**********432X[*1]'],
  ['with spaces in it', '421081 19900307 4321', '4210**********4321[*1]'],
  ['of the old kind', '421081900307432', '4210*******7432[*1]'],
  ['two numbers', '13800138000或13900139000', '138****8000[*1]或139****9000[*2]'],
  ['two numbers with a space between', '13800138000 13900139000', '138****8000[*1] 139****9000[*2]'],
  ['a number behind letters', 'tel13800138000', 'tel138****8000[*1]'],
  ['with brackets', '电话138(1234)5678', '电话138****5678[*1]'],
  ['with full-width brackets', '１３８（１２３４）５６７８', '138****5678[*1]'],
  ['with slashes', '138/1234/5678', '138****5678[*1]'],
  ['with full-width slashes and spaces', '138／1234　5678', '138****5678[*1]'],
  ['in circled digits', '①③⑧①②③④⑤⑥⑦⑧', '138****5678[*1]'],
  ['in other circled digits', '❶❸❽⑴⑵⑶⑷➄➅➆➇', '138****5678[*1]'],
  ['in words', '一三八一二三四五六七八', '138****5678[*1]'],
  ['in words as people say them', '电话幺三八〇〇一三八〇〇零，谢谢', '电话138****8000[*1]，谢谢'],
  ['half in words', '138一二三四5678', '138****5678[*1]'],
  ['behind a word for a number', '一13800138000', '一138****8000[*1]'],
  ['with a mark that turns the direction', '138\u202e1234\u202c5678', '138****5678[*1]'],
  ['an identity number in words', '四二一零八一一九九零零三零七四三二一', '4210**********4321[*1]'],
  ['a phone before a date', '13800138000 2022-03-09', '138****8000[*1] 2022-03-09'],
]
const untouched: [string, string][] = [
  ['a score', '积分 138'],
  ['dates', '2022-03-09 08:00 至 2022-03-15 17:30'],
  ['an account of 17 digits that is no identity number', '账号 42010620220000012'],
  ['18 digits without a date of birth', '420106999999999999'],
  ['a phone number inside a longer number', '9138001380001'],
  ['a school code', '学校代码 2142000123'],
  ['a ticket number', '#1024'],
  ['a class in words', '三年级二班有四十五人，一共六个班'],
  ['dates with slashes', '2022/03/09 到 2022/3/15，共 138 次'],
  ['nothing', ''],
]

describe('masking', () => {
  it.each(masked)('takes out %s', (_, text, expected) => expect(mask(text).text).toBe(expected))
  it.each(untouched)('leaves %s', (_, text) => expect(mask(text)).toEqual({ text, secrets: [] }))
  it.each(masked)('reveals what was typed: %s', (_, text) => {
    const { text: left, secrets } = mask(text)
    expect(reveal(left, secrets)).toBe(text)
  })

  it.each([
    ['电话 138****8000[*1] 谢谢', 24, '电话 138****8000[*1] 谢谢'],
    ['电话 138****8000[*1] 谢谢', 18, '电话 138****8000[*1]'],
    ['电话 138****8000[*1] 谢谢', 16, '电话'],
    ['电话 138****8000[*1] 谢谢', 5, '电话'],
    ['没有号码的一句话', 4, '没有号码'],
  ])('is cut beside a number, never within: %s at %d', (text, most, expected) => {
    expect(cutMasked(text, most)).toBe(expected)
  })

  it('goes on with tokens that are free and does not mask twice', () => {
    const first = mask('13800138000')
    const second = mask(`${first.text} 13900139000`, 2)
    expect(second.text).toBe('138****8000[*1] 139****9000[*2]')
    expect(mask(second.text, 3).secrets).toEqual([])
    expect(reveal(second.text, [...first.secrets, ...second.secrets])).toBe('13800138000 13900139000')
    expect(reveal(second.text, [])).toBe(second.text)
  })

  it('never lets a mobile number through, however its digits are set apart, and loses no other text', () => {
    const phone = fc
      .tuple(fc.constantFrom('3', '5', '7', '8', '9'), fc.stringMatching(/^\d{9}$/))
      .map(([a, b]) => `1${a}${b}`)
    const gap = fc.constantFrom('', '', '', ' ', '-', '－', '　', '·', '\u200b', ' - ')
    const wide = (text: string) => text.replace(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0))
    const words = fc.constantFrom('', '老师您好', '电话：', '，麻烦看看', ' ok ', '在', '（王）')
    fc.assert(
      fc.property(
        words,
        phone,
        fc.array(gap, { minLength: 10, maxLength: 10 }),
        fc.boolean(),
        words,
        (a, number, gaps, isWide, b) => {
          const typed = [...number].map((digit, i) => digit + (gaps[i] ?? '')).join('')
          const text = a + (isWide ? wide(typed) : typed) + b
          const { text: left, secrets } = mask(text)
          const digits = left
            .replace(/\[\*\d+\]/g, '')
            .normalize('NFKC')
            .replace(/\D/g, '')
          expect(secrets).toHaveLength(1)
          expect(digits).toBe(number.slice(0, 3) + number.slice(-4))
          expect(reveal(left, secrets)).toBe(text)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('does not hang on long runs of digits', () => {
    const start = performance.now()
    mask('1 '.repeat(20_000))
    mask('4'.repeat(40_000))
    mask('138 '.repeat(10_000))
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
