import { setTimeout as sleep } from 'node:timers/promises'

/** Lets direct answers out one after the other, as far apart as a person's would be: an account that answers forty at once is banned. */
export class AnswerGate {
  private last: Promise<void> = Promise.resolve()

  constructor(
    private readonly gap: { min: number; max: number },
    private readonly random = Math.random,
  ) {}

  /** Waits for one's turn. The first answer after a pause does not wait at all. */
  async pass(): Promise<void> {
    const { min, max } = this.gap
    const before = this.last
    const pause = min + Math.max(0, max - min) * this.random()
    this.last = before.then(() => sleep(pause))
    await before
  }
}
