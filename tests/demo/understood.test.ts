import { readFileSync } from 'node:fs'
import { makeDistrict } from '@space-assistant/core/demo/district'
import * as exports from '@space-assistant/core/demo/exports'
import { recordsCsv } from '@space-assistant/core/demo/csv'
import { activity } from '@space-assistant/core/demo/activity'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { parseFile } from '@space-assistant/core/formats/parse'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import { parseDay } from '@space-assistant/core/calendar/day'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { describe, expect, it } from 'vitest'

const district = makeDistrict()
const headers = parseHeaders(readFileSync('config/headers.yml', 'utf8'), 'headers.yml')
const accounts = new Set(district.members.map(({ account }) => account))
const schools = new Set(district.schools.map(({ code }) => code))
const of = { window: { from: parseDay('2022-03-07')!, to: parseDay('2022-03-13')! }, schools: ['4200001'] }

describe.each(['xinzhou-2022', 'shishou-2021'])('the importer on demo exports under %s', (id) => {
  const loaded = loadScheme(readFileSync(`config/schemes/${id}.yml`, 'utf8'), `${id}.yml`)
  if (!loaded.ok) throw new Error(id)
  const scheme = loaded.value
  const parse = async (file: { bytes: Uint8Array; refused: number }) => {
    const parsed = await parseFile(file.bytes, { headers, scheme, accounts, schools })
    if (parsed.kind === 'refusal') throw new Error(JSON.stringify(parsed))
    expect(parsed.refused, parsed.problems.map((one) => describeRowProblem(one)).join('\n')).toBe(
      file.refused,
    )
    return parsed
  }

  it('finds every member in the roster', async () => {
    const parsed = await parse(await exports.rosterExport(district))
    if (parsed.kind !== 'roster') throw new Error(parsed.kind)
    expect(parsed.rows.map(({ account }) => account)).toEqual([...accounts])
    expect(parsed.rows.map(({ name }) => name)).toEqual(district.members.map(({ name }) => name))
    expect(parsed.rows.map(({ schoolCode }) => schoolCode)).toEqual(
      district.members.map(({ school }) => school),
    )
    expect(parsed.rows.map(({ state }) => state)).toEqual(district.members.map(({ state }) => state))
  })

  it('finds every school with its students', async () => {
    const parsed = await parse(exports.schoolsExport(district))
    if (parsed.kind !== 'schools') throw new Error(parsed.kind)
    expect(parsed.rows).toMatchObject(district.schools)
  })

  it('reads the same records from .xlsx, .xls and .csv', async () => {
    const xlsx = await parse(await exports.recordsExport(district, scheme, of))
    const xls = await parse(exports.oldRecordsExport(district, scheme, of))
    const csv = [...recordsCsv(district, scheme, { window: of.window })].join('')
    const all = await parse({ bytes: Buffer.from(csv), refused: 0 })
    if (xlsx.kind !== 'records' || xls.kind !== 'records' || all.kind !== 'records') throw new Error()
    expect([xlsx.withIds, xls.withIds, all.withIds]).toEqual([false, true, true])
    const short = ({ account, indicator, day, count, attributes, valid }: (typeof all.rows)[number]) =>
      JSON.stringify([account, indicator, day, count, attributes, valid])
    const own = new Set(
      district.members.filter(({ school }) => school === of.schools[0]).map((one) => one.account),
    )
    const expected = all.rows.filter(({ account }) => own.has(account)).map(short)
    expect(xls.rows.map(short)).toEqual(expected)
    expect(xlsx.rows.map(short).sort()).toEqual([...expected].sort())
    const actions = [...activity(district, scheme, { window: of.window })]
    expect(all.rows).toHaveLength(actions.reduce((sum, { length }) => sum + length, 0))
  })

  it('reads the snapshot', async () => {
    const name = scheme.indicators[9]!.name
    const file = await exports.snapshotExport(district, scheme, of.window.to, () => ({ [name]: 4 }))
    const parsed = await parse(file)
    if (parsed.kind !== 'snapshot') throw new Error(parsed.kind)
    expect(parsed.rows).toHaveLength(300)
    expect(parsed.rows[0]).toMatchObject({ total: 4, day: of.window.to, indicators: { [name]: 4 } })
  })
})
