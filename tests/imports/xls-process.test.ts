import { utils, write } from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import { parseFile } from '@space-assistant/core/formats/parse'
import { readXlsInProcess } from '../../plugins/imports/xls-process'
import { headers, scheme } from '../formats/fixture'

const parse = (bytes: Uint8Array) => parseFile(bytes, { headers, scheme, readXls: readXlsInProcess })

describe('an .xls in a process of its own', () => {
  const rows = Array.from({ length: 3000 }, (_, i) => [`u${i}`, '空间登录', '2022-03-09', i % 9])

  it('gives what reading it here gives', async () => {
    const book = utils.book_new()
    utils.book_append_sheet(
      book,
      utils.aoa_to_sheet([['行为明细'], ['账号', '指标', '时间', '次数'], ...rows]),
      'S',
    )
    const bytes = new Uint8Array(write(book, { type: 'array', bookType: 'biff8' }) as ArrayBuffer)
    const threaded = await parse(bytes)
    expect(threaded).toMatchObject({ kind: 'records', understood: 3000 })
    expect(threaded).toEqual(await parseFile(bytes, { headers, scheme }))
  })

  it('refuses a chain of sectors that never ends', async () => {
    const book = utils.book_new()
    utils.book_append_sheet(book, utils.aoa_to_sheet(rows), 'S')
    const bytes = new Uint8Array(write(book, { type: 'array', bookType: 'biff8' }) as ArrayBuffer)
    const view = new DataView(bytes.buffer)
    // The first sector of the allocation table; its third entry names itself as the next one.
    view.setUint32((view.getUint32(76, true) + 1) * 512 + 2 * 4, 2, true)
    expect(await parse(bytes)).toMatchObject({ kind: 'refusal', code: 'broken-file' })
  })

  it('refuses a cell that says it stands four thousand million columns further on', async () => {
    const cell = (index: number, text: string) =>
      `<Cell ss:Index="${index}"><Data ss:Type="String">${text}</Data></Cell>`
    const space = 'urn:schemas-microsoft-com:office:spreadsheet'
    const book = (row: string) =>
      `<?xml version="1.0"?><Workbook xmlns="${space}" xmlns:ss="${space}"><Worksheet ss:Name="S"><Table>${row}</Table></Worksheet></Workbook>`
    const wide = book(`<Row>${cell(4_294_967_295, 'x')}</Row>`)
    expect(await parse(Buffer.from(wide))).toMatchObject({ kind: 'refusal', code: 'too-many-columns' })
  })

  it('answers for rubbish too', async () => {
    const rubbish = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(5000, 7)])
    expect(await parse(rubbish)).toMatchObject({ kind: 'refusal', code: 'broken-file' })
  })
})
