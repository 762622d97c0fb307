import { decidePendingAnswer, readClosedAnswer } from '@space-assistant/core/understanding/pending'
import type { AnswerWords, HeardAnswer, OpenQuestion } from '@space-assistant/core/understanding/pending'
import { describe, expect, it } from 'vitest'
import { answers } from '../../plugins/conversation/words.json'

const words: AnswerWords = answers
const act: OpenQuestion = { number: 5, form: 'act', choices: 0, here: true }
const import7: OpenQuestion = { number: 7, form: 'act', choices: 0, here: true }
const offer: OpenQuestion = { number: 8, form: 'offer', choices: 0, here: true }
const choice: OpenQuestion = { number: 9, form: 'choice', choices: 3, here: true }
const text: OpenQuestion = { number: 10, form: 'text', choices: 0, here: true }
const file: OpenQuestion = { number: 11, form: 'file', choices: 0, here: true }
const elsewhere = (question: OpenQuestion) => ({ ...question, here: false })

type Case = [said: string, open: OpenQuestion[], result: object]

function decide(said: string, open: OpenQuestion[], heard: Partial<HeardAnswer> = {}) {
  const answer = readClosedAnswer(said, words)
  return decidePendingAnswer(open, { place: 'private', addressed: true, answer, attached: false, ...heard })
}

const yes = (number: number) => ({ kind: 'yes', number })
const no = (number: number) => ({ kind: 'no', number })
const explain = (code: string, number?: number) => ({
  kind: 'explain',
  code,
  ...(number !== undefined && { number }),
})
const none = { kind: 'no-answer' }

describe('a closed answer', () => {
  it.each([
    ['确认', { kind: 'confirm' }],
    ['确认 5', { kind: 'confirm', number: 5 }],
    ['确认５。', { kind: 'confirm', number: 5 }],
    ['确定5号', { kind: 'confirm', number: 5 }],
    ['确认#1024', { kind: 'confirm', number: 1024 }],
    ['取消 12', { kind: 'cancel', number: 12 }],
    ['好的！', { kind: 'yes' }],
    ['OK', { kind: 'yes' }],
    ['不用了', { kind: 'no' }],
    ['2', { kind: 'number', number: 2 }],
    ['第2个', { kind: 'number', number: 2 }],
  ])('%s', (said, answer) => {
    expect(readClosedAnswer(said, words)).toEqual(answer)
  })

  it.each([
    '确认一下各校名单',
    '确认 5 点开会',
    '确认码 ABCD2345',
    '好的收到，明天开会',
    '是不是',
    '可以看看排名吗',
    '不对吧张老师 明天才开会',
    '12345678',
    '2022',
    '',
    '确认'.repeat(20),
  ])('is not: %s', (said) => {
    expect(readClosedAnswer(said, words)).toBeUndefined()
  })
})

describe('in a group, said to nobody', () => {
  const heard = { addressed: false, place: 'staff-group' } as const

  it.each(['好', '好的', '是', '可以', '行', '嗯', 'ok', '确认', '确定', '取消', '不', '2', '谢谢', '收到'])(
    '%s answers nothing',
    (said) => {
      expect(decide(said, [act, offer, choice, text], heard)).toEqual(none)
    },
  )

  it('a closed word with the number of an own question answers it', () => {
    expect(decide('确认 5', [act, import7], heard)).toEqual(yes(5))
    expect(decide('取消 7', [act, import7], heard)).toEqual(no(7))
  })

  it('a closed word with any other number answers nothing', () => {
    expect(decide('确认 6', [act], heard)).toEqual(none)
    expect(decide('取消 6', [act], heard)).toEqual(none)
  })

  it('only a file answers where one is waited for', () => {
    expect(decide('看这个表', [file], { ...heard, attached: true })).toEqual({ kind: 'given', number: 11 })
    expect(decide('看这个表', [act], { ...heard, attached: true })).toEqual(none)
    expect(decide('看这个表', [elsewhere(file)], { ...heard, attached: true })).toEqual(none)
  })
})

describe('in a group, said to the assistant', () => {
  it.each<[place: HeardAnswer['place'], ...Case]>([
    ['staff-group', '确认 5', [act], yes(5)],
    ['staff-group', '确认', [act], explain('number-needed', 5)],
    ['staff-group', '好的', [act], explain('number-needed', 5)],
    ['staff-group', '是', [offer], explain('number-needed', 8)],
    ['staff-group', '确认', [offer], yes(8)],
    ['group', '确认 5', [act], explain('elsewhere', 5)],
    ['group', '确认', [act], explain('elsewhere', 5)],
    ['group', '确认 8', [offer], yes(8)],
    ['group', '确认 8', [elsewhere(offer)], explain('elsewhere', 8)],
    ['group', '好的', [], none],
    ['group', '2', [choice], { kind: 'chosen', number: 9, choice: 2 }],
    ['group', '4', [choice], none],
    ['group', '取消', [text], no(10)],
    ['group', '网页打不开', [text], { kind: 'given', number: 10 }],
    ['group', '网页打不开', [elsewhere(text)], none],
  ])('in a %s: %s', (place, said, open, result) => {
    expect(decide(said, open, { place })).toEqual(result)
  })
})

describe('in private', () => {
  it.each<Case>([
    ['确认', [act], yes(5)],
    ['确认', [elsewhere(act)], yes(5)],
    ['确认', [act, import7], explain('several-open')],
    ['确认 7', [act, import7], yes(7)],
    ['确认 6', [act], explain('no-such-question', 6)],
    ['确认', [], explain('nothing-to-confirm')],
    ['确认', [text, file, choice], explain('nothing-to-confirm')],
    ['好', [act], explain('number-needed', 5)],
    ['是', [offer], yes(8)],
    ['好的', [offer], yes(8)],
    ['是', [], explain('nothing-asked')],
    ['是', [elsewhere(offer)], explain('nothing-asked')],
    ['不用', [offer], no(8)],
    ['取消', [], explain('nothing-to-cancel')],
    ['取消', [act], no(5)],
    ['取消', [act, text], no(10)],
    ['取消 9', [act], explain('no-such-question', 9)],
    ['3', [choice], { kind: 'chosen', number: 9, choice: 3 }],
    ['0', [choice], none],
    ['3', [act], none],
    ['我多少分', [act, offer, choice], none],
    ['网页打不开', [text], { kind: 'given', number: 10 }],
    ['网页打不开', [text, act], none],
  ])('%s', (said, open, result) => {
    expect(decide(said, open)).toEqual(result)
  })

  it('a quotation of one of several questions says which is meant', () => {
    expect(decide('确认', [act, import7], { quoted: 5 })).toEqual(yes(5))
    expect(decide('取消', [act, import7], { quoted: 5 })).toEqual(no(5))
  })
})
