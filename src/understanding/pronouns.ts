import type { UnderstandingContext } from './context'
import type { Intent } from './intent'
import type { Sense, Token } from './lexing/sense'
import { questionKey } from '../text/normalise'
import nameWords from './words/names.json'

/** Words for "he" or "they" are whom the same person asked about just before; without that they stay what they were. */
export function resolvePronouns(tokens: readonly Token[], context: UnderstandingContext): readonly Token[] {
  if (!tokens.some(isPronoun)) return tokens
  const meant = senseOf(context)
  return meant ? tokens.map((token) => (isPronoun(token) ? { ...token, senses: [meant] } : token)) : tokens
}

function isPronoun({ text }: Token): boolean {
  return nameWords.pronouns.includes(text)
}

function senseOf({ previous, vocabulary }: UnderstandingContext): Sense | undefined {
  const named = previous.map(namedIn).findLast((one) => one !== undefined)
  if (named === undefined) return undefined
  const [kind, name = ''] = splitOnce(named)
  if (kind === 'person') {
    const person = vocabulary.persons.exact(questionKey(name))
    return person && { kind: 'person', persons: [person] }
  }
  const school = vocabulary.schools.byCode(name)
  return school && { kind: 'school', schools: [school] }
}

function namedIn(intent: Intent): string | undefined {
  const named = 'whom' in intent ? intent.whom : 'where' in intent ? intent.where : undefined
  return named?.startsWith('person:') || named?.startsWith('school:') ? named : undefined
}

function splitOnce(text: string): [string, string] {
  const place = text.indexOf(':')
  return [text.slice(0, place), text.slice(place + 1)]
}
