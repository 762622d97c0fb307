import { readdirSync, existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import type { PageImportPreview } from '@space-assistant/core/office/contract/imports'
import { startOffice } from './app'
import type { Client, OfficeApp } from './app'

let office: OfficeApp

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-18T01:00:00Z') })
  office = await startOffice({ maxMegabytes: 1 })
})

afterAll(async () => {
  await office.stop()
  vi.useRealTimers()
})

const left = () => (existsSync(`${office.data}/uploads`) ? readdirSync(`${office.data}/uploads`) : [])
const file = (text: string) => new TextEncoder().encode(text)
const named = (name: string) => ({
  'content-type': 'application/octet-stream',
  'x-file-name': encodeURIComponent(name),
})
const send = (client: Client, text: string, name = '明细.csv') =>
  client.post('/api/file', file(text), named(name))

const records = '账号,指标,时间,次数\n10003,资源建设,2022-05-16,3\n77777,资源建设,2022-05-16,1\n'

describe('a file that staff bring', () => {
  it('is looked at, stored after a yes, changes the ranking and can be taken back', async () => {
    const staff = await office.as('staff')
    const sent = await send(staff, records)
    expect(sent.status, await sent.clone().text()).toBe(200)
    const preview = (await sent.json()) as PageImportPreview
    expect(preview).toMatchObject({ kind: 'records', name: '明细.csv', refused: 1, nothingNew: false })
    expect(preview.problems[0]).toContain('77777')
    expect(left()).toEqual([])
    const points = async () => {
      const asked = { account: '10003', window: { kind: 'period' } }
      return (await staff.ask<OfficeAnswer<'person'>>('person', asked)).roles[0]!.points
    }
    expect(await points()).toBe(20)
    const line = await staff.ask<OfficeAnswer<'imports'>['rows'][number]>('import-confirm', {
      id: preview.id,
    })
    expect(await points()).toBe(23)
    // A second click finds nothing to confirm.
    expect((await staff.call('import-confirm', { id: preview.id })).status).toBeGreaterThanOrEqual(400)
    await staff.ask('import-undo', { id: line.id })
    expect(await points()).toBe(20)
    const audit = await staff.ask<OfficeAnswer<'audit'>>('audit')
    expect(audit.rows.map(({ what, detail }) => [what, detail])).toEqual(
      expect.arrayContaining([
        ['import', '明细.csv'],
        ['undo', '明细.csv'],
      ]),
    )
  })

  it.each(['administrator', 'teacher', 'support', 'stranger'] as const)(
    'is not even written down when %s sends it',
    async (actor) => {
      const response = await send(await office.as(actor), records)
      expect(response.status).toBe(actor === 'stranger' ? 401 : 403)
      expect(left()).toEqual([])
    },
  )

  it('is refused when it is too large, of the wrong kind or of no kind, and nothing is left', async () => {
    const staff = await office.as('staff')
    expect((await send(staff, 'x'.repeat(1_200_000))).status).toBe(413)
    for (const text of ['', 'hello', '\u0000\u0001\u0002', 'a,b\n1,2\n']) {
      const response = await send(staff, text, '../../etc/passwd')
      expect(response.status).toBe(409)
      expect((await response.json()) as object).toHaveProperty('text')
    }
    expect(left()).toEqual([])
  })

  it('does nothing when another site sends it', async () => {
    const staff = await office.as('staff')
    const headers = { ...named('a.csv'), origin: 'https://evil.example' }
    expect((await staff.post('/api/file', file(records), headers)).status).toBe(403)
    expect(left()).toEqual([])
  })
})

describe('an issue report', () => {
  it('goes from a teacher to support, is answered and resolved, and whoever was slower is told so', async () => {
    const [teacher, support] = [await office.as('teacher'), await office.as('support')]
    const { number } = await teacher.ask<{ number: number }>('ticket-report', {
      text: '资源上传失败，电话13812345678',
    })
    const seen = await support.ask<OfficeAnswer<'ticket'>>('ticket', { number })
    expect(JSON.stringify(seen)).not.toContain('13812345678')
    expect(seen).toMatchObject({ state: 'open', support: true, own: false })
    const { version } = seen
    const answer = { number, version, step: { kind: 'answer', text: '请清除缓存再试' } }
    expect(await support.ask('ticket-step', answer)).toEqual({ state: 'taken' })
    const slower = await support.call('ticket-step', { ...answer, step: { kind: 'take' } })
    expect(slower.status).toBe(409)
    const own = await teacher.ask<OfficeAnswer<'ticket'>>('ticket', { number })
    expect(own.steps.at(-1)).toMatchObject({ text: '请清除缓存再试', by: '平台工作人员' })
    const [reason] = (await support.ask<OfficeAnswer<'tickets'>>('tickets', { whose: 'open' })).reasons
    const resolve = { number, version: own.version, step: { kind: 'resolve', reason: reason!.id } }
    expect(await support.ask('ticket-step', resolve)).toEqual({ state: 'resolved' })
  })

  it('of somebody else is the same to a teacher as one that there is not', async () => {
    const [neighbour, teacher] = [await office.as('neighbour'), await office.as('teacher')]
    const { number } = await neighbour.ask<{ number: number }>('ticket-report', { text: '班级组建不了' })
    const text = async (of: number) =>
      (await (await teacher.call('ticket', { number: of })).text()).replaceAll(String(of), 'N')
    expect(await text(number)).toBe(await text(9999))
  })
})

it('the cockpit counts what the lists say', async () => {
  const staff = await office.as('staff')
  const cockpit = await staff.ask<OfficeAnswer<'cockpit'>>('cockpit')
  expect(cockpit).toMatchObject({ teachers: 6, active: 3, waiting: { requests: 0, rules: false } })
  expect(cockpit.towns.map(({ town, schools, teachers }) => [town, schools, teachers])).toEqual([
    ['城关镇', 2, 5],
    ['新堤镇', 1, 1],
  ])
  const town = await (await office.as('town')).ask<OfficeAnswer<'cockpit'>>('cockpit')
  expect(town).toMatchObject({ town: '城关镇', teachers: 5 })
  expect(town.waiting).toBeUndefined()
})

it('what staff grant by a code works, and ends when it is revoked', async () => {
  const staff = await office.as('staff')
  const { code } = await staff.ask<{ code: string }>('grant-code', { kind: 'support', label: '李工' })
  expect(await office.say('960', `/绑定 ${code}`)).toBeTruthy()
  const grants = await staff.ask<OfficeAnswer<'grants'>>('grants')
  const own = grants.rows.find(({ label }) => label === '李工')!
  await staff.ask('grant-revoke', { id: own.id })
  expect((await staff.ask<OfficeAnswer<'grants'>>('grants')).rows.some(({ id }) => id === own.id)).toBe(false)
})
