import { loadImage } from '@napi-rs/canvas'
import { operator } from '@space-assistant/core/access/viewer'
import type { ImportFile } from 'koishi-plugin-space-imports'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { at, files, startHouse } from '../journeys/house'
import type { House } from '../journeys/house'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'

const patient = { wait: 15_000, quiet: 300 }
const exchange = '70001'
const ownGroup = '70002'
let fake: FakeOneBot
let house: House

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-18 10:00:00') })
  fake = await startFakeOneBot()
  house = await startHouse({ onebot: fake })
  for (const [name, bytes] of Object.entries(files)) await take({ name: `${name}.csv`, bytes })
  const { access } = house.app
  const ref = { platform: 'onebot', selfId: fake.selfId }
  await access.link({ ...ref, userId: '4001' }, '10001')
  await access.link({ ...ref, userId: '4002' }, '10002')
  await access.groups.set({ ...ref, channelId: exchange }, { purpose: 'exchange' }, operator)
  await access.groups.set({ ...ref, channelId: ownGroup }, { purpose: 'school', school: 'S1' }, operator)
})
afterAll(async () => {
  await house.stop()
  await fake.close()
  vi.useRealTimers()
})

async function take(file: ImportFile): Promise<void> {
  const preview = await house.app.imports.preview(file, operator)
  if (!preview.ok) throw new Error(preview.code)
  const stored = await house.app.imports.confirm(preview.value.id, operator)
  if (!stored.ok) throw new Error(stored.code)
}

/** What arrives when somebody speaks: texts, and pictures as bytes. */
async function ask(text: string, { user = '4001', group = '' } = {}) {
  const before = fake.delivered.length
  if (group) await fake.say(group, user, text, { ...patient, at: true })
  else await fake.whisper(user, text, patient)
  const arrived = fake.delivered.slice(before)
  const pictures = arrived.flatMap(({ segments }) =>
    segments.flatMap(({ type, data }) => (type === 'image' ? [String(data['file'])] : [])),
  )
  const words = arrived.flatMap(({ segments }) =>
    segments.flatMap(({ type, data }) => (type === 'text' ? [String(data['text'])] : [])),
  )
  return { messages: arrived.length, words: words.join('').trim(), pictures }
}

const bytesOf = (file = '') => Buffer.from(file.replace('base64://', ''), 'base64')

describe('a picture', () => {
  it('of a ranking comes in one message with its three main facts', async () => {
    const { messages, words, pictures } = await ask('/排名 全区 图')
    expect(messages).toBe(1)
    expect(words).toBe(
      [
        '全区学校排名，本期（2022-01-01 至 2022-05-14），共 3 所：',
        '第 1 名 清港中学 5 分',
        '本校第 2 名，1 分',
        '数据截至 2022-05-14。',
      ].join('\n'),
    )
    const { width } = await loadImage(bytesOf(pictures[0]))
    expect(width).toBe(1440)
  })

  it.each([
    [
      '/排名 本校 图',
      '青铺中心小学 本期（2022-01-01 至 2022-05-14） 1 分，全区第 2 名（共 3 所）\n离前一名清港中学还差 4 分\n数据截至 2022-05-14。',
    ],
    [
      '本校走势',
      '青铺中心小学 最近 20 周：现在第 2 名（共 3 所）\n最好是 2022-05-14 的第 2 名\n2022-05-09 至 2022-05-14 得 1 分\n数据截至 2022-05-14。',
    ],
    [
      '/走势',
      '青铺中心小学 最近 20 周：现在第 2 名（共 3 所）\n最好是 2022-05-14 的第 2 名\n2022-05-09 至 2022-05-14 得 1 分\n数据截至 2022-05-14。',
    ],
    [
      '/成绩单',
      '青铺中心小学 本期（2022-01-01 至 2022-05-14） 1 分，全区第 2 名（共 3 所）\n空间开通率 66.6%\n2022-05-09 这一周，3 位教师里还有 2 位没有计分的行为。\n数据截至 2022-05-14。',
    ],
    [
      '清港中学成绩单',
      '清港中学 本期（2022-01-01 至 2022-05-14） 5 分，全区第 1 名（共 3 所）\n空间开通率 100%\n“空间登录”比全区平均每人少 0.4 分，差得最多。\n数据截至 2022-05-14。',
    ],
  ])('%s', async (text, facts) => {
    const { words, pictures } = await ask(text)
    expect(words).toBe(facts)
    expect(pictures).toHaveLength(1)
  })

  it('of people is masked where others read along, and never reused from where they are named', async () => {
    const named = await ask('/排名 本校 教师 图', { group: ownGroup })
    expect(named.words).toContain('第 1 名 李四 3 分')
    const masked = await ask('/排名 本校 教师 图', { group: exchange })
    expect(masked.words).toContain('第 1 名 李* 3 分')
    expect(masked.pictures[0]).not.toBe(named.pictures[0])
  })

  it('is not for strangers, and says what to do', async () => {
    const { words, pictures } = await ask('/成绩单 清港中学', { user: '4999' })
    expect(pictures).toEqual([])
    expect(words).toContain('绑定')
    expect((await ask('/走势 全区')).words).toContain('只能画一所学校的')
    expect((await ask('/走势 胡说八道')).words).toContain('没有看懂')
  })

  it('that cannot be uploaded leaves the whole text', async () => {
    fake.fault = ({ action, params }) =>
      action.startsWith('send') && JSON.stringify(params).includes('base64://')
        ? { kind: 'refuse', retcode: 1200, wording: 'rich media transfer failed' }
        : undefined
    const ranking = await ask('/排名 全区 图')
    const card = await ask('/成绩单')
    fake.fault = () => undefined
    expect(ranking.pictures).toEqual([])
    expect(ranking.words).toBe((await ask('/排名 全区')).words)
    expect(card.words).toContain('教学成果 0 分（全区平均 1 分）')
    expect(card.words).toContain('数据截至 2022-05-14。')
  })

  it('that has nothing to show is answered in words', async () => {
    expect((await ask('/排名 本校 高中 图')).pictures).toEqual([])
    expect((await ask('/走势 本周')).words).toContain('还没有数据')
  })
})
