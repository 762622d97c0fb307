interface Entry<T> {
  value: Promise<T>
  until: number
}

/** Remembers what was looked up for a short while; several who ask at once share one look-up. */
export class Recent<T> {
  private readonly entries = new Map<string, Entry<T>>()

  constructor(private readonly limits: { size: number; ms: number }) {}

  async get(key: string, look: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key)
    if (known && known.until > Date.now()) return known.value
    if (this.entries.size >= this.limits.size) this.entries.clear()
    const entry = { value: look(), until: Date.now() + this.limits.ms }
    this.entries.set(key, entry)
    try {
      return await entry.value
    } catch (error) {
      if (this.entries.get(key) === entry) this.entries.delete(key)
      throw error
    }
  }

  forget(key: string) {
    this.entries.delete(key)
  }

  clear() {
    this.entries.clear()
  }
}
