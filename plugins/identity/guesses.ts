import { RateLimiterMemory } from 'rate-limiter-flexible'

const own = { points: 5, duration: 15 * 60 }
const all = { points: 300, duration: 60 * 60 }

/** Wrong codes are counted, right ones are not. One person is held up before everybody is. */
export class Guesses {
  private readonly own = new RateLimiterMemory(own)
  private readonly all = new RateLimiterMemory(all)

  /**
   * Counts an attempt before the code is looked up, so that attempts made at once count too.
   * Minutes to wait when there were too many, otherwise 0.
   */
  async take(person: string): Promise<number> {
    const mine = await this.own.penalty(person, 1)
    if (mine.consumedPoints > own.points) return minutes(mine.msBeforeNext)
    const everybody = await this.all.penalty('all', 1)
    return everybody.consumedPoints > all.points ? minutes(everybody.msBeforeNext) : 0
  }

  /** Takes a counted attempt back: the code was right. */
  async giveBack(person: string): Promise<void> {
    await Promise.all([this.own.reward(person, 1), this.all.reward('all', 1)])
  }
}

const minutes = (ms: number) => Math.max(1, Math.ceil(ms / 60_000))
