import { utils, write } from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import { parseFile } from '@space-assistant/core/formats/parse'
import { readXlsInThread } from '../../plugins/imports/xls-thread'
import { headers, scheme } from '../formats/fixture'

const parse = (bytes: Uint8Array) => parseFile(bytes, { headers, scheme, readXls: readXlsInThread })

describe('an .xls in a thread of its own', () => {
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

  it('answers for rubbish too', async () => {
    const rubbish = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(5000, 7)])
    expect(await parse(rubbish)).toMatchObject({ kind: 'refusal', code: 'broken-file' })
  })
})
