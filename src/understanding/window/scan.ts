/** Longest-match lookup of fixed words at a place of a text. */
export class WordScan<Value> {
  readonly #byFirst = new Map<string, { word: string; value: Value }[]>()

  constructor(words: Iterable<readonly [string, Value]>) {
    for (const [word, value] of words) {
      const first = word[0] ?? ''
      const list = this.#byFirst.get(first) ?? []
      list.push({ word, value })
      this.#byFirst.set(first, list)
    }
    for (const list of this.#byFirst.values()) list.sort((a, b) => b.word.length - a.word.length)
  }

  /** The longest word at this place, with where it ends. */
  at(text: string, place: number): { value: Value; end: number } | undefined {
    for (const { word, value } of this.#byFirst.get(text[place] ?? '') ?? []) {
      if (text.startsWith(word, place)) return { value, end: place + word.length }
    }
    return undefined
  }

  /** Every word at this place, longest first. */
  *all(text: string, place: number): Generator<{ value: Value; end: number }> {
    for (const { word, value } of this.#byFirst.get(text[place] ?? '') ?? []) {
      if (text.startsWith(word, place)) yield { value, end: place + word.length }
    }
  }
}

/** Words without values. */
export function scanOf(words: readonly string[]): WordScan<true> {
  return new WordScan(words.map((word) => [word, true] as const))
}

/** Words with the numbers they stand for. */
export function scanOfNumbers(words: Readonly<Record<string, number>>): WordScan<number> {
  return new WordScan(Object.entries(words))
}
