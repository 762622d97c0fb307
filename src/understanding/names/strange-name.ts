import type { QuestionFrame } from '../frame'
import type { Intent, IntentKind } from '../intent'
import { isBreak } from '../lexing/lexer'
import type { Token } from '../lexing/sense'
import nameWords from '../words/names.json'

const surnames = new Set(nameWords.surnames)
const titles = new Set(nameWords.titles)

/** Kinds of questions in which a person can be named. */
const ofPersons: readonly IntentKind[] = ['score', 'records', 'tasks', 'gap', 'compare']

/** Kinds of words that say by themselves whom the question is about. */
const naming = ['person', 'school', 'town', 'scope', 'subject', 'stage'] as const

/**
 * The one unknown word of a question, when it can only be somebody's name: two to four Chinese signs that begin with a
 * surname, where nobody else is named, first of all that was said or with a title behind it. Undefined for all other
 * words, of which it would be odd to say that nobody has that name.
 */
export function findStrangeName(frame: QuestionFrame, intent: Intent): string | undefined {
  if (!ofPersons.includes(intent.intent) || frame.unknown.length !== 1) return undefined
  const at = frame.tokens.findIndex(({ senses, text }) => !senses.length && !isBreak(text))
  const token = frame.tokens[at]
  if (!token || !isLikeName(token.text)) return undefined
  if (titles.has(frame.tokens[at + 1]?.text ?? '')) return token.text
  const isFirst = frame.content[0] === token
  const others = frame.content.filter((other) => other !== token && namesSomebody(other))
  return isFirst && !others.length ? token.text : undefined
}

function isLikeName(text: string): boolean {
  const [first = '', second = ''] = Array.from(text)
  return /^\p{Script=Han}{2,4}$/u.test(text) && (surnames.has(first) || surnames.has(first + second))
}

function namesSomebody({ senses }: Token): boolean {
  return senses.some(({ kind }) => naming.some((one) => one === kind))
}
