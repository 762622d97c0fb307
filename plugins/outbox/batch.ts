import { setImmediate } from 'node:timers/promises'

/**
 * Gathers what is asked for while an earlier write is under way and does it in one: under load a database round trip
 * serves many, without load nobody waits.
 */
export class Batch<Item, Answer = void> {
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
    for (; this.queue.length; await setImmediate()) {
      const entries = this.queue.splice(0, this.max)
      try {
        const answers = await this.act(entries.map(({ item }) => item))
        entries.forEach(({ resolve }, index) => resolve(answers[index]!))
      } catch (error) {
        for (const { reject } of entries) reject(error)
      }
    }
    this.running = false
  }
}
