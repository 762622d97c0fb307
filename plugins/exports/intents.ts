import type { IntentOf } from '@space-assistant/core/understanding/intent'
import { exportKinds } from './ask'
import type { ExportKind } from './ask'
import words from './words.json'

/**
 * The text of the command for a sentence that asks for a table. What is left of the sentence names place and time;
 * where it says anything else the command does not understand it, and nothing is exported that was not asked for.
 */
export function exportCommandOf(sentence: string, { what }: IntentOf<'export'>): string {
  const said = sentence
    .normalize('NFKC')
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim()
  const named = exportKinds
    .flatMap((kind) => [...words.kinds[kind], ...words.said[kind]].map((word) => ({ kind, word })))
    .filter(({ word }) => said.includes(word))
    .sort((a, b) => b.word.length - a.word.length)[0]
  const kind = named?.kind ?? kindOf(what)
  if (!kind) return ''
  const fillers = [...words.fillers].sort((a, b) => b.length - a.length)
  const rest = [named?.word ?? '', ...fillers].reduce((text, word) => text.replace(word, ' '), said)
  return `${words.kinds[kind][0] ?? ''} ${rest}`.trim()
}

function kindOf(what: IntentOf<'export'>['what']): ExportKind | undefined {
  switch (what?.intent) {
    case 'ranking':
      return what.of === undefined || what.of === 'school' ? 'schools' : 'report'
    case 'score':
    case 'records':
      return 'report'
    case 'activation':
      return 'activation'
    case 'lagging':
    case 'tasks':
      return 'lagging'
    case 'phases':
      return 'phases'
    case 'groups':
      return 'groups'
    case 'awards':
      return 'awards'
    default:
      return undefined
  }
}
