import { describe, expect, it } from 'vitest'
import { describeConfigProblem } from '../../src/scheme/problem'
import { lifePolicy, readTicketRules } from '../../src/tickets/rules'
import { proposeCategory, soundsLikeTrouble, urgencyOf } from '../../src/tickets/category'
import { rules, rulesText } from './rules'

describe('config/tickets.yml', () => {
  it('has the six categories in their order, the last without words', () => {
    expect(rules.categories.map(({ name }) => name)).toEqual([
      '账号登录',
      '数据更新',
      '功能故障',
      '计分异常',
      '使用咨询',
      '其他',
    ])
    expect(rules.categories.at(-1)).toMatchObject({ words: [], strong: [] })
    expect(rules.categories.filter(({ attach }) => attach).map(({ id }) => id)).toEqual(['scoring'])
  })

  it('gives the state machine its settings', () => {
    expect(lifePolicy(rules)).toMatchObject({ warnAfter: 840, closeAfter: 420, reopenDays: 30 })
    expect(rules.hours).toEqual([
      { from: 510, to: 720 },
      { from: 840, to: 1050 },
    ])
  })

  const mistakes: [string, string, string, string][] = [
    ['an unknown key', 'threshold: ', 'treshold: ', 'likeness.treshold'],
    ['a share over 1', 'words: 0.4 }', 'words: 4 }', 'likeness.weights.words'],
    ['an hour that is none', "'8:30'", "'8:60'", 'hours[0].from'],
    ['hours that overlap', "'14:00'", "'11:00'", 'hours[1].from'],
    ['hours that run backwards', "'17:30'", "'13:00'", 'hours[1].to'],
    ['an id twice', 'id: data', 'id: login', 'categories[1].id'],
    ['a name twice', 'name: 数据更新', 'name: 账号登录', 'categories[1].name'],
    ['a reason that the system uses', 'id: fixed', 'id: no-reply', 'reasons[0].id'],
    ['no reports for an incident', 'reports: 3', 'reports: 0', 'incident.reports'],
  ]
  it.each(mistakes)('%s is refused with file and path', (_, from, to, path) => {
    expect(rulesText).toContain(from)
    const read = readTicketRules(rulesText.replace(from, to), 'config/tickets.yml')
    const problems = read.ok ? [] : read.problems
    expect(problems.map((problem) => problem.path)).toContain(path)
    expect(describeConfigProblem(problems[0]!)).toMatch(/^config\/tickets\.yml 第 \d+ 行/)
  })
})

describe('category, urgency and trouble from the text', () => {
  const cases: [string, string][] = [
    ['登录提示密码错误，重置密码也不行', 'login'],
    ['王老师的账号登录不上', 'login'],
    ['收不到短信验证码', 'login'],
    ['管理中心进不去，显示没有权限', 'login'],
    ['张老师退休了名单还没更新', 'data'],
    ['我校开通率还是上周的，一直没有更新', 'data'],
    ['新调入的两位老师不在名册里', 'data'],
    ['点上传按钮没反应', 'fault'],
    ['备课页面打不开，一直转圈', 'fault'],
    ['app 一打开就闪退', 'fault'],
    ['昨天传了三个资源没加分', 'scoring'],
    ['互动授课上了两节只算了一次', 'scoring'],
    ['我校排名不对，请重新统计', 'scoring'],
    ['积分昨天到现在一直没有加分', 'scoring'],
    ['请问导学检测怎么操作', 'usage'],
    ['特色课程在哪里发布', 'usage'],
    ['辛苦了', 'other'],
    ['', 'other'],
  ]
  it.each(cases)('%s: %s', (text, category) => expect(proposeCategory(text, rules).category).toBe(category))

  it('names the words that spoke for it, none twice', () => {
    expect(proposeCategory('登 录 不 上', rules)).toEqual({ category: 'login', because: ['登录不上'] })
  })

  it('knows urgent words and trouble', () => {
    expect(urgencyOf('今天截止，全校都登不上', rules)).toBe('high')
    expect(urgencyOf('登不上', rules)).toBe('normal')
    expect(soundsLikeTrouble('上传资源失败', rules)).toBe(true)
    expect(soundsLikeTrouble('本校排名', rules)).toBe(false)
    expect(soundsLikeTrouble('收到，谢谢', rules)).toBe(false)
  })
})
