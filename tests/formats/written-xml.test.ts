import { describe, expect, it } from 'vitest'
import { bookParts, parsed, refusal, sheetXml, zip } from './fixture'

const header = ['账号', '指标', '时间', '次数']

describe('XML as other programs write it', () => {
  it('prefixes, comments, CDATA, single quotes, rich text and phonetic guides', async () => {
    const sheet = `<?xml version="1.0"?><x:worksheet xmlns:x="u"><x:sheetData><!-- <x:row> --><x:row r='1'>
      ${header.map((title) => `<x:c t='inlineStr'><x:is><x:r><x:t>${title[0]}</x:t></x:r><x:r><x:t>${title.slice(1)}</x:t></x:r></x:is></x:c>`).join('')}
      </x:row><x:row r='3'><x:c r='A3' t='s'><x:v>1</x:v></x:c><x:c r='B3' t='inlineStr'><x:is><x:t><![CDATA[空间登录]]></x:t></x:is></x:c>
      <x:c r='C3' t='s'><x:v>0</x:v></x:c><x:c r='D3'><x:v>1.0E0</x:v></x:c></x:row></x:sheetData></x:worksheet>`
    const strings = `<sst><si><t xml:space="preserve">2022-03-09</t><rPh sb="0" eb="1"><t>さん</t></rPh></si><si><r><t>u</t></r><r><t>1&amp;2&#x41;_x0042_</t></r></si><si/></sst>`
    const file = await parsed('records', zip(bookParts(sheet, { 'xl/sharedStrings.xml': strings })))
    expect(file.rows).toMatchObject([{ row: 3, account: 'u1&2AB', indicator: '空间登录', count: 1 }])
  })

  it('what other programs keep in lists of extensions is no part of a cell, and no row', async () => {
    const own = '<extLst><ext uri="{0}"><z:v xmlns:z="urn:other">9</z:v></ext></extLst>'
    const rows = [header, ['u1', '空间登录', '2022-03-09', `<c><v>1</v>${own}</c>`]]
    const after = '<extLst><ext><z:row xmlns:z="urn:other"><z:c><z:v>9</z:v></z:c></z:row></ext></extLst>'
    const file = await parsed('records', zip(bookParts(sheetXml(rows, after))))
    expect(file.rows).toMatchObject([{ row: 2, account: 'u1', count: 1 }])
    expect(file.problems).toEqual([])
  })

  it('an instruction that the parser would take for text is refused', async () => {
    const rows = [header, ['u1', '空间登录', '2022-03-09', '<c t="inlineStr"><is><t>1<?a > 2?></t></is></c>']]
    expect(await refusal(zip(bookParts(sheetXml(rows))))).toMatchObject({ code: 'broken-file' })
  })
})
