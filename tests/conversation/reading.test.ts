import { describe, expect, it } from 'vitest'
import { readMessage } from '../../plugins/conversation/reading'
import { nearNames } from '../../plugins/conversation/near'
import { cutCommandLine } from '../../plugins/conversation/argv'
import { withoutLinks } from '@space-assistant/core/delivery/link-free'

const list = ['排名', '积分', '明细', '任务', '阶段', '开通率', '绑定', '群', '反馈', '帮助', 'help']
const names = {
  has: (name: string) => list.includes(name),
  beginning: (text: string) => list.find((name) => /\p{Script=Han}/u.test(name) && text.startsWith(name)),
}
const inGroup = (content: string) => readMessage({ content, addressed: false }, names)
const addressed = (content: string) => readMessage({ content, addressed: true }, names)

describe('in a group, not addressed', () => {
  it.each([
    ['/排名 本校', '/排名 本校'],
    ['／排名 本校', '/排名 本校'],
    ['／排名　本校', '/排名 本校'],
    ['/ 排名 本校', '/排名 本校'],
    ['　/排名', '/排名'],
    ['/排名本校', '/排名 本校'],
    ['/开通率全区', '/开通率 全区'],
    ['、排名 本校', '/排名 本校'],
    ['\u200b/排名', '/排名'],
    ['/反馈 打不开 <img src="a b"/>', '/反馈 打不开 <img src="a b"/>'],
    ['/反馈<img src="a b"/>', '/反馈 <img src="a b"/>'],
    ['/HELP', '/HELP'],
    ['/群  交流群', '/群 交流群'],
  ])('%s is the command %s', (content, line) => {
    expect(inGroup(content)).toEqual({ kind: 'command', content: line })
  })

  it.each(['排名 本校', '本校排名', '大家好', '', ' ', '、我来了', '/', '//', '<img src="x"/>', '1/2'])(
    '%s is chatter',
    (content) => {
      expect(['chatter', 'unknown']).toContain(inGroup(content).kind)
      expect(inGroup(content).kind === 'unknown').toBe(content === '//')
    },
  )

  it('tells an unknown command from chatter', () => {
    expect(inGroup('/天气 武汉')).toEqual({ kind: 'unknown', given: '天气' })
  })
})

describe('addressed', () => {
  it('needs no slash before a name that stands alone', () => {
    expect(addressed('排名 本校')).toEqual({ kind: 'command', content: '/排名 本校' })
    expect(addressed('排名')).toEqual({ kind: 'command', content: '/排名' })
  })

  it('is talk when a sentence only begins like a command', () => {
    expect(addressed('任务怎么完成')).toEqual({ kind: 'talk', text: '任务怎么完成' })
    expect(addressed('本校排名')).toEqual({ kind: 'talk', text: '本校排名' })
  })
})

describe('near names', () => {
  it.each([
    ['排行', ['排名']],
    ['paiming', ['排名']],
    ['pm', ['排名']],
    ['排明', ['排名']],
    ['积份', ['积分']],
    ['开通', ['开通率']],
    ['天气', []],
    ['x', []],
    ['help', ['help']],
  ])('%s is near %j', (given, expected) => {
    expect(nearNames(given, list)).toEqual(expected)
  })
})

describe('cutting a line', () => {
  it.each([
    ['排名 本校  全区', ['排名', '本校', '全区']],
    ['反馈 $(排名) "a b', ['反馈', '$(排名)', '"a', 'b']],
    ['反馈 $(x', ['反馈', '$(x']],
    ["反馈 'a b' “c d”", ['反馈', "'a", "b'", '“c', 'd”']],
    ['反馈 a<img src="x y"/>b c', ['反馈', 'a<img src="x y"/>b', 'c']],
    ['', []],
  ])('%s', (line, words) => {
    expect(cutCommandLine(line).tokens!.map((token) => token.content)).toEqual(words)
    expect(cutCommandLine(line).tokens!.every((token) => token.inters.length === 0)).toBe(true)
  })
})

describe('texts without links', () => {
  it.each([
    ['共 36.5 分，第 1.2 节', '共 36.5 分，第 1.2 节'],
    ['名册.xlsx', '名册．xlsx'],
    ['见 https://www.example.com/a.html', '见 www．example．com/a．html'],
    ['a.b.cn', 'a.b．cn'],
    ['192.168.1.1', '192．168．1．1'],
    ['2022.3.9', '2022.3.9'],
    ['好.的', '好.的'],
    ['v1.x2', 'v1．x2'],
    ['1.登录', '1．登录'],
    ['3.14', '3.14'],
  ])('%s becomes %s', (given, plain) => {
    expect(withoutLinks(given)).toBe(plain)
  })
})
