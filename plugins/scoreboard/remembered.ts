/** Remembers what was looked up until it is cleared; several who ask at once share one look-up. */
export class Remembered<T> {
  readonly #known = new Map<string, Promise<T>>()

  constructor(readonly most: number) {}

  get(key: string, look: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key)
    if (known) return known
    if (this.#known.size >= this.most) this.#known.clear()
    const value = look()
    this.#known.set(key, value)
    value.catch(() => this.#known.get(key) === value && this.#known.delete(key))
    return value
  }

  clear(): void {
    this.#known.clear()
  }
}
