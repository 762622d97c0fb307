import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCanvas } from '@napi-rs/canvas'
import { readXlsx } from 'hucre'
import PizZip from 'pizzip'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { AwardDocumentKind } from '@space-assistant/core/awards/document-kinds'
import { judgeActor, startAwards } from './app'
import type { AwardApp } from './app'

const staff = {
  viewer: { grants: [{ kind: 'staff' as const }], place: { kind: 'private' as const } },
  name: 'boss',
  chat: undefined,
}
const town = {
  viewer: { grants: [{ kind: 'town' as const, town: '城关镇' }], place: { kind: 'private' as const } },
  name: 'town',
  chat: undefined,
}

let test: AwardApp
let templates: string
beforeEach(async () => {
  templates = mkdtempSync(join(tmpdir(), 'space-templates-'))
  cpSync('config/templates', templates, { recursive: true })
  test = await startAwards('2022-05-25 10:00', { templates })
})
afterEach(async () => {
  await test.stop()
  rmSync(templates, { recursive: true })
})

/** A round with one nominee until it is commended. */
async function commended(): Promise<void> {
  const { rounds, nominations, judging, panel } = test.app.awards
  await rounds.step(staff, { to: 'nominating' })
  await nominations.draft(town, { award: '优秀教师空间', nominee: '10002', remark: '有特色' })
  await nominations.act(town, { id: 1, act: 'submit' })
  await rounds.step(staff, { to: 'checking' })
  await nominations.act(staff, { id: 1, act: 'accept' })
  await rounds.step(staff, { to: 'judging' })
  for (const name of ['评委1', '评委2', '评委3']) await panel.add(staff, { name, unit: '大学' })
  await judging.assign(staff, { seed: 1, apply: true })
  for (const name of ['评委1', '评委2', '评委3'])
    await judging.change(
      judgeActor(name),
      { award: '优秀教师空间', nominee: '10002' },
      { act: 'submit', seen: 0, points: [8, 40, 16, 16] },
    )
  await rounds.step(staff, { to: 'tallied' })
  await rounds.step(staff, { to: 'publicity' })
  test.as('2022-06-08 10:00')
  await rounds.step(staff, { to: 'decided' })
  await rounds.step(staff, { to: 'commended' })
}

async function make(kind: AwardDocumentKind, of?: string) {
  const outcome = await test.app.awards.documents.make(staff, kind, of)
  if (!outcome.ok) throw new Error(`${outcome.code} ${JSON.stringify(outcome.params)}`)
  return outcome.value
}

const wordText = (bytes: Uint8Array) =>
  new PizZip(bytes)
    .file('word/document.xml')!
    .asText()
    .replace(/<\/w:p>/g, '\n')
    .replace(/<[^>]+>/g, '')

/** The compressed parts of a PDF file as text. */
function streamsOf(bytes: Uint8Array): string[] {
  const pdf = Buffer.from(bytes).toString('latin1')
  return [...pdf.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].flatMap(([, body = '']) => {
    try {
      return inflateSync(Buffer.from(body, 'latin1')).toString('latin1')
    } catch {
      return []
    }
  })
}

describe('documents', () => {
  beforeEach(commended)

  it.each<[AwardDocumentKind, string[]]>([
    ['nomination', ['李四', '第一小学', '城关镇', '有特色', '优秀教师空间']],
    ['sheet', ['评委1', '评委3', '大学', '布局设计10分', '李四', '评委签名']],
    [
      'publicity',
      [
        '公示',
        '优秀教师空间（1',
        '李四（第一小学）',
        '2022-05-26',
        '2022-06-01',
        '武汉市新洲区教育局',
        '2022年5月25日',
      ],
    ],
    ['commendation', ['表彰', '李四（第一小学）', '武汉市新洲区教育局', '2022年6月8日']],
  ])('%s is made from its template', async (kind, words) => {
    const { bytes, type } = await make(kind)
    expect(type).toBe('docx')
    const text = wordText(bytes)
    for (const word of words) expect(text).toContain(word)
    expect(text).not.toMatch(/[{}]|undefined|（[发颁]|请填/)
  })

  it('of one nominee are named by number, school, name and award', async () => {
    expect((await make('nomination', '1')).name).toBe('1_第一小学_李四_优秀教师空间.docx')
    expect((await make('certificates', 'xinzhou-2022-0013')).name).toBe(
      'xinzhou-2022-0013_第一小学_李四_优秀教师空间.pdf',
    )
  })

  it('with lists are workbooks', async () => {
    const rowsOf = async (bytes: Uint8Array) => (await readXlsx(bytes)).sheets.flatMap(({ rows }) => rows)
    expect(await rowsOf((await make('summary')).bytes)).toContainEqual([
      1,
      '优秀教师空间',
      '10002',
      '李四',
      '第一小学',
      '城关镇',
      '已通过',
      '有特色',
    ])
    const scores = (await rowsOf((await make('scores')).bytes)).map((row) => row.slice(0, 9))
    expect(scores).toContainEqual([1, '李四', '第一小学', 80, 80, 80, 3, 80, 0])
  })

  it.each<AwardDocumentKind>(['scores', 'winners', 'publicity', 'commendation', 'certificates'])(
    '%s is for staff only',
    async (kind) => {
      for (const who of [town, judgeActor('评委1')])
        expect(await test.app.awards.documents.make(who, kind)).toMatchObject({
          ok: false,
          code: 'staff-only',
        })
    },
  )

  it('give nominators their own nominations and judges their own sheet only', async () => {
    const { make } = { make: test.app.awards.documents.make.bind(test.app.awards.documents) }
    const forms = await make(town, 'nomination')
    expect(forms.ok && wordText(forms.value.bytes)).toContain('李四')
    const other = { ...town, viewer: { ...town.viewer, grants: [{ kind: 'town' as const, town: '邾城街' }] } }
    expect(await make(other, 'nomination')).toMatchObject({ code: 'nothing-to-print' })
    expect(await make(judgeActor('评委6'), 'sheet')).toMatchObject({ ok: false, code: 'not-on-panel' })
    const own = await make(judgeActor('评委2'), 'sheet')
    const text = own.ok ? wordText(own.value.bytes) : ''
    expect(text).toContain('评委：评委2')
    expect(text).not.toContain('评委1')
  })

  it('leave a line in the log', async () => {
    await make('certificates')
    const log = await test.app.awards.log(staff, 1)
    expect(log.ok && log.value[0]).toMatchObject({ act: 'document', actor: 'boss', subject: '证书.pdf' })
  })

  it('list the winners with their certificates', async () => {
    const { sheets } = await readXlsx((await make('winners')).bytes)
    const rows = sheets.flatMap(({ rows: all }) => all)
    expect(rows).toContainEqual(['优秀教师空间', 1, '李四', '第一小学', '城关镇', 80, 'xinzhou-2022-0013'])
    expect(rows.flat()).toContain('boss于2022年6月8日导出')
  })

  it('are made in private only', async () => {
    const group = {
      ...staff,
      viewer: { ...staff.viewer, place: { kind: 'group' as const, purpose: 'staff' as const } },
    }
    expect(await test.app.awards.documents.make(group, 'summary')).toMatchObject({
      ok: false,
      code: 'private-only',
    })
    expect(await test.say('admin1', '/评优 文件 汇总表')).toContain('还没有可以打印的内容')
    expect(await test.say('admin1', '/评优 文件 证书')).toContain('只有工作专班可以做')
  })

  it('are sent as files in chat', async () => {
    expect(await test.say('boss', '/评优 文件 证书')).toContain('[file]')
    expect(await test.say('boss', '/评优 文件')).toContain('请写要哪一种文件：推荐表、汇总表')
  })

  it('name the tag that a template of staff does not have right', async () => {
    const path = join(templates, '公示.docx')
    const zip = new PizZip()
    zip.file(
      '[Content_Types].xml',
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    )
    zip.file(
      'word/document.xml',
      '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{不认识}</w:t></w:r></w:p></w:body></w:document>',
    )
    writeFileSync(path, zip.generate({ type: 'nodebuffer' }))
    expect(await test.say('boss', '/评优 文件 公示')).toContain('{不认识}')
  })

  it('have a certificate for each winner in one file, with the name in it', async () => {
    const { bytes } = await make('certificates')
    const pdf = Buffer.from(bytes).toString('latin1')
    const pages = pdf.match(/\/Type \/Page\b(?!s)/g) ?? []
    const { value } = (await test.app.awards.certificates.all(staff)) as { value: unknown[] }
    expect(pages).toHaveLength(value.length)
    expect(pdf).toContain('/MediaBox [0 0 841.89 595.28]')
    // Text is searchable: the map from glyphs to characters holds the characters of the name.
    const maps = streamsOf(bytes)
    const unicode = maps
      .filter((map) => map.includes('beginbfrange') || map.includes('beginbfchar'))
      .join('\n')
    for (const character of '李四第一小学') expect(unicode).toContain(character.charCodeAt(0).toString(16))
  })

  it('carry the picture of the seal where there is one, and are specimens where there is none', async () => {
    const root = test.app.baseDir
    const house = mkdtempSync(join(tmpdir(), 'space-house-'))
    onTestFinished(() => {
      test.app.baseDir = root
      rmSync(house, { recursive: true })
    })
    mkdirSync(join(house, 'config'))
    symlinkSync(join(root, 'config/fonts'), join(house, 'config/fonts'))
    test.app.baseDir = house
    const specimen = Buffer.from((await make('certificates')).bytes).toString('latin1')
    expect(specimen).not.toContain('/Subtype /Image')
    // A red ring on a ground that one sees through.
    const canvas = createCanvas(200, 160)
    const pen = canvas.getContext('2d')
    pen.strokeStyle = '#c00'
    pen.lineWidth = 12
    pen.arc(100, 80, 70, 0, 2 * Math.PI)
    pen.stroke()
    writeFileSync(join(house, 'config/seal.png'), canvas.toBuffer('image/png'))
    const sealed = Buffer.from((await make('certificates')).bytes)
    const pdf = sealed.toString('latin1')
    const image = /\/Subtype \/Image[^>]*?\/Width 200[^>]*?\/Height 160/s
    expect(pdf).toMatch(image)
    expect(pdf).toContain('/SMask')
    // One picture in the file, drawn once on each page, 120 points wide.
    const drawn = streamsOf(sealed).filter((text) => /120 0 0 -?96 [\d. ]+cm\s+\/I\d+ Do/.test(text))
    expect(drawn).toHaveLength((pdf.match(/\/Type \/Page\b(?!s)/g) ?? []).length)
    // A picture that is none is said, and nothing is printed.
    writeFileSync(join(house, 'config/seal.png'), 'seal')
    expect(await test.say('boss', '/评优 文件 证书')).toContain('公章图片（seal，PNG 格式）打不开')
  })

  it('are refused for a name that the font cannot print, with the certificate and the character', async () => {
    const reissued = await test.app.awards.certificates.reissue(staff, {
      number: 'xinzhou-2022-0013',
      name: '李\u{2A6D6}',
      reason: '',
    })
    expect(reissued.ok).toBe(true)
    expect(await test.say('boss', '/评优 文件 证书')).toContain('里的“\u{2A6D6}”字库里没有，没有生成文件')
  })
})
