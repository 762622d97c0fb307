import { maskName } from '../access/masking'
import { mask } from '../text/number-masking'
import { tokenizeQuestion } from './lexing/lexer'
import { normaliseQuestion } from './normalise'
import type { UnderstandingVocabulary } from './vocabulary'
import type { Day } from '../calendar/day'

const LONGEST = 60

/**
 * A message as it may be kept for those who look after the words: at most 60 signs, people of the roster by their
 * surname, and no phone number, identity number or code.
 */
export function maskQuestion(given: string, vocabulary: UnderstandingVocabulary, today: Day): string {
  const { text } = normaliseQuestion(given)
  const reading = { today, period: vocabulary.scheme.period, calendar: vocabulary.calendar }
  const parts = tokenizeQuestion(text, vocabulary, reading).map((token) => {
    if (token.senses.some(({ kind }) => kind === 'person')) return maskName(token.text)
    return token.senses.some(({ kind }) => kind === 'code') ? '*'.repeat(8) : token.text
  })
  const masked = mask(parts.join('')).text.replace(/\[\*\d+\]/g, '')
  return Array.from(masked).slice(0, LONGEST).join('')
}
