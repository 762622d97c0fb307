import { describe, expect, it } from 'vitest'
import { makeVocabulary, understandAfter } from './district'

const vocabulary = makeVocabulary()
const ask = (text: string) => understandAfter(text, [], { vocabulary, as: 'administrator', place: 'private' })

describe('a word that may be the name of nobody in the roster', () => {
  it.each([
    ['欧阳震华得分', '欧阳震华'],
    ['王大锤的明细', '王大锤'],
    ['看看黄蓉的记录', '黄蓉'],
    ['郭靖老师还差什么任务', '郭靖'],
    ['张无忌这周登录了吗', '张无忌'],
    ['于德华多少分', '于德华'],
    ['马三还有什么任务', '马三'],
  ])('is called so where a person can be named: %s', (text, said) => {
    expect(ask(text)).toEqual([{ intent: 'unclear', why: 'unknown-name', said }])
  })

  it.each(['金庸排名', '我们学校黄蓉多少分', '饭卡余额多少', '高考多少分', '语文多少分', '帮我查快递'])(
    'is not called so elsewhere: %s',
    (text) => {
      expect(ask(text)).toMatchObject([{ intent: 'unclear' }])
      expect(ask(text)).not.toMatchObject([{ why: 'unknown-name' }])
    },
  )

  it.each(['空调多少分', '方便面多少分'])('is no reason to answer something else: %s', (text) => {
    expect(ask(text)).toMatchObject([{ intent: 'unclear', candidates: [{ intent: 'score' }] }])
  })
})
