/** Does the things of one key one after the other, in the order in which they came; different keys side by side. */
export class PersonQueue {
  private readonly tails = new Map<string, Promise<unknown>>()

  /** `patience`: after this time the next one no longer waits, so that one that hangs does not block a person for ever. */
  constructor(private readonly patience: number) {}

  async run<T>(key: string, act: () => Promise<T>): Promise<T> {
    const before = this.tails.get(key)
    const own = before ? this.wait(before).then(act) : act()
    const tail = own.catch(() => undefined)
    this.tails.set(key, tail)
    try {
      return await own
    } finally {
      if (this.tails.get(key) === tail) this.tails.delete(key)
    }
  }

  private wait(before: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.patience)
      void before.then(() => {
        clearTimeout(timer)
        resolve(undefined)
      })
    })
  }
}
