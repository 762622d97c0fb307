import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { judgeUtterance, utteranceSchema } from './comparison'
import { makeVocabulary, understandAfter, utteranceDay } from './district'

const vocabularies = {
  'xinzhou-2022': makeVocabulary('xinzhou-2022'),
  'shishou-2021': makeVocabulary('shishou-2021'),
}

function judged(file: string) {
  const lines = readFileSync(join(__dirname, file), 'utf8').trim().split('\n')
  return lines.map((line) => {
    const utterance = utteranceSchema.parse(JSON.parse(line))
    const vocabulary = vocabularies[utterance.scheme === 'shishou-2021' ? 'shishou-2021' : 'xinzhou-2022']
    const answer = understandAfter(utterance.text, utterance.before ?? [], {
      vocabulary,
      as: utterance.as,
      place: utterance.place,
    })
    return {
      utterance,
      verdict: judgeUtterance(utterance, answer, { scheme: vocabulary.scheme, today: utteranceDay }),
    }
  })
}

describe.each(['given.jsonl', 'own.jsonl'])('the labelled utterances of %s', (file) => {
  const all = judged(file)
  const share = (verdict: string, of = all) => of.filter((one) => one.verdict === verdict).length / of.length

  it('are understood, and hardly one wrongly', () => {
    expect(share('right')).toBeGreaterThanOrEqual(0.92)
    expect(share('wrong')).toBeLessThanOrEqual(0.05)
  })
})
