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
  const from = [...a]
  const to = [...b]
  let before: number[] = []
  let last = to.map((_, i) => i + 1)
  last.unshift(0)
  from.forEach((char, i) => {
    const next = [i + 1]
    to.forEach((other, j) => {
      let cost = Math.min(last[j + 1]! + 1, next[j]! + 1, last[j]! + (char === other ? 0 : 1))
      if (i > 0 && j > 0 && char === to[j - 1] && from[i - 1] === other)
        cost = Math.min(cost, before[j - 1]! + 1)
      next.push(cost)
    })
    before = last
    last = next
  })
  return last[to.length]!
}
