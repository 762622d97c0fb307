import { operator } from '@space-assistant/core/access/viewer'
import { parseDay } from '@space-assistant/core/calendar/day'
import { makeDistrict } from '@space-assistant/core/demo/district'
import { recordsExport, rosterExport, schoolsExport } from '@space-assistant/core/demo/exports'
import { pictureTexts } from '@space-assistant/core/pictures/shape'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import { readXlsx } from 'hucre'
import PizZip from 'pizzip'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { BulletinFiles } from '../../plugins/bulletins/files'
import { BulletinStore } from '../../plugins/bulletins/store'
import { at, startHouse } from '../journeys/house'
import type { House } from '../journeys/house'
import { startFakeOneBot } from '../platforms/onebot'
import type { Delivered, FakeOneBot } from '../platforms/onebot'

let fake: FakeOneBot
let house: House
let text = ''
let files: Delivered[] = []

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-18 10:00:00') })
  fake = await startFakeOneBot()
  house = await startHouse({ onebot: fake })
  const district = makeDistrict()
  const window = { from: parseDay('2022-05-02') ?? 0, to: parseDay('2022-05-17') ?? 0 }
  const scheme = house.app.schemes.active
  for (const file of [
    await rosterExport(district),
    schoolsExport(district),
    await recordsExport(district, scheme, { window, schools: district.schools.map(({ code }) => code) }),
  ]) {
    const preview = await house.app.imports.preview(file, operator)
    if (!preview.ok) throw new Error(preview.code)
    await house.app.imports.confirm(preview.value.id, operator)
  }
  const ref = { platform: 'onebot', selfId: fake.selfId }
  await house.app.access.grants.give({ ...ref, userId: '5001' }, { kind: 'staff', label: '专班' })
  text = (await fake.whisper('5001', '/通报 起草', { wait: 15_000 })).join('\n')
  const before = fake.delivered.length
  await fake.whisper('5001', '/通报 1', { wait: 15_000, quiet: 500 })
  await fake.whisper('5001', '/通报 表格 1', { wait: 15_000, quiet: 500 })
  files = fake.delivered.slice(before).filter(({ file }) => file)
})
afterAll(async () => {
  await house.stop()
  await fake.close()
  vi.useRealTimers()
})

/** Rank and score by school: twenty facts for ten schools. */
type Facts = Record<string, [rank: number, score: number]>

function fromText(): Facts {
  const line = text.split('\n').find((one) => one.includes('排在前面')) ?? ''
  const found = [...line.matchAll(/第 (\d+) 名 (\S+) ([\d.]+) 分/g)]
  return Object.fromEntries(
    found.map(([, rank, name = '', score]): [string, [number, number]] => [
      name,
      [Number(rank), Number(score)],
    ]),
  )
}

async function fromPicture(): Promise<Facts> {
  const say: Translate = (key, params = {}) =>
    h.unescape(house.app.i18n.text(['zh-CN'], [`space-bulletins.${key}`], params))
  const bulletin = await new BulletinStore(house.app).find(1)
  if (!bulletin) throw new Error('no bulletin')
  const texts = pictureTexts(new BulletinFiles(house.app, { dir: '', say }).picture(bulletin))
  const towns = new Set(house.app.roster.schools().map(({ town }) => town))
  const rows = texts.flatMap((name, i): [string, [number, number]][] => {
    return towns.has(texts[i + 1]) ? [[name, [Number(texts[i - 1]), Number(texts[i + 2])]]] : []
  })
  return Object.fromEntries(rows)
}

const bytesOf = (ending: string) =>
  files.find(({ file }) => file?.name.endsWith(ending))?.file?.bytes ?? Buffer.of()

async function fromWorkbook(): Promise<Facts> {
  const { sheets } = await readXlsx(bytesOf('.xlsx'))
  const rows = sheets[0]?.rows ?? []
  const head = rows.findIndex(([first]) => first === '名次')
  return Object.fromEntries(
    rows
      .slice(head + 1, head + 11)
      .map(([rank, name, , score]) => [String(name), [Number(rank), Number(score)]]),
  )
}

function fromDocument(): Facts {
  const xml = new PizZip(bytesOf('.docx')).file('word/document.xml')?.asText() ?? ''
  const rows = [...xml.matchAll(/<w:tr[ >].*?<\/w:tr>/gs)].map(([row]) =>
    [...row.matchAll(/<w:tc>.*?<\/w:tc>/gs)].map(([cell]) =>
      [...cell.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map(([, inner]) => inner).join(''),
    ),
  )
  return Object.fromEntries(
    rows.slice(1, 11).map(([rank, name = '', , score]) => [name, [Number(rank), Number(score)]]),
  )
}

it('twenty facts are the same in text, picture, workbook and document', async () => {
  const facts = fromText()
  expect(Object.keys(facts)).toHaveLength(10)
  for (const [rank, score] of Object.values(facts)) {
    expect(rank).toBeGreaterThan(0)
    expect(score).toBeGreaterThan(0)
  }
  expect(await fromPicture()).toEqual(facts)
  expect(await fromWorkbook()).toEqual(facts)
  expect(fromDocument()).toEqual(facts)
})

it('the document has the form of an official letter and no tag left in it', () => {
  const zip = new PizZip(bytesOf('.docx'))
  const xml = zip.file('word/document.xml')?.asText() ?? ''
  expect(xml).not.toMatch(/[{}]|undefined/)
  expect(xml).toContain('<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"')
  expect(xml).toContain('w:line="560" w:lineRule="exact"')
  expect(xml).toContain('2022年5月18日')
  expect(zip.file('word/footer1.xml')?.asText()).toMatch(/— .* PAGE .*—/s)
})

it('the table is styled, its header stays in sight and is repeated in print', () => {
  const zip = new PizZip(bytesOf('.xlsx'))
  const sheet = zip.file('xl/worksheets/sheet1.xml')?.asText() ?? ''
  expect(sheet).toMatch(/<pane [^>]*ySplit="3"[^>]*state="frozen"/)
  expect(sheet).toMatch(/paperSize="9"/)
  expect(zip.file('xl/workbook.xml')?.asText()).toContain('_xlnm.Print_Titles')
})
