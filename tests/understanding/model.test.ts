import { describe, expect, it } from 'vitest'
import { parseDay } from '@space-assistant/core/calendar/day'
import type { UnderstandingContext } from '@space-assistant/core/understanding/context'
import { readModelAnswer } from '@space-assistant/core/understanding/model-answer'
import { makeModelRequest, modelAnswerJsonSchema } from '@space-assistant/core/understanding/model-request'
import { makeVocabulary, utteranceActors, utteranceDay } from './district'

const context: UnderstandingContext = {
  vocabulary: makeVocabulary(),
  actor: utteranceActors.administrator,
  place: 'private',
  today: parseDay(utteranceDay) ?? 0,
  previous: [],
}
const question = '江瑞博和青铺初中、清港乡的事 13800138000'
const { user, system, placeholders } = makeModelRequest(question, context)
const read = (answer: unknown) =>
  readModelAnswer(typeof answer === 'string' ? answer : JSON.stringify(answer), placeholders, context)

describe('what a language model is asked', () => {
  it('names no person, school or town, and no number', () => {
    for (const secret of ['江瑞博', '青铺', '清港', '4200003', '13800138000'])
      expect(user + system).not.toContain(secret)
    expect(user).toContain('PERSON1')
    expect([...placeholders.values()]).toEqual(['江瑞博', '4200003', '清港乡'])
  })

  it('has a schema without anything that changes data or reaches others', () => {
    const kinds = JSON.stringify(modelAnswerJsonSchema())
    for (const kind of ['announce', 'import', 'bulletin', 'confirm', 'bind', 'remind', 'groups']) {
      expect(kinds).not.toContain(`"const":"${kind}"`)
    }
    expect(kinds).toContain('"const":"ranking"')
  })
})

describe('what a language model answers', () => {
  it('becomes intents with the names put back', () => {
    expect(
      read({
        intents: [
          { intent: 'score', whom: 'person:PERSON1' },
          { intent: 'ranking', where: 'school:SCHOOL1' },
        ],
      }),
    ).toEqual([
      { intent: 'score', whom: 'person:江瑞博' },
      { intent: 'ranking', where: 'school:4200003' },
    ])
    expect(read('```json\n{"intents":[{"intent":"none"}]}\n```')).toEqual([{ intent: 'none' }])
  })

  it.each([
    ['no JSON', 'I think you want the ranking.'],
    ['another shape', { intent: 'ranking' }],
    ['an unknown key', { intents: [{ intent: 'ranking', points: 100 }] }],
    ['an act', { intents: [{ intent: 'announce', ask: 'start', text: 'x' }] }],
    ['a confirmation', { intents: [{ intent: 'confirm', number: 3 }] }],
    ['a person that nobody is', { intents: [{ intent: 'score', whom: 'person:PERSON2' }] }],
    ['a school that is not there', { intents: [{ intent: 'ranking', where: 'school:999' }] }],
    ['an indicator of no scheme', { intents: [{ intent: 'ranking', indicators: ['points'] }] }],
    ['an entry that is not there', { intents: [{ intent: 'how-to', entry: 'nothing' }] }],
    ['days in the wrong order', { intents: [{ intent: 'ranking', from: '2022-05-02', to: '2022-05-01' }] }],
    ['a day that is none', { intents: [{ intent: 'ranking', from: '2022-02-30', to: '2022-05-01' }] }],
    ['four intents', { intents: Array.from({ length: 4 }, () => ({ intent: 'help' })) }],
  ])('is refused when it is %s', (_, answer) => {
    expect(read(answer)).toBeUndefined()
  })
})
