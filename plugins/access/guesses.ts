import { RateLimiterMemory } from 'rate-limiter-flexible'

const own = { points: 5, duration: 15 * 60 }
const hour = 60 * 60

/**
 * Wrong guesses are counted by chat account, right ones are not. Only the account that guesses is slowed down: many
 * accounts that guess at once must not keep everybody else from binding, so of them staff are told.
 */
export class CodeGuesses {
  private readonly own = new RateLimiterMemory(own)
  private readonly all: RateLimiterMemory

  /** `many`: wrong guesses of all accounts within an hour that are worth a warning; `warn` is called once an hour. */
  constructor(
    private readonly many = Number.MAX_SAFE_INTEGER,
    private readonly warn?: () => void,
  ) {
    this.all = new RateLimiterMemory({ points: many, duration: hour })
  }

  /**
   * Counts an attempt before it is looked up, so that attempts made at once count too.
   * Minutes to wait when there were too many, otherwise 0.
   */
  async take(person: string): Promise<number> {
    const mine = await this.own.penalty(person, 1)
    return mine.consumedPoints > own.points ? minutes(mine.msBeforeNext) : 0
  }

  /** Takes a counted attempt back: it was right. */
  async giveBack(person: string): Promise<void> {
    await this.own.reward(person, 1)
  }

  /** Notes that a counted attempt was wrong. */
  async noteWrong(): Promise<void> {
    const everybody = await this.all.penalty('all', 1)
    if (everybody.consumedPoints === this.many) this.warn?.()
  }
}

const minutes = (ms: number) => Math.max(1, Math.ceil(ms / 60_000))
