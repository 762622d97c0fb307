// Makes the Word template of bulletins once, in the form of GB/T 9704-2012: A4, margins 37/35/28/26 mm, title 22 pt,
// body 16 pt with an exact line of 28 pt and an indent of two characters, page number between dashes. Staff change
// config/templates/ in Word afterwards; run it again only to start over.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import PizZip from 'pizzip'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const target = resolve(root, 'config/templates')
const { tags, templates, fonts, texts } = JSON.parse(
  readFileSync(resolve(root, 'plugins/documents/words.json'), 'utf8'),
)

const twips = (mm) => Math.round((mm / 25.4) * 1440)
const tag = (key) => `{${tags[key]}}`
const open = (key) => `{#${tags[key]}}`
const close = (key) => `{/${tags[key]}}`

function face(font, size, bold = false) {
  const names = `<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="${fonts[font]}"/>`
  return `<w:rPr>${names}${bold ? '<w:b/>' : ''}<w:sz w:val="${size * 2}"/><w:szCs w:val="${size * 2}"/></w:rPr>`
}

/** A paragraph; `indent` in characters, `line` in points exactly. */
function paragraph(
  text,
  { font = 'body', size = 16, align = 'both', indent = 0, line = 28, more = '', bold } = {},
) {
  const indents = indent
    ? `<w:ind w:firstLineChars="${indent * 100}" w:firstLine="${indent * size * 20}"/>`
    : more
  const spacing = `<w:spacing w:before="0" w:after="0" w:line="${line * 20}" w:lineRule="exact"/>`
  const run = `<w:r>${face(font, size, bold)}<w:t xml:space="preserve">${text}</w:t></w:r>`
  return `<w:p><w:pPr>${spacing}${indents}<w:jc w:val="${align}"/></w:pPr>${run}</w:p>`
}

const columns = [
  ['rank', 1000, 'center'],
  ['school', 2700, 'left'],
  ['town', 1300, 'left'],
  ['score', 1100, 'right'],
  ['change', 1200, 'center'],
  ['activation', 1200, 'right'],
  ['remark', 1200, 'left'],
]

function cell(text, width, align, bold) {
  const inner = paragraph(text, { font: bold ? 'heading' : 'body', size: 11, align, line: 18 })
  return `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>${inner}</w:tc>`
}

function table() {
  const border = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
    .map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
    .join('')
  const head = columns.map(([key, width]) => cell(texts[key], width, 'center', true)).join('')
  const row = columns.map(([key, width, align], i) => {
    const text = `${i === 0 ? open('rows') : ''}${tag(key)}${i === columns.length - 1 ? close('rows') : ''}`
    return cell(text, width, align, false)
  })
  const grid = columns.map(([, width]) => `<w:gridCol w:w="${width}"/>`).join('')
  const whole = `<w:tblPr><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/><w:tblBorders>${border}</w:tblBorders></w:tblPr>`
  const keep = '<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>'
  return `<w:tbl>${whole}<w:tblGrid>${grid}</w:tblGrid><w:tr>${keep}${head}</w:tr><w:tr><w:trPr><w:cantSplit/></w:trPr>${row.join('')}</w:tr></w:tbl>`
}

const plain = { indent: 2 }
const body = [
  paragraph(open('number'), { line: 28 }),
  paragraph(tag('text'), { align: 'center' }),
  paragraph(close('number'), { line: 28 }),
  paragraph(tag('title'), { font: 'title', size: 22, align: 'center', line: 36 }),
  paragraph('', {}),
  paragraph(`${tag('recipients')}${texts.colon}`, {}),
  paragraph(open('sections'), {}),
  paragraph(tag('heading'), { font: 'heading', ...plain }),
  paragraph(open('paragraphs'), {}),
  paragraph(tag('text'), plain),
  paragraph(close('paragraphs'), {}),
  paragraph(close('sections'), {}),
  paragraph('', {}),
  paragraph(`${texts.attachment}${tag('table')}`, plain),
  paragraph('', {}),
  paragraph('', {}),
  paragraph(tag('issuer'), { align: 'right', more: '<w:ind w:rightChars="400" w:right="1280"/>' }),
  paragraph(tag('date'), { align: 'right', more: '<w:ind w:rightChars="400" w:right="1280"/>' }),
  '<w:p><w:r><w:br w:type="page"/></w:r></w:p>',
  paragraph(texts.attached, { font: 'heading' }),
  paragraph(tag('table'), { font: 'title', size: 18, align: 'center', line: 32 }),
  table(),
  paragraph(tag('note'), { size: 10.5, line: 20 }),
].join('')

const space = 'http://schemas.openxmlformats.org'
const names = `xmlns:w="${space}/wordprocessingml/2006/main" xmlns:r="${space}/officeDocument/2006/relationships"`
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const [top, bottom, left, right] = [37, 35, 28, 26].map(twips)
const section =
  '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/>' +
  `<w:pgSz w:w="${twips(210)}" w:h="${twips(297)}"/>` +
  `<w:pgMar w:top="${top}" w:right="${right}" w:bottom="${bottom}" w:left="${left}" w:header="851" w:footer="${twips(28)}" w:gutter="0"/>` +
  '</w:sectPr>'

const field = (kind, text = '') =>
  kind === 'text'
    ? `<w:r>${face('plain', 14)}<w:instrText xml:space="preserve">${text}</w:instrText></w:r>`
    : `<w:r>${face('plain', 14)}<w:fldChar w:fldCharType="${kind}"/></w:r>`
const dash = (text) => `<w:r>${face('plain', 14)}<w:t xml:space="preserve">${text}</w:t></w:r>`
const number = `${field('begin')}${field('text', ' PAGE ')}${field('separate')}${dash('1')}${field('end')}`

const parts = {
  '[Content_Types].xml': `${head}<Types xmlns="${space}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/fontTable.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>`,
  '_rels/.rels': `${head}<Relationships xmlns="${space}/package/2006/relationships"><Relationship Id="rId1" Type="${space}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
  'word/_rels/document.xml.rels': `${head}<Relationships xmlns="${space}/package/2006/relationships"><Relationship Id="rId1" Type="${space}/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="${space}/officeDocument/2006/relationships/footer" Target="footer1.xml"/><Relationship Id="rId3" Type="${space}/officeDocument/2006/relationships/fontTable" Target="fontTable.xml"/></Relationships>`,
  'word/document.xml': `${head}<w:document ${names}><w:body>${body}${section}</w:body></w:document>`,
  'word/styles.xml': `${head}<w:styles ${names}><w:docDefaults><w:rPrDefault>${face('body', 16)}</w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style></w:styles>`,
  // Whoever has not bought the face of titles sees the next best.
  'word/fontTable.xml': `${head}<w:fonts ${names}><w:font w:name="${fonts.title}"><w:altName w:val="${fonts.plain}"/></w:font></w:fonts>`,
  'word/footer1.xml': `${head}<w:ftr ${names}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>${dash('\u2014 ')}${number}${dash(' \u2014')}</w:p></w:ftr>`,
}
const zip = new PizZip()
// A fixed date, so that the same template has the same bytes.
for (const [name, text] of Object.entries(parts))
  zip.file(name, text, { date: new Date('2022-01-01T00:00:00Z') })
mkdirSync(target, { recursive: true })
writeFileSync(
  resolve(target, templates.bulletin),
  zip.generate({ type: 'nodebuffer', compression: 'DEFLATE' }),
)
console.log(`config/templates/${templates.bulletin}`)
