import { officeContract } from '@space-assistant/core/office/contract'
import type { OfficeRequest, OfficeRoute } from '@space-assistant/core/office/contract'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startOffice } from './app'
import type { Actor, OfficeApp } from './app'

let office: OfficeApp

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-18T01:00:00Z') })
  office = await startOffice()
  // A report of somebody who is none of those below.
  await office.say('999', '/反馈 学生登录不上平台')
})

afterAll(async () => {
  await office.stop()
  vi.useRealTimers()
})

const everybody: Actor[] = ['staff', 'support', 'town', 'judge', 'administrator', 'teacher', 'neighbour']
const period = { window: { kind: 'period' } } as const
const ofS1 = { scope: { kind: 'school', code: 'S1' }, of: 'teachers', ...period } as const
const ofDistrict = { scope: { kind: 'district' }, ...period } as const

const award = '深度应用优秀学校'
const judged = '优秀教师空间'
const group300 = { ref: { platform: 'mock', selfId: '514', channelId: '300' } }

interface Case<R extends OfficeRoute> {
  /** What is asked, when it is not clear from the route. */
  about?: string
  input: OfficeRequest<R>
  /** Who is answered; everybody else signed in is refused. */
  may: readonly Actor[]
}

/** Every route, with an object of the first school and of no school at all, and who is answered. */
const cases: { [R in OfficeRoute]: Case<R>[] } = {
  welcome: [{ input: {}, may: [...everybody, 'stranger'] }],
  login: [{ input: { code: 'x' }, may: [] }],
  // Signs out: each actor has a session of its own.
  logout: [{ input: {}, may: everybody }],
  me: [{ input: {}, may: everybody }],
  sessions: [{ input: {}, may: everybody }],
  'end-session': [{ about: 'of somebody else', input: { id: 999 }, may: [] }],
  standing: [
    { about: 'schools', input: { filter: { of: 'schools', ...ofDistrict }, page: 1 }, may: everybody },
    {
      about: 'teachers of the district',
      input: { filter: { of: 'teachers', ...ofDistrict }, page: 1 },
      may: ['staff', 'administrator', 'teacher', 'neighbour'],
    },
    {
      about: 'teachers of a school',
      input: { filter: ofS1, page: 1 },
      may: ['staff', 'town', 'administrator', 'teacher'],
    },
    {
      about: 'teachers of no school',
      input: { filter: { ...ofS1, scope: { kind: 'school', code: 'S9' } }, page: 1 },
      may: [],
    },
  ],
  ask: [{ input: { text: '初中 本周' }, may: everybody }],
  person: [
    { about: 'oneself', input: period, may: ['administrator', 'teacher', 'neighbour'] },
    {
      about: 'a teacher',
      input: { ...period, account: '10003' },
      may: ['staff', 'town', 'administrator', 'teacher'],
    },
    { about: 'nobody', input: { ...period, account: '77777' }, may: [] },
  ],
  records: [
    {
      about: 'a teacher',
      input: { ...period, account: '10003', page: 1 },
      may: ['staff', 'town', 'administrator'],
    },
  ],
  cockpit: [
    { about: 'of the district', input: {}, may: ['staff', 'town'] },
    { about: 'of a town', input: { town: '城关镇' }, may: ['staff', 'town'] },
    { about: 'of a foreign town', input: { town: '新堤镇' }, may: ['staff'] },
    { about: 'of no town', input: { town: '无名镇' }, may: [] },
  ],
  imports: [{ input: {}, may: ['staff'] }],
  // There is no such preview and no such import: whoever is staff is told so, everybody else is refused before.
  'import-confirm': [{ input: { id: '9' }, may: [] }],
  'import-discard': [{ input: { id: '9' }, may: ['staff'] }],
  'import-undo': [{ input: { id: 99 }, may: [] }],
  tickets: [
    { about: 'own', input: { whose: 'mine' }, may: everybody },
    { about: 'of everybody', input: { whose: 'open' }, may: ['staff', 'support'] },
  ],
  ticket: [{ about: 'of somebody else', input: { number: 1001 }, may: ['staff', 'support'] }],
  'ticket-report': [{ input: { text: '上传失败' }, may: everybody }],
  'ticket-step': [
    {
      about: 'of somebody else',
      input: { number: 1001, version: 0, step: { kind: 'answer', text: '好' } },
      may: ['staff', 'support'],
    },
  ],
  bulletins: [{ input: {}, may: everybody }],
  bulletin: [{ about: 'of no number', input: { id: 99 }, may: [] }],
  'bulletin-draft': [{ input: { window: { kind: 'period' } }, may: ['staff'] }],
  'bulletin-edit': [{ input: { id: 99, edits: 0, section: 'overall', text: 'x' }, may: [] }],
  'bulletin-set': [{ input: { id: 99, edits: 0, title: 'x' }, may: [] }],
  'bulletin-step': [{ input: { id: 99, edits: 0, step: { kind: 'publish' } }, may: [] }],
  'bulletin-audience': [{ input: { id: 99 }, may: [] }],
  'bulletin-receipts': [{ input: { id: 99 }, may: [] }],
  'bulletin-correct': [{ input: { id: 99, why: 'x' }, may: [] }],
  'bulletin-file': [{ input: { id: 99, form: 'table' }, may: [] }],
  announcements: [{ input: {}, may: ['staff'] }],
  'announcement-write': [{ input: { text: '明天培训', asks: false }, may: ['staff'] }],
  'announcement-revise': [{ input: { audience: '交流群' }, may: ['staff'] }],
  announcement: [{ input: { id: 99 }, may: [] }],
  'announcement-adopt': [{ input: { id: 99 }, may: [] }],
  'announcement-confirm': [{ input: { id: 99 }, may: [] }],
  'announcement-steer': [{ input: { id: 99, what: { kind: 'cancel' } }, may: [] }],
  'announcement-drop': [{ input: {}, may: ['staff'] }],
  materials: [{ input: {}, may: everybody }],
  'material-file': [{ input: { id: 99 }, may: [] }],
  'material-remove': [{ input: { id: 99 }, may: [] }],
  'reminder-week': [{ input: { day: '2022-05-18' }, may: ['staff'] }],
  'reminder-hold': [{ about: 'of a past week', input: { day: '2022-01-03', hold: true }, may: [] }],
  'reminder-settings': [{ input: {}, may: ['administrator', 'teacher', 'neighbour'] }],
  'reminder-set': [
    { input: { weekly: true, deadlines: true }, may: ['administrator', 'teacher', 'neighbour'] },
  ],
  'award-round': [{ input: {}, may: everybody }],
  // Whoever is of no school and no roster reads that no award concerns them.
  'award-conditions': [{ input: {}, may: everybody }],
  'award-board': [
    { input: { award, page: 1, search: '' }, may: ['staff'] },
    { about: 'of no award', input: { award: '无此奖', page: 1, search: '' }, may: [] },
  ],
  // Nothing has begun: staff are told so, everybody else that it is not for them.
  'award-step': [{ input: { to: 'tallied', from: 'draft', reason: '', force: false }, may: [] }],
  'award-decide': [{ input: { award, code: 'S9', yes: true, reason: 'x' }, may: [] }],
  'award-results': [{ input: {}, may: ['staff'] }],
  'award-exhibit': [{ input: { award, code: 'S1', hidden: true }, may: [] }],
  'award-log': [{ input: {}, may: ['staff'] }],
  'award-document': [{ input: { kind: 'scores', of: '' }, may: ['staff'] }],
  nominations: [{ input: {}, may: ['staff', 'town', 'administrator', 'neighbour'] }],
  'nomination-find': [{ input: { award: judged, search: '李四' }, may: everybody }],
  'nomination-draft': [{ input: { award: judged, nominee: '10002', remark: '' }, may: [] }],
  'nomination-act': [{ input: { id: 1, act: 'submit', reason: '' }, may: [] }],
  sheets: [{ input: {}, may: ['judge'] }],
  'sheet-change': [
    {
      about: 'of nobody',
      input: { award: judged, nominee: '10002', seen: 0, act: 'save', points: [], reason: '' },
      may: [],
    },
  ],
  judging: [{ input: {}, may: ['staff'] }],
  'judge-add': [{ input: { name: '评委甲', unit: '' }, may: [] }],
  'judge-conflict': [{ input: { judge: '评委甲', nominee: '10002', reason: 'x' }, may: [] }],
  'judging-assign': [{ input: { seed: 1, apply: false }, may: [] }],
  objections: [{ input: {}, may: ['staff'] }],
  'objection-file': [{ input: { name: '张某', contact: '13800005678', content: '不实' }, may: [] }],
  'objection-step': [{ input: { id: 1, to: 'rejected', answer: '不成立' }, may: [] }],
  requests: [{ input: {}, may: everybody }],
  'request-decide': [{ input: { id: 99, verdict: 'confirmed' }, may: [] }],
  grants: [{ input: {}, may: ['staff'] }],
  'grant-code': [{ input: { kind: 'support', label: 'x' }, may: ['staff'] }],
  'grant-revoke': [{ input: { id: 999 }, may: [] }],
  'school-codes': [
    { about: 'of the own school', input: { code: 'S1' }, may: ['staff', 'administrator'] },
    { about: 'of no school', input: { code: 'S9' }, may: [] },
  ],
  groups: [{ input: {}, may: ['staff'] }],
  'group-set': [
    { input: { ...group300, purpose: 'exchange', name: '', school: '', town: '' }, may: ['staff'] },
  ],
  operations: [{ input: {}, may: ['staff'] }],
  'message-settle': [{ input: { key: 'x', what: 'arrived' }, may: [] }],
  rules: [{ input: {}, may: ['staff'] }],
  'rules-adopt': [{ input: { key: 'x' }, may: [] }],
  audit: [{ input: {}, may: ['staff'] }],
  zone: [{ input: {}, may: everybody }],
  // Answered in the demo only.
  'demo-people': [{ input: { key: 'x' }, may: [] }],
  'demo-be': [{ input: { key: 'x', person: 'staff' }, may: [] }],
  'demo-say': [{ input: { key: 'x', person: 'staff', room: 'private', text: 'x' }, may: [] }],
  'demo-chat': [{ input: { key: 'x', person: 'staff', room: 'private', after: 0 }, may: [] }],
  schools: [{ input: { search: '' }, may: everybody }],
  school: [{ input: { ...period, code: 'S1' }, may: everybody }],
  'school-teachers': [
    { input: { ...period, code: 'S1', page: 1 }, may: ['staff', 'town', 'administrator', 'teacher'] },
  ],
}

const table = (Object.keys(cases) as OfficeRoute[]).flatMap((route) =>
  cases[route].map(({ about = '', input, may }) => ({ route, about, input, may })),
)

it('knows every route', () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(officeContract).sort())
})

describe.each(table)('$route $about', ({ route, input, may }) => {
  it.each([...everybody, 'stranger' as const])('%s', async (actor) => {
    const client = await office.as(actor)
    const response = await client.call(route, input)
    const body: unknown = await response.json()
    if (may.includes(actor)) {
      expect(response.status, JSON.stringify(body)).toBe(200)
      // Exactly what is promised, so that nothing more gets out.
      expect(officeContract[route].answer.parse(body)).toEqual(body)
    } else {
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(JSON.stringify(body)).not.toMatch(/张三|李四|王芳|赵六|钱七|孙八|1000|2000/)
    }
  })
})

it('answers of a foreign and of an unknown person or school are the same', async () => {
  const teacher = await office.as('teacher')
  const answers = async (...inputs: [OfficeRoute, unknown][]) =>
    Promise.all(inputs.map(async ([route, input]) => (await teacher.call(route, input)).text()))
  const [foreign, unknown] = await answers(
    ['person', { ...period, account: '20001' }],
    ['person', { ...period, account: '77777' }],
  )
  expect(foreign).toBe(unknown)
  const [other, none] = await answers(
    ['school-teachers', { ...period, code: 'S2', page: 1 }],
    ['school-teachers', { ...period, code: 'S9', page: 1 }],
  )
  expect(other).toBe(none)
})
