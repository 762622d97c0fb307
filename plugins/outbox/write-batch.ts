import { setImmediate } from 'node:timers/promises'

/**
 * Gathers what is asked for while an earlier write is under way and does it in one: under load a database round trip
 * serves many, without load nobody waits.
 */
export class WriteBatch<Item, Answer = void> {
  private queue: { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = []
  private running = false

  constructor(
    /** Answers in the order of the items. */
    private readonly act: (items: Item[]) => Promise<readonly Answer[]>,
    private readonly max = 200,
  ) {}

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.queue.push({ item, resolve, reject })
      if (!this.running) void this.run()
    })
  }

  private async run(): Promise<void> {
    this.running = true
    // Whoever asks in the same turn comes along: what arrives together through the sockets is written together.
    await setImmediate()
    let tell = () => {}
    while (this.queue.length) {
      const entries = this.queue.splice(0, this.max)
      const acting = this.act(entries.map(({ item }) => item))
      // Only now may those of the write before go on: the database is at work while they are.
      tell()
      tell = await acting.then(
        (answers) => () => entries.forEach(({ resolve }, index) => resolve(answers[index] as Answer)),
        (error: unknown) => () => entries.forEach(({ reject }) => reject(error)),
      )
    }
    this.running = false
    tell()
  }
}
