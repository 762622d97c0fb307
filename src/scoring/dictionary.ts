/**
 * Numbers of indicator names, append-only: a name keeps its number for ever, so that stored bytes survive any
 * edit of a scheme. Stored beside the packs by whoever stores them.
 */
export class Dictionary {
  readonly #names: string[] = []
  readonly #numbers = new Map<string, number>()

  constructor(names: Iterable<string> = []) {
    for (const name of names) this.add(name)
  }

  /** In order of number. */
  get names(): readonly string[] {
    return this.#names
  }

  /** The number of a name, giving it the next one when it is new. */
  add(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    this.#names.push(name)
    this.#numbers.set(name, this.#names.length - 1)
    return this.#names.length - 1
  }

  /** The number of a name, or undefined when it never had one. */
  find(name: string): number | undefined {
    return this.#numbers.get(name)
  }
}
