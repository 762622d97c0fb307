import names from '../words/names.json'
import type { QuestionFrame } from '../frame'
import type { Intent, IntentOf, UnclearReason } from '../intent'

/** One kind of question: the intent when the frame asks it. Rules are asked in order, the first answer counts. */
export type IntentRule = (frame: QuestionFrame) => Intent | undefined

/** Leaves out keys that were not said. */
export function said<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  const part: { [K in Key]?: Value } = {}
  if (value !== undefined) part[key] = value
  return part
}

export function makeUnclear(why: UnclearReason, text?: string): IntentOf<'unclear'> {
  return { intent: 'unclear', why, ...said('said', text) }
}

/** The indicators that were named, when any were. */
export function indicatorsOf({ indicators }: { indicators?: readonly string[] | undefined }): {
  indicators?: string[]
} {
  return indicators?.length ? { indicators: [...indicators] } : {}
}

/** Signs with which a word for "not" never only makes a question. */
const strong = names['always-negates']

/** A word for "not" that something follows; at the end of a question it only makes it one. */
export function isNegated(frame: QuestionFrame): boolean {
  const { content } = frame
  const at = content.findIndex(({ senses }) =>
    senses.some((sense) => sense.kind === 'cue' && sense.cue === 'not'),
  )
  return at >= 0 && (at < content.length - 1 || strong.some((sign) => content[at]?.text.includes(sign)))
}
