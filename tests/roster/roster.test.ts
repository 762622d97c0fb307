import type { RosterRow } from '@space-assistant/core/formats/rows'
import type { Context } from 'koishi'
import * as roster from 'koishi-plugin-space-roster'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { stores } from '../database/stores'
import type { Store } from '../database/stores'

const schools = {
  S01: '石首市实验小学',
  S02: '石首市南岳高级中学',
  S03: '石首市绣林小学',
  S04: '石首市笔架山小学',
} as const

function row(
  schoolCode: keyof typeof schools,
  account: string,
  name: string,
  more: Partial<RosterRow> = {},
): RosterRow {
  return {
    row: 2,
    schoolCode,
    schoolName: schools[schoolCode],
    town: '绣林街道',
    stage: '小学',
    name,
    account,
    roles: ['teacher'],
    state: 'active',
    ...more,
  }
}

const first = [
  row('S01', 'T001', '张三', { roles: ['administrator', 'teacher'], subject: '数学' }),
  row('S01', 'T002', '李四', { opened: true }),
  row('S02', 'T003', '张三', { stage: '高中' }),
  row('S03', 'T004', '王 五'),
  row('S04', 'T005', '赵六', { state: 'retired' }),
]

const { 'SQLite file': sqliteFile, MariaDB } = stores

describe.each([
  ['SQLite file', sqliteFile],
  ['MariaDB', MariaDB],
] as const)('roster on %s', (_, launch) => {
  let store: Store
  let app: Context
  const load = (context: Context) => context.plugin(roster, { pollSeconds: 1 })

  beforeAll(async () => {
    store = await launch()
    app = await open()
  })
  afterAll(async () => {
    await store.close(app)
    await store.drop()
  })

  async function open(): Promise<Context> {
    const context = await store.open((opened) => load(opened))
    await new Promise<void>((resolve) => context.inject(['roster'], () => resolve()))
    return context
  }

  const store_ = (rows: readonly RosterRow[], importId: number) =>
    app.database.withTransaction(() => app.roster.store(app.roster.planRoster(rows), importId))
  const undo = (importId: number) => app.database.withTransaction(() => app.roster.undo(importId))
  const reopen = async () => {
    const before = [app.roster.members(), app.roster.schools()]
    await app.roster.load()
    expect([app.roster.members(), app.roster.schools()]).toEqual(before)
  }

  it('knows nobody at first', () => {
    expect([app.roster.members(), app.roster.schools()]).toEqual([[], []])
    expect(app.roster.member('T001')).toBeUndefined()
  })

  it('plans and stores a roster, tells of it once it is stored, and reads it back alike', async () => {
    const changed = vi.fn()
    const off = app.on('space/roster-changed', changed)
    const plan = app.roster.planRoster(first)
    expect(plan.summary).toEqual({
      schools: { added: 4, changed: 0, same: 0 },
      members: { added: 5, changed: 0, moved: 0, same: 0 },
    })
    await app.database.withTransaction(async () => {
      await app.roster.store(plan, 1)
      expect(changed).not.toHaveBeenCalled()
      expect(app.roster.members()).toEqual([])
    })
    expect(changed).toHaveBeenCalledTimes(1)
    off()
    expect(app.roster.member('T001')).toEqual({
      account: 'T001',
      name: '张三',
      school: 'S01',
      roles: ['administrator', 'teacher'],
      state: 'active',
      subject: '数学',
    })
    expect(app.roster.members().map(({ account }) => account)).toEqual([
      'T001',
      'T002',
      'T003',
      'T004',
      'T005',
    ])
    expect(app.roster.school('S02')).toEqual({
      code: 'S02',
      name: '石首市南岳高级中学',
      town: '绣林街道',
      stage: '高中',
    })
    await reopen()
  })

  it('changes nothing when the transaction fails', async () => {
    const failing = app.database.withTransaction(async () => {
      await app.roster.store(app.roster.planRoster([row('S01', 'T009', '失败')]), 2)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(app.roster.member('T009')).toBeUndefined()
    await reopen()
  })

  it('leaves out rows without a difference', () => {
    const plan = app.roster.planRoster(first)
    expect(plan.members).toEqual([])
    expect(plan.summary.members.same).toBe(5)
  })

  it('keeps what a later file does not say', () => {
    const plan = app.roster.planRoster([row('S01', 'T001', '张三', { town: undefined, stage: undefined })])
    expect(plan.schools).toEqual([])
    expect(plan.members[0]).toMatchObject({ subject: '数学', roles: ['teacher'] })
  })

  it.each([
    ['S01', ['S01']],
    ['石首市实验小学', ['S01']],
    [' 石首市 实验小学 ', ['S01']],
    ['实验小学', ['S01']],
    ['笔架山小学', ['S04']],
    ['小学', ['S01', 'S03', 'S04']],
    ['南岳高中', ['S02']],
    ['syxx', ['S01']],
    ['xlxx', ['S03']],
    ['没有这所学校', []],
    ['', []],
  ])('finds %s', (text, codes) => {
    expect(app.roster.findSchools(text).map(({ code }) => code)).toEqual(codes)
  })

  it.each([
    ['实验小字', 'S01'],
    ['石首市绣林小雪', 'S03'],
    ['笔驾山小学', 'S04'],
  ])('suggests for %s', (text, code) => {
    expect(app.roster.suggestSchools(text)[0]?.code).toBe(code)
  })

  it('suggests nothing for something else altogether', () => {
    expect(app.roster.suggestSchools('今天天气怎么样')).toEqual([])
    expect(app.roster.suggestSchools('')).toEqual([])
  })

  it('finds people by name, however it is spaced, in one school or all', () => {
    expect(app.roster.findMembers('张三').map(({ account }) => account)).toEqual(['T001', 'T003'])
    expect(app.roster.findMembers('张 三', 'S02').map(({ account }) => account)).toEqual(['T003'])
    expect(app.roster.findMembers('王五')).toHaveLength(1)
    expect(app.roster.findMembers('无名')).toEqual([])
  })

  describe('transfers and undo', () => {
    it('moves a member, retires another, adds one', async () => {
      const rows = [
        row('S03', 'T002', '李四'),
        row('S02', 'T003', '张三', { state: 'retired', stage: '高中' }),
        row('S01', 'T006', '新来'),
      ]
      expect(app.roster.planRoster(rows).summary.members).toEqual({ added: 1, changed: 2, moved: 1, same: 0 })
      await store_(rows, 10)
      expect(app.roster.member('T002')).toMatchObject({ school: 'S03', opened: true })
      expect(app.roster.member('T003')?.state).toBe('retired')
      await reopen()
    })

    it('takes the newest import back', async () => {
      await store_([row('S04', 'T002', '李四')], 11)
      expect(app.roster.member('T002')?.school).toBe('S04')
      await undo(11)
      await vi.waitFor(() => expect(app.roster.member('T002')?.school).toBe('S03'))
      await reopen()
    })

    it('takes an older import back and keeps what came later', async () => {
      await store_([row('S04', 'T006', '新来')], 12)
      await undo(10)
      await vi.waitFor(() => expect(app.roster.member('T002')?.school).toBe('S01'))
      expect(app.roster.member('T003')?.state).toBe('active')
      expect(app.roster.member('T006')?.school).toBe('S04')
      await undo(12)
      await vi.waitFor(() => expect(app.roster.member('T006')).toBeUndefined())
      await reopen()
    })

    it('takes everything back in any order', async () => {
      await store_([row('S02', 'T001', '张三')], 20)
      await store_([row('S03', 'T001', '张三')], 21)
      await store_([row('S04', 'T001', '张三')], 22)
      await undo(21)
      await undo(20)
      await undo(22)
      await vi.waitFor(() => expect(app.roster.member('T001')?.school).toBe('S01'))
      expect(app.roster.member('T001')?.roles).toEqual(['administrator', 'teacher'])
    })
  })

  it('follows what another process stored', async () => {
    if (launch !== MariaDB) return
    const other = await open()
    try {
      const rows = [row('S01', 'T100', '别处')]
      await other.database.withTransaction(() => other.roster.store(other.roster.planRoster(rows), 30))
      expect(other.roster.member('T100')).toBeDefined()
      await vi.waitFor(() => expect(app.roster.member('T100')?.name).toBe('别处'), 5000)
      // The newest import counts, also when it was planned before the other process stored its own.
      const plan = app.roster.planRoster(rows)
      const moved = other.roster.planRoster([row('S02', 'T100', '别处')])
      await other.database.withTransaction(() => other.roster.store(moved, 31))
      await app.database.withTransaction(() => app.roster.store(plan, 32))
      await vi.waitFor(() => expect(other.roster.member('T100')?.school).toBe('S01'), 5000)
      expect(app.roster.member('T100')?.school).toBe('S01')
    } finally {
      await store.close(other)
    }
  })
})
