import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeTables } from '@space-assistant/core/documents/table'
import { fillTemplate } from '@space-assistant/core/documents/template'
import { readXlsx } from 'hucre'
import PizZip from 'pizzip'
import { describe, expect, it } from 'vitest'
import { root } from '../house/sources'

const template = readFileSync(join(root, 'config/templates/通报.docx'))

/** A document of one paragraph. */
function paper(text: string): Uint8Array {
  const zip = new PizZip(template)
  const xml = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:body></w:document>`
  zip.file('word/document.xml', xml)
  zip.file('word/footer1.xml', xml.replace(text, ''))
  return zip.generate({ type: 'uint8array' })
}

const textIn = (bytes: Uint8Array) =>
  new PizZip(bytes)
    .file('word/document.xml')
    ?.asText()
    .replace(/<[^>]*>/g, '') ?? ''

describe('a template', () => {
  it('is filled, with what XML would take for its own', () => {
    const filled = fillTemplate(paper('致{谁}：{#各段}{内容}；{/各段}'), {
      谁: '张三 <script>&😀',
      各段: [{ 内容: '一' }, { 内容: '二' }],
    })
    expect(filled.ok && textIn(filled.bytes)).toBe('致张三 &lt;script&gt;&amp;😀：一；二；')
  })

  it.each([
    ['a tag that nothing is known of', '{标题}{落款的人}', [{ code: 'unknown-tag', tag: '落款的人' }]],
    ['an unclosed part', '{标题}{#各段}', [{ code: 'broken-tag', tag: '各段' }]],
    ['an unopened part', '{标题}{/各段}', [{ code: 'broken-tag', tag: '各段' }]],
    ['an unclosed brace', '{标题', [{ code: 'broken-tag', tag: '标题' }]],
  ])('with %s is refused, and the tag is named', (_, text, problems) => {
    expect(fillTemplate(paper(text), { 标题: '通报' })).toEqual({ ok: false, problems })
  })

  it('that is no document is refused', () => {
    expect(fillTemplate(Buffer.from('not a document'), {})).toEqual({
      ok: false,
      problems: [{ code: 'no-document', tag: '' }],
    })
  })
})

it('texts of a table never become formulas, and its sheet has a name that Excel takes', async () => {
  const bytes = await writeTables([
    {
      ...{ name: '名单[2022]:教师/学校?'.repeat(4), title: '=A1', lines: ['+1', '@SUM(A1)'] },
      columns: [
        { header: '姓名', width: 10, kind: 'text' },
        { header: '得分', width: 10, kind: 'number' },
      ],
      rows: [
        ['=1+1', 12.5],
        ['-2', null],
      ],
    },
  ])
  expect(new PizZip(bytes).file('xl/worksheets/sheet1.xml')?.asText()).not.toContain('<f')
  const { sheets } = await readXlsx(bytes)
  expect(sheets[0]?.rows.slice(3)).toEqual([
    ['姓名', '得分'],
    ['=1+1', 12.5],
    ['-2', null],
  ])
  expect(sheets[0]?.name).not.toMatch(/[[\]:*?/\\]/)
  expect(Array.from(sheets[0]?.name ?? '').length).toBeLessThanOrEqual(31)
})
