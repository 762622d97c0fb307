import { editDistance } from './edit-distance'

/** The candidate that differs from the word in the fewest characters, if most of it agrees. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Infinity
  for (const candidate of candidates) {
    const changes = distance(word.slice(0, 40), candidate)
    if (changes < least && changes <= Math.max(1, Math.max(word.length, candidate.length) * 0.6)) {
      best = candidate
      least = changes
    }
  }
  return best
}

/** Characters to insert, delete, replace or swap with the next to get from one word to the other. */
export function distance(a: string, b: string): number {
  return editDistance([...a], [...b])
}
