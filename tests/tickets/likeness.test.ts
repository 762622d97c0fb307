import { describe, expect, it } from 'vitest'
import { alike, incidentOf, likeness } from '../../src/tickets/likeness'
import type { ComparedReport } from '../../src/tickets/likeness'
import { at } from './sample'
import { rules } from './rules'

const words = {
  rules,
  indicators: ['空间登录', '资源建设', '互动授课', '导学检测', '班级通知', '课件制作', '习惯养成'],
}
let number = 1000
const report = (text: string, minutes = 0, reporter = `r${number}`): ComparedReport => ({
  number: number++,
  reporter,
  text,
  at: at(minutes),
})

// Written as different people would put it; the last column is whether support should see them side by side.
const pairs: [string, string, number, boolean][] = [
  ['上传资源一直转圈', '资源传不上去，一直转圈', 10, true],
  ['平台登录不上了', '老师们都登录不上平台', 5, true],
  ['登录提示密码错误', '登陆时提示密码错误', 30, true],
  ['备课页面打不开', '打不开备课页面', 20, true],
  ['互动授课没有计分', '昨天的互动授课没计分', 60, true],
  ['课件上传失败', '上传课件失败，提示服务器错误', 15, true],
  ['打卡页面白屏', '学生打卡是白屏', 40, true],
  ['收不到验证码', '登录收不到验证码怎么办', 3, true],
  ['班级通知发不出去', '发班级通知失败', 25, true],
  ['开通率没有更新', '我校开通率一直没更新', 120, true],
  ['上传资源一直转圈', '互动授课没有计分', 10, false],
  ['平台登录不上了', '班级通知发不出去', 5, false],
  ['备课页面打不开', '打卡页面白屏', 5, false],
  ['开通率没有更新', '收不到验证码', 1, false],
  ['张老师退休了请更新名单', '课件上传失败', 1, false],
  ['我的积分少了', '视频没有声音', 2, false],
  ['上传资源一直转圈', '资源传不上去，一直转圈', 60 * 24 * 20, false],
]

describe('likeness', () => {
  it.each(pairs)('%s | %s', (a, b, minutes, expected) => {
    const { score } = likeness(report(a), report(b, minutes), words)
    expect({ alike: score >= rules.likeness.threshold, score: score.toFixed(2) }).toMatchObject({
      alike: expected,
    })
  })

  it('is the same both ways, between 0 and 1, and gives its reasons', () => {
    const [a, b] = [report('备课页面打不开'), report('打不开备课页面', 20)]
    const one = likeness(a, b, words)
    expect(likeness(b, a, words)).toEqual(one)
    expect(one.score).toBeLessThanOrEqual(1)
    expect(one.reasons.map(({ code }) => code)).toEqual(['same-function', 'near-time', 'similar-words'])
    expect(likeness(report('辛苦了'), report('备课'), words)).toEqual({ score: 0, reasons: [] })
  })

  it('shows the most alike first and never a report itself', () => {
    const own = report('备课页面打不开', 50)
    const open = [
      report('备课保存失败页面打不开', 0),
      report('备课页面打不开', 49),
      own,
      report('视频没有声音', 50),
    ]
    expect(alike(own, open, words).map((like) => like.number)[0]).toBe(open[1]!.number)
    expect(alike(own, open, words).map((like) => like.number)).not.toContain(own.number)
  })
})

describe('incidents', () => {
  const first = report('平台登录不上了', 0, 'a')
  const second = report('登录不上平台', 20, 'b')

  it('three people within the hour make one', () => {
    const third = report('老师们登录不上', 59, 'c')
    const decision = incidentOf(third, { open: [first, second], incidents: [] }, words)
    expect(decision).toEqual({ kind: 'raise', numbers: [first.number, second.number, third.number] })
  })

  it('two do not, nor three with one too long ago, nor one person three times', () => {
    const none = { kind: 'none' }
    expect(incidentOf(second, { open: [first], incidents: [] }, words)).toEqual(none)
    const late = report('老师们登录不上', 61, 'c')
    expect(incidentOf(late, { open: [first, second], incidents: [] }, words)).toEqual(none)
    const again = report('登录不上平台', 21, 'b')
    expect(incidentOf(again, { open: [first, second], incidents: [] }, words)).toEqual(none)
  })

  it('the next reporter is told that it is known, and no second one is raised', () => {
    const incident = { numbers: [first.number, second.number], raisedAt: at(59) }
    const fourth = report('怎么登录不上了', 90, 'd')
    expect(incidentOf(fourth, { open: [first, second], incidents: [incident] }, words)).toEqual({
      kind: 'known',
      incident,
    })
    const other = report('视频没有声音', 90, 'd')
    expect(incidentOf(other, { open: [first, second], incidents: [incident] }, words)).toEqual({
      kind: 'none',
    })
  })
})
