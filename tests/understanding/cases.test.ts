import { describe, expect, it } from 'vitest'
import type { HearingPlace, UnderstandingActor } from '@space-assistant/core/understanding/context'
import { intentSchema } from '@space-assistant/core/understanding/intent'
import { makeVocabulary, understandAfter } from './district'

const vocabulary = makeVocabulary()
const ask = (
  text: string,
  as: UnderstandingActor['role'] = 'administrator',
  place: HearingPlace = 'private',
) => understandAfter(text, [], { vocabulary, as, place })

describe('a date or a name that is half understood', () => {
  it.each([
    ['3月10日到现在的排名', { from: '2022-03-10', to: '2022-05-18' }],
    [
      '截止到5月10日我们学校排第几',
      { from: '2022-01-01', to: '2022-05-10', where: 'own-school', show: 'place' },
    ],
    ['老师您好，请问我校排名第几', { where: 'own-school', show: 'place' }],
    ['5月10我们学校第几', { from: '2022-05-10', to: '2022-05-10' }],
    ['二月十四以来全区排名', { from: '2022-02-14', to: '2022-05-18' }],
  ])('is never answered as something smaller: %s', (text, want) => {
    expect(ask(text)).toMatchObject([{ intent: 'ranking', ...want }])
  })

  it.each([
    '2月30号到3月5号的排名',
    '正月初八到现在我们学校第几',
    '5月第二周排名',
    '前几天的排名',
    '育英小学排第几',
    '新洲一中排名',
    '王老师多少分',
    '小学平均分多少',
  ])('is said to be so: %s', (text) => {
    expect(ask(text, 'staff')).toMatchObject([{ intent: 'unclear' }])
  })

  it('offers what may be meant, nearest first', () => {
    const [answer] = ask('中心小学第几')
    expect(answer).toMatchObject({ intent: 'unclear', why: 'several-schools' })
    expect(answer?.intent === 'unclear' && answer.candidates?.length).toBe(2)
  })
})

describe('what was deaf once', () => {
  it.each([
    ['麻烦问一下我们学校排名', 'ranking'],
    ['帮我看下本校排名', 'ranking'],
    ['钱涵晓多少分', 'score'],
    ['看看钱涵晓的明细', 'records'],
    ['谁还没登录', 'lagging'],
    ['本校0分的老师', 'lagging'],
    ['前十', 'ranking'],
    ['倒数第一', 'ranking'],
    ['我要绑定', 'bind'],
    ['绑定SYR5G5HC', 'bind'],
    ['本校排明', 'ranking'],
    ['白谈中学第几', 'ranking'],
    ['转人工', 'report'],
    ['别再给我发提醒了', 'remind'],
    ['/排名 全区 前5', 'ranking'],
    ['电教馆电话', 'contact'],
    ['交流群号', 'contact'],
    ['我的问题处理了吗', 'report'],
    ['怎么导入', 'import'],
    ['报名从哪天开始', 'phases'],
    ['还有几天截止', 'phases'],
    ['什么时候发证书', 'awards'],
  ])('%s is a question about %s', (text, intent) => {
    expect(ask(text)).toMatchObject([{ intent }])
  })
})

describe('talk between people', () => {
  it.each([
    '不对吧张老师 明天才开会',
    '好的',
    '@王老师 你们学校排第几',
    '我们学校排名又掉了',
    '我多少分',
    '确认',
  ])('is not answered when it is only overheard: %s', (text) => {
    expect(ask(text, 'administrator', 'overheard')).toEqual([{ intent: 'none' }])
  })
})

describe('what is handed on', () => {
  it('keeps its own signs and its whole length', () => {
    const text = `明天停机维护，请知悉。${'第一条，'.repeat(200)}`
    expect(ask(`发个通知：${text}`, 'staff')).toEqual([{ intent: 'announce', ask: 'start', text }])
  })
})

describe('a word that no intent accounts for', () => {
  it.each(['如果都登录我们能排第几', '除了职校的全区排名', '全区第六到第十名', '我们比上周多了多少分'])(
    'is not passed over: %s',
    (text) => {
      expect(ask(text)).toMatchObject([{ intent: 'unclear' }])
    },
  )

  it('makes the nearest reading an offer, but not the contrary of what was meant', () => {
    expect(ask('如果都登录我们能排第几')[0]).toHaveProperty('candidates')
    expect(ask('除了职校的全区排名')[0]).not.toHaveProperty('candidates')
  })
})

describe('who introduces oneself', () => {
  it.each(['贾无名', '高雪嫣', '欧阳無忌'])(
    'is heard by a name that the vocabulary does not know: %s',
    (name) => {
      expect(ask(`我是白滩中学的${name}`, 'stranger')).toEqual([
        { intent: 'bind', ask: 'start', name, school: 'school:4200007' },
      ])
    },
  )
})

describe('every answer', () => {
  it('is an intent of the union, whatever is said', () => {
    const texts = [
      '',
      '   ',
      '/',
      '/排名',
      '？？？',
      '1',
      '@空间助手',
      '😀',
      'a'.repeat(5000),
      '第第第',
      '到到到5月',
      '/公告 撤回 1',
    ]
    for (const text of texts)
      for (const intent of ask(text)) expect(() => intentSchema.parse(intent)).not.toThrow()
  })
})
