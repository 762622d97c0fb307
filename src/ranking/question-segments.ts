import type { VocabularyEntry } from './question-vocabulary'
import { present } from '../text/present'

/** A known word of a question, or a run of characters that no word covers. */
export type Segment = { text: string; entry?: VocabularyEntry }

const UNKNOWN = 10
const PART = 1.4
const FILLER = 1.1

interface Best {
  cost: number
  from: number
  entry: VocabularyEntry | undefined
}

/**
 * Cuts a text without spaces into known words so that as few characters as possible stay unknown, and then with as
 * few words as possible. `text` is a `wordKey`; words in Latin letters or digits are never cut.
 */
export function segment(
  text: string,
  { lookup, longest }: { lookup: (key: string) => VocabularyEntry | undefined; longest: number },
): Segment[] {
  const best: Best[] = [{ cost: 0, from: 0, entry: undefined }]
  for (let to = 1; to <= text.length; to++) {
    let choice: Best = { cost: costAt(best, to - 1) + UNKNOWN, from: to - 1, entry: undefined }
    for (let from = Math.max(0, to - longest); from < to; from++) {
      if (isInside(text, from) || isInside(text, to)) continue
      const entry = lookup(text.slice(from, to))
      if (!entry) continue
      const cost = costAt(best, from) + costOf(entry)
      if (cost < choice.cost) choice = { cost, from, entry }
    }
    best.push(choice)
  }
  return join(text, best)
}

const costAt = (best: readonly Best[], at: number) => best[at]?.cost ?? Infinity

function costOf(entry: VocabularyEntry): number {
  if (entry.part) return PART
  return entry.meanings[0]?.kind === 'filler' ? FILLER : 1
}

/** Whether a place between two characters lies inside a Latin word or a number. */
function isInside(text: string, at: number): boolean {
  return at > 0 && at < text.length && /^[a-z0-9]{2}$/.test(text.slice(at - 1, at + 1))
}

function join(text: string, best: readonly Best[]): Segment[] {
  const segments: Segment[] = []
  let to = text.length
  while (to > 0) {
    const { from, entry } = present(best[to], 'the best way to a place of the text')
    const piece = text.slice(from, to)
    const after = segments[0]
    if (!entry && after && !after.entry) after.text = piece + after.text
    else segments.unshift(entry ? { text: piece, entry } : { text: piece })
    to = from
  }
  return segments
}
