// Makes the Word templates of the awards once: nomination form, score sheet of a judge, publicity and commendation.
// Staff change config/templates/ in Word afterwards; run it again only to start over.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import PizZip from 'pizzip'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const target = resolve(root, 'config/templates')
const { tags, templates, fonts } = JSON.parse(
  readFileSync(resolve(root, 'plugins/documents/words.json'), 'utf8'),
)
const texts = JSON.parse(readFileSync(resolve(root, 'plugins/awards/words.json'), 'utf8')).templates

const twips = (mm) => Math.round((mm / 25.4) * 1440)
const tag = (key) => `{${tags[key]}}`
const open = (key) => `{#${tags[key]}}`
const close = (key) => `{/${tags[key]}}`
/** A text of words.json with its `{keys}` made tags. */
const said = (text) => text.replace(/\{(\w+)\}/g, (_, key) => tag(key))

function face(font, size) {
  return `<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="${fonts[font]}"/><w:sz w:val="${size * 2}"/><w:szCs w:val="${size * 2}"/></w:rPr>`
}

function paragraph(
  text,
  { font = 'body', size = 16, align = 'both', indent = 0, line = 28, broken = false } = {},
) {
  const indents = indent
    ? `<w:ind w:firstLineChars="${indent * 100}" w:firstLine="${indent * size * 20}"/>`
    : ''
  const spacing = `<w:spacing w:before="0" w:after="0" w:line="${line * 20}" w:lineRule="exact"/>`
  const run = `<w:r>${face(font, size)}<w:t xml:space="preserve">${text}</w:t></w:r>`
  return `<w:p><w:pPr>${broken ? '<w:pageBreakBefore/>' : ''}${spacing}${indents}<w:jc w:val="${align}"/></w:pPr>${run}</w:p>`
}

const title = (text, more) => paragraph(text, { font: 'title', size: 22, align: 'center', line: 36, ...more })

function table(rows, widths) {
  const border = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
    .map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
    .join('')
  const cell = (text, width) =>
    `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>${paragraph(text, { size: 12, line: 24 })}</w:tc>`
  const body = rows
    .map(
      (cells) =>
        `<w:tr><w:trPr><w:cantSplit/></w:trPr>${cells.map((text, at) => cell(text, widths[at])).join('')}</w:tr>`,
    )
    .join('')
  const grid = widths.map((width) => `<w:gridCol w:w="${width}"/>`).join('')
  return `<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/><w:tblBorders>${border}</w:tblBorders></w:tblPr><w:tblGrid>${grid}</w:tblGrid>${body}</w:tbl>`
}

const list = [
  paragraph(open('awards')),
  paragraph(said(texts.list), { indent: 2 }),
  paragraph(tag('names'), { indent: 2 }),
  paragraph(close('awards')),
]
const ending = [
  paragraph(''),
  paragraph(tag('issuer'), { align: 'right' }),
  paragraph(tag('date'), { align: 'right' }),
]

const documents = {
  awardNomination: [
    paragraph(open('pages')),
    title(said(texts.nomination), { broken: true }),
    paragraph(''),
    table(
      texts.nominationRows.map(([name, value]) => [name, said(value)]),
      [2400, 6400],
    ),
    paragraph(close('pages')),
  ],
  awardSheet: [
    paragraph(open('pages')),
    title(said(texts.sheet), { broken: true }),
    paragraph(said(texts.sheetJudge)),
    paragraph(said(texts.sheetCriteria)),
    table(
      [
        texts.sheetHead,
        [`${open('rows')}${tag('number')}`, tag('name'), tag('school'), '', '', close('rows')],
      ],
      [900, 1600, 2600, 1900, 900, 900],
    ),
    paragraph(''),
    paragraph(texts.signature),
    paragraph(close('pages')),
  ],
  awardPublicity: [
    title(said(texts.publicity)),
    paragraph(''),
    paragraph(said(texts.publicityText), { indent: 2 }),
    ...list,
    paragraph(said(texts.publicityFoot), { indent: 2 }),
    ...ending,
  ],
  awardCommendation: [
    title(said(texts.commendation)),
    paragraph(''),
    paragraph(said(texts.commendationText), { indent: 2 }),
    ...list,
    paragraph(texts.commendationFoot, { indent: 2 }),
    ...ending,
  ],
}

const space = 'http://schemas.openxmlformats.org'
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const [top, bottom, left, right] = [37, 35, 28, 26].map(twips)
const section = `<w:sectPr><w:pgSz w:w="${twips(210)}" w:h="${twips(297)}"/><w:pgMar w:top="${top}" w:right="${right}" w:bottom="${bottom}" w:left="${left}" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr>`
mkdirSync(target, { recursive: true })
for (const [name, body] of Object.entries(documents)) {
  const parts = {
    '[Content_Types].xml': `${head}<Types xmlns="${space}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': `${head}<Relationships xmlns="${space}/package/2006/relationships"><Relationship Id="rId1" Type="${space}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `${head}<w:document xmlns:w="${space}/wordprocessingml/2006/main"><w:body>${body.join('')}${section}</w:body></w:document>`,
  }
  const zip = new PizZip()
  // A fixed date, so that the same template has the same bytes.
  for (const [path, text] of Object.entries(parts))
    zip.file(path, text, { date: new Date('2022-01-01T00:00:00Z') })
  writeFileSync(
    resolve(target, templates[name]),
    zip.generate({ type: 'nodebuffer', compression: 'DEFLATE' }),
  )
  console.log(`config/templates/${templates[name]}`)
}
