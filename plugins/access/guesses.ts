import { RateLimiterMemory } from 'rate-limiter-flexible'

const own = { points: 5, duration: 15 * 60 }
const hour = 60 * 60

/** Wrong guesses are counted, right ones are not. One person is held up before everybody is. */
export class Guesses {
  private readonly own = new RateLimiterMemory(own)
  private readonly all: RateLimiterMemory

  /** `everybody`: wrong guesses of all people together within an hour. */
  constructor(private readonly everybody: number) {
    this.all = new RateLimiterMemory({ points: everybody, duration: hour })
  }

  /**
   * Counts an attempt before it is looked up, so that attempts made at once count too.
   * Minutes to wait when there were too many, otherwise 0.
   */
  async take(person: string): Promise<number> {
    const mine = await this.own.penalty(person, 1)
    if (mine.consumedPoints > own.points) return minutes(mine.msBeforeNext)
    const everybody = await this.all.penalty('all', 1)
    return everybody.consumedPoints > this.everybody ? minutes(everybody.msBeforeNext) : 0
  }

  /** Takes a counted attempt back: it was right. */
  async giveBack(person: string): Promise<void> {
    await Promise.all([this.own.reward(person, 1), this.all.reward('all', 1)])
  }
}

const minutes = (ms: number) => Math.max(1, Math.ceil(ms / 60_000))
