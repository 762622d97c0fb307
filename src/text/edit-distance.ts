/** Insertions, deletions, replacements and swaps of neighbours that turn one list of characters or sounds into the other. */
export function editDistance(from: readonly string[], to: readonly string[]): number {
  let before: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [i, own] of from.entries()) {
    let left = i + 1
    const row = [left]
    for (const [j, other] of to.entries()) {
      const replaced = (last[j] ?? Infinity) + (own === other ? 0 : 1)
      const swaps = i > 0 && j > 0 && own === to[j - 1] && from[i - 1] === other
      const swapped = swaps ? (before[j - 1] ?? Infinity) + 1 : Infinity
      left = Math.min((last[j + 1] ?? Infinity) + 1, left + 1, replaced, swapped)
      row.push(left)
    }
    before = last
    last = row
  }
  return last.at(-1) ?? 0
}
