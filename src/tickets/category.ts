import type { TicketRules } from './rules'
import type { Urgency } from './ticket'
import { plainReportText } from './words'
import { present } from '../text/present'

export interface Proposal {
  /** Id of the category. */
  category: string
  /** The words that spoke for it; empty when nothing did. */
  because: readonly string[]
}

/**
 * The category that the words of a text speak for most; longer words and strong ones weigh more, a word inside a
 * longer one that was found is not counted again. Nothing found, or ties: the order of the file, its last at worst.
 */
export function proposeCategory(text: string, rules: TicketRules): Proposal {
  const last = present(rules.categories.at(-1), 'a category of tickets')
  let best = { category: last.id, because: [] as string[], weight: 0 }
  for (const category of rules.categories) {
    const found = [
      ...mentioned(text, category.strong).map((word) => ({ word, weight: 2 * word.length })),
      ...mentioned(text, category.words).map((word) => ({ word, weight: word.length })),
    ]
    const counted = found.filter(({ word }) => !found.some((o) => o.word !== word && o.word.includes(word)))
    const weight = counted.reduce((sum, one) => sum + one.weight, 0)
    if (weight > best.weight)
      best = { category: category.id, because: counted.map(({ word }) => word), weight }
  }
  return { category: best.category, because: best.because }
}

/** High when the text holds one of the words for it. */
export function urgencyOf(text: string, rules: TicketRules): Urgency {
  return mentioned(text, rules.urgent).length ? 'high' : 'normal'
}

/** Whether a plain sentence sounds like a problem that could be reported. */
export function soundsLikeTrouble(text: string, rules: TicketRules): boolean {
  return mentioned(text, rules.trouble).length > 0
}

/** Those of the words that occur in the text, whatever its width and case. */
export function mentioned(text: string, words: readonly string[]): string[] {
  const read = plainReportText(text).replace(/\s+/g, '')
  return words.filter((word) => read.includes(plainReportText(word)))
}
