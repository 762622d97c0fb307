import type { QuestionFrame } from './frame'
import type { Intent } from './intent'
import type { Cue, Sense } from './lexing/sense'
import table from './words/explained.json'

const always: ReadonlySet<string> = new Set(table.always)
const kinds: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(table.kinds).map(([kind, cues]) => [kind, new Set(cues)]),
)

/**
 * The first word of a question that its intent does not account for: what excludes, limits, supposes or asks for
 * something else must not be passed over. Undefined when all is accounted for, and for kinds without a list.
 */
export function unexplainedWord(frame: QuestionFrame, intent: Intent): string | undefined {
  const cues = kinds.get(intent.intent)
  if (!cues) return undefined
  return frame.content.find(
    ({ senses }) => senses.length > 0 && !senses.some((sense) => isExplained(sense, cues)),
  )?.text
}

function isExplained(sense: Sense, cues: ReadonlySet<Cue | string>): boolean {
  return sense.kind !== 'cue' || always.has(sense.cue) || cues.has(sense.cue)
}
