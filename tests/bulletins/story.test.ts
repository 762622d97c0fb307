import { operator } from '@space-assistant/core/access/viewer'
import PizZip from 'pizzip'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { at, eventually } from '../journeys/house'
import { groups, laterRecords, startBulletins } from './house'
import type { BulletinHouse } from './house'

let test: BulletinHouse
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-17 10:00:00'), shouldAdvanceTime: true })
  test = await startBulletins()
})
afterEach(async () => {
  await test.stop()
  vi.useRealTimers()
})

/** What a group has got of a bulletin. */
function arrived(group: string) {
  const got = test.fake.delivered.filter((one) => one.group === group)
  return {
    texts: got.flatMap(({ text }) => (text ? [text] : [])),
    pictures: got.flatMap(({ segments }) => segments.filter(({ type }) => type === 'image')).length,
    files: got.flatMap(({ file }) => (file ? [file.name] : [])),
  }
}

const approve = async (id = 1) => {
  expect(await test.say(`/通报 提交 ${id}`)).toContain('已提交')
  expect(await test.say(`/通报 批准 ${id}`, '5002')).toContain('已批准')
}

describe('a bulletin', () => {
  it('is drafted, edited, submitted, approved by another, and published once to every group', async () => {
    const drafted = await test.say('/通报 起草')
    expect(drafted).toContain('1 号《武汉市新洲区')
    expect(drafted).toContain(
      '共有 4 所学校、5 位教师，其中 3 所学校参加排名，学校平均得分 2.33 分，最高 5 分。数据截至 2022-05-14。',
    )
    expect(drafted).toContain('第 1 名 清港中学 5 分；第 2 名 青铺中心小学 1 分；第 2 名 清港小学 1 分。')
    expect(drafted).toContain('另有 1 所学校没有在岗教师，不参加排名。')
    expect(drafted).toContain('没有整校沉寂的情况。')
    // This scheme asks for no share of opened spaces.
    expect(drafted).not.toContain('评优要求')
    expect(drafted).not.toContain('与上一期')
    const edited = await test.say('/通报 改 要求 请各校在 5 月 31 日前，让 79.6% 变成 100%。')
    expect(edited).toContain('工作要求（改过）\n请各校在 5 月 31 日前，让 79.6% 变成 100%。')
    expect(edited).toContain('这些数字不在数据里，请核对：31。')
    expect(await test.say('/通报 发布 1')).toContain('还没有批准')
    expect(await test.say('/通报 提交')).toContain('已提交')
    expect(await test.say('/通报 批准 1')).toContain('要由另一位专班人员批准')
    expect(await test.say('/通报 批准 1', '5002')).toContain('已批准')
    const preview = await test.hear('/通报 发布 1')
    const [text] = preview.map((one) => one.text)
    expect(text).toContain('1 号通报将发往 2 个群：')
    expect(preview.flatMap(({ segments }) => segments).filter(({ type }) => type === 'image')).toHaveLength(1)
    expect(await test.say('好的')).not.toContain('已发布')
    await test.say('/通报 发布 1')
    expect(await test.say('确认')).toContain('已发布，发往 2 个群')
    for (const group of groups) {
      await eventually(() => expect(arrived(group).files).toHaveLength(1))
      const { texts, pictures, files } = arrived(group)
      expect(pictures).toBe(1)
      expect(files[0]).toMatch(/工作进展情况通报.*\.docx$/)
      expect(Array.from(texts.join('')).length).toBeLessThanOrEqual(300)
      expect(texts.join('')).toContain('3 所学校参加排名，平均 2.33 分')
    }
    await eventually(async () => expect(await test.say('/通报 进度 1')).toBe('1 号通报，2 个群：已送达 2。'))
    expect(await test.say('/通报 确认 1')).toContain('已经发布')
    expect(await test.say('/通报 改 要求 再改', '5001')).toContain('没有正在写的通报')
    expect(arrived('70001').files).toHaveLength(1)
  })

  it('is shown to everybody once it is published, and only then', async () => {
    await test.say('/通报 起草')
    expect(await test.say('/通报 1', '4001')).toContain('没有 1 号通报')
    expect(await test.say('/通报 提交', '4001')).toContain('工作专班')
    await approve()
    await test.say('/通报 确认 1')
    const shown = await test.hear('/通报 1', '4001')
    expect(shown.map(({ text }) => text).join('')).toContain('第 1 名 清港中学 5 分')
    expect(shown.flatMap(({ file }) => (file ? [file.name] : []))).toHaveLength(1)
    const table = await test.hear('/通报 表格 1', '4001')
    expect(table.flatMap(({ file }) => (file ? [file.name] : []))[0]).toMatch(/附表\.xlsx$/)
    expect(await test.say('/通报', '4999')).toContain('绑定')
    expect(await test.say('/通报', '4001')).toMatch(/看一份：\/通报 1。$/)
    expect(await test.say('/通报 胡说', '4001')).toBe('看发过的通报：/通报。')
  })

  it('is sent back with a reason', async () => {
    await test.say('/通报 起草')
    await test.say('/通报 提交 1')
    expect(await test.say('/通报 退回 1 请核对数字', '5002')).toContain('退回原因：请核对数字')
  })

  it('is signed by the office that the scheme names, and says so when nobody is named', async () => {
    expect(await test.say('/通报 起草')).not.toContain('落款单位还没有填')
    const signed = async () => {
      const { bulletins } = test.house.app
      const file = await bulletins.file(operator, 1, 'document')
      if (!file.ok) throw new Error(file.code)
      return new PizZip(file.value.bytes).file('word/document.xml')?.asText() ?? ''
    }
    expect(await signed()).toContain('武汉市新洲区教育局')
    expect(await test.say('/通报 落款 （请填写单位名称）')).toContain('落款单位还没有填')
    expect(await test.say('/通报 落款 区教育信息中心')).not.toContain('落款单位还没有填')
    expect(await signed()).toContain('区教育信息中心')
    expect(await signed()).not.toContain('武汉市新洲区教育局')
  })

  it('loses its approval with any edit', async () => {
    await test.say('/通报 起草')
    await approve()
    expect(await test.say('/通报 标题 新的标题')).toContain('修改中')
    expect(await test.say('/通报 确认 1')).toContain('还没有批准')
    await approve()
    expect(await test.say('/通报 确认 1')).toContain('已发布')
  })

  it('loses its approval with any newer import, and says how much would change', async () => {
    await test.say('/通报 起草')
    await approve()
    await test.take({ name: 'more.csv', bytes: laterRecords(['20001', '教学成果', '2022-05-16', 1]) })
    expect(await test.say('/通报 确认 1')).toMatch(/数据已更新，\d+ 处会变。请发送“\/通报 更新 1”/)
    const refreshed = await test.say('/通报 更新 1')
    expect(refreshed).toContain('清港小学 得分：1 → 6')
    expect(refreshed).toContain('清港小学 名次：2 → 1')
    expect(refreshed).toContain('第 1 名 清港小学 6 分')
    expect(arrived('70001').files).toEqual([])
    expect(await test.say('/通报 确认 1')).toContain('还没有批准')
    await approve()
    expect(await test.say('/通报 确认 1')).toContain('已发布')
  })

  it('is not written from old data, nor published', async () => {
    await test.say('/通报 起草')
    await approve()
    vi.setSystemTime(at('2022-05-20 10:00:00'))
    expect(await test.say('/通报 确认 1')).toContain('数据是 5 个工作日以前的')
    expect(await test.say('/通报 起草')).toContain('请先导入最新的数据')
    expect(arrived('70001').texts).toEqual([])
  })

  it('goes out at its time, unless the data have changed until then: staff are told why', async () => {
    await test.say('/通报 起草')
    await approve()
    expect(await test.say('/通报 定时 1 明天 8:30')).toContain('定于 2022-05-18 08:30 发布')
    await test.take({ name: 'more.csv', bytes: laterRecords(['20001', '教学成果', '2022-05-16', 1]) })
    vi.setSystemTime(at('2022-05-18 08:30:00'))
    const told = () =>
      test.fake.delivered.filter(({ user, text }) => user === '5002' && text.includes('到点没有发出'))
    await eventually(() => expect(told()).toHaveLength(1))
    expect(told()[0]?.text).toMatch(/数据已更新，\d+ 处会变/)
    expect(arrived('70001').texts).toEqual([])
    await test.say('/通报 更新 1')
    await approve()
    await test.say('/通报 定时 1 今天 9:00')
    vi.setSystemTime(at('2022-05-18 09:00:00'))
    await eventually(() => expect(arrived('70002').files).toHaveLength(1))
  })

  it('is compared with the one before, and corrected by another that says so', async () => {
    await test.say('/通报 起草')
    await approve()
    await test.say('/通报 确认 1')
    await test.take({ name: 'more.csv', bytes: laterRecords(['20001', '教学成果', '2022-05-16', 1]) })
    const second = await test.say('/通报 起草')
    expect(second).toContain(
      '与上一期（数据截至 2022-05-14）相比，进步大的学校：清港小学 上升 1 名，现在第 1 名。',
    )
    expect(await test.say('/通报 比较 2')).toContain('2 号与 1 号（数据截至 2022-05-14）相比')
    await test.say('/通报 取消 2')
    expect(await test.say('/通报 更正 1')).toContain('请写上更正的原因')
    expect(await test.say('/通报 更正 1 清港小学少算了一次')).toContain('更正 1 号')
    await approve(3)
    await test.say('/通报 确认 3')
    // Groups are not written to twice in a moment.
    vi.setSystemTime(at('2022-05-17 10:10:00'))
    await eventually(() =>
      expect(arrived('70001').texts.join('\n')).toContain('【更正】1 号通报有误：清港小学少算了一次。'),
    )
    expect(await test.say('/通报 1', '4001')).toContain('后来更正了')
    expect(await test.say('/通报', '4001')).toContain('3 号《更正：')
  })

  it('arrives as words where the picture is refused', async () => {
    test.fake.fault = ({ action, params }) =>
      action.startsWith('send') && JSON.stringify(params).includes('base64://')
        ? { kind: 'refuse', retcode: 1400 }
        : undefined
    await test.say('/通报 起草')
    await approve()
    await test.say('/通报 确认 1')
    await eventually(() => expect(test.fake.calls.some(({ fault }) => fault)).toBe(true))
    vi.setSystemTime(at('2022-05-17 10:10:00'))
    await eventually(() =>
      expect(arrived('70001').texts.join('\n')).toContain('3 所学校参加排名，平均 2.33 分'),
    )
  })

  it.each([
    ['/通报 起草 火星', '没有看懂时间段'],
    ['/通报 起草 6月', '没有数据'],
    ['/通报 改 要求', '请写上改哪一段'],
    ['/通报 9', '没有 9 号通报'],
    ['/通报 批准', '没有正在写的通报'],
    ['/通报 胡说', '起草：/通报 起草'],
    ['/通报 重发 9', '没有 9 号通报'],
  ])('%s', async (text, part) => {
    expect(await test.say(text)).toContain(part)
  })
})
