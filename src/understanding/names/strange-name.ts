import type { QuestionFrame } from '../frame'
import type { Cue, Token } from '../lexing/sense'
import { isBreak } from '../lexing/lexer'
import nameWords from '../words/names.json'

const surnames = new Set(nameWords.surnames)
const titles = new Set(nameWords.titles)
const numerals = new Set(nameWords.numerals)

/** Words of questions in which a person can be named. */
const ofPersons: readonly Cue[] = ['score', 'score-ask', 'records', 'task', 'gap', 'compare', 'login']

/** Kinds of words that say by themselves whom the question is about. */
const naming = ['person', 'school', 'town', 'scope', 'subject', 'stage'] as const

/**
 * The unknown word of a question, when it can only be somebody's name: two to four Chinese signs that begin with a
 * surname, where nobody else is named, first of all that was said or with a title behind it; or a known name with one
 * more sign. Undefined for all other words, of which it would be odd to say that nobody has that name.
 */
export function findStrangeName(frame: QuestionFrame): string | undefined {
  if (!frame.has(...ofPersons)) return undefined
  const at = frame.tokens.findIndex(isUnknown)
  const first = frame.tokens[at]
  const before = frame.tokens[at - 1]
  if (!first) return undefined
  if (before?.to === first.from && before.senses.some(({ kind }) => kind === 'person'))
    return first.text.length === 1 ? before.text + first.text : undefined
  const { text, end } = nameFrom(frame.tokens, at)
  const rest = frame.tokens.filter((token, place) => (place < at || place >= end) && isSaid(token))
  if (!isLikeName(text) || rest.some(isUnknown)) return undefined
  if (titles.has(frame.tokens[end]?.text ?? '')) return text
  const isFirst = frame.content.find(({ senses }) => !senses.some(({ kind }) => kind === 'filler')) === first
  return isFirst && !rest.some(namesSomebody) ? text : undefined
}

/** What is written together from a place on: unknown words, and single signs of other meaning between two of them. */
function nameFrom(tokens: readonly Token[], at: number): { text: string; end: number } {
  let text = tokens[at]?.text ?? ''
  let end = at + 1
  for (let next = tokens[end]; next && next.from === tokens[end - 1]?.to; next = tokens[end]) {
    const after = tokens[end + 1]
    if (isUnknown(next)) {
      text += next.text
      end += 1
    } else if (next.text.length === 1 && after?.from === next.to && isUnknown(after)) {
      text += next.text + after.text
      end += 2
    } else if (text.length === 1 && numerals.has(next.text)) {
      // A name such as one whose given part is a figure.
      text += next.text
      end += 1
    } else break
  }
  return { text, end }
}

function isUnknown(token: Token): boolean {
  return !token.senses.length && isSaid(token)
}

function isSaid({ text }: Token): boolean {
  return !isBreak(text)
}

function isLikeName(text: string): boolean {
  return /^\p{Script=Han}{2,4}$/u.test(text) && surnames.has(Array.from(text)[0] ?? '')
}

function namesSomebody({ senses }: Token): boolean {
  return senses.some(({ kind }) => naming.some((one) => one === kind))
}
