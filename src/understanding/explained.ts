import type { QuestionFrame } from './frame'
import type { Intent } from './intent'
import type { Sense } from './lexing/sense'
import table from './words/explained.json'

const always: ReadonlySet<string> = new Set(table.always)
const kinds: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(table.kinds).map(([kind, cues]) => [kind, new Set(cues)]),
)

/** Kinds of names and numbers that a kind of intent has no place for. */
const foreignOf: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(table.foreign))

/** What an intent accounts for: by its kind and what about it is asked, or by its kind alone. */
function explainedBy(intent: Intent): ReadonlySet<string> | undefined {
  if (intent.intent === 'score' && intent.why) return kinds.get('score-why')
  const ask = 'ask' in intent ? intent.ask : undefined
  return kinds.get(`${intent.intent}-${ask}`) ?? kinds.get(intent.intent)
}

/** Whether there is a list for an intent: then nothing about it may be guessed. */
export function isAccountedFor(intent: Intent): boolean {
  return explainedBy(intent) !== undefined
}

/** Kinds whose answer does no harm when a word beside it stays unknown. */
export function mayHaveUnknown({ intent }: Intent): boolean {
  return table.loose.includes(intent)
}

/**
 * The first word of a question that its intent does not account for: what excludes, limits, supposes or asks for
 * something else must not be passed over. Undefined when all is accounted for, and for kinds without a list.
 */
export function unexplainedWord(frame: QuestionFrame, intent: Intent): string | undefined {
  const cues = explainedBy(intent)
  if (!cues) return undefined
  const foreign = foreignOf.get(intent.intent) ?? []
  return frame.content.find(
    ({ senses }) =>
      senses.length > 0 &&
      (!senses.some((sense) => isExplained(sense, cues)) ||
        senses.every(({ kind }) => foreign.includes(kind))),
  )?.text
}

function isExplained(sense: Sense, cues: ReadonlySet<string>): boolean {
  return sense.kind !== 'cue' || always.has(sense.cue) || cues.has(sense.cue)
}
