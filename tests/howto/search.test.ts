import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HowToSearch } from '../../src/howto/search'
import { howTo, measure, questions } from './howto'

const xinzhou = new HowToSearch(howTo, 'xinzhou-2022')
const shishou = new HowToSearch(howTo, 'shishou-2021')
function idOf(search: HowToSearch, question: string): string {
  const answer = search.ask(question)
  return answer.kind === 'answer' ? answer.match.entry.id : answer.because
}

it.each(['在吗', '你好，在吗', '老师好，在不在'])('%s is a greeting, not a question', (text) => {
  expect(idOf(xinzhou, text)).toBe('unknown')
})

describe('the labelled questions', () => {
  const heldOut = questions.filter((question) => question.heldOut)
  const tuning = questions.filter((question) => !question.heldOut)

  it('are enough, of both kinds, about known entries, and no phrasing of an entry', () => {
    expect(questions.length).toBeGreaterThanOrEqual(120)
    expect(questions.filter(({ entries }) => !entries.length).length).toBeGreaterThanOrEqual(60)
    const ids = new Set(howTo.entries.map(({ id }) => id))
    expect(questions.flatMap(({ entries }) => entries.filter((id) => !ids.has(id)))).toEqual(
      ['phases'].filter((id) => !ids.has(id)),
    )
    const asked = new Set(howTo.entries.flatMap((entry) => entry.questions))
    const copied = questions.filter(({ question }) => asked.has(question))
    expect(copied.map(({ question }) => question)).toEqual([])
  })

  it.each([
    ['held out', heldOut],
    ['for tuning', tuning],
    ['all', questions],
  ])('%s: nine of ten answers are right', (name, set) => {
    const { precision, recall, answered, questions: count } = measure(set)
    process.stdout.write(
      `how-to, ${name}: ${count} questions, ${answered} answered, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}\n`,
    )
    expect(precision).toBeGreaterThanOrEqual(0.9)
    expect(recall).toBeGreaterThanOrEqual(0.7)
  })
})

describe('searching', () => {
  it('answers every phrasing that an entry gives, by that entry', () => {
    for (const [scheme, search] of [
      ['xinzhou-2022', xinzhou],
      ['shishou-2021', shishou],
    ] as const) {
      const own = howTo.entries.filter((entry) => !entry.scheme || entry.scheme === scheme)
      const wrong = own.flatMap(({ id, questions: asked }) =>
        asked.flatMap((question) =>
          idOf(search, question) === id ? [] : [`${id}: ${question}: ${idOf(search, question)}`],
        ),
      )
      expect(wrong).toEqual([])
    }
  })

  it.each(
    howTo.entries
      .filter(({ indicator }) => indicator)
      .map(({ indicator, scheme, id }) => [indicator!, scheme!, id]),
  )('%s怎么得分', (indicator, scheme, id) => {
    const search = scheme === 'xinzhou-2022' ? xinzhou : shishou
    expect(idOf(search, `${indicator}怎么得分`)).toBe(id)
  })

  it('answers of another scheme are not given', () => {
    expect(idOf(shishou, '互动授课每周最多几次')).not.toMatch(/^xinzhou/)
    expect(idOf(new HowToSearch(howTo, undefined), '怎么绑定账号')).toBe('binding')
  })

  it('width, case, spaces and greetings make no difference', () => {
    for (const question of [
      '课件制作 有多少分',
      '您好，课件制作有多少分？',
      '课件制作有多少分啊',
      '课 件 制 作有多少分',
    ]) {
      expect(xinzhou.matches(question)[0]?.entry.id).toBe('xinzhou-courseware')
    }
  })

  it('trouble goes to a person even when an entry is near, and says what was near', () => {
    const answer = xinzhou.ask('互动授课没有计分怎么回事')
    expect(answer).toMatchObject({ kind: 'person', because: 'trouble' })
    expect(answer.others[0]?.entry.id).toBe('xinzhou-lesson')
  })

  it('nothing, signs and strange scripts go to a person', () => {
    for (const question of ['', '？？', '😀', 'hello world', '12345', '$(rm)'])
      expect(xinzhou.ask(question).kind).toBe('person')
  })

  it('never fails and scores between 0 and 1', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (question) => {
        for (const { score } of xinzhou.matches(question)) {
          expect(score).toBeGreaterThanOrEqual(0)
          expect(score).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
