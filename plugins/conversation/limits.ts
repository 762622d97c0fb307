import { RateLimiterMemory } from 'rate-limiter-flexible'

/** So many within so many seconds. */
export interface Rate {
  times: number
  seconds: number
}

export type LimitVerdict = 'pass' | 'say-once' | 'silence'

/** Holds back who asks too much: one sentence, then nothing until the time is over. In memory, counted here only. */
export class SpeakingLimits {
  private readonly people: RateLimiterMemory
  private readonly groups: RateLimiterMemory

  constructor(
    private readonly person: Rate,
    private readonly group: Rate,
  ) {
    this.people = new RateLimiterMemory({ points: person.times, duration: person.seconds })
    this.groups = new RateLimiterMemory({ points: group.times, duration: group.seconds })
  }

  /** Counts one message. A person who is held back does not use up what the group may ask. */
  async take(person: string, group: string | undefined): Promise<LimitVerdict> {
    const own = await this.people.penalty(person, 1)
    if (own.consumedPoints > this.person.times) return over(own.consumedPoints, this.person)
    if (group === undefined) return 'pass'
    const all = await this.groups.penalty(group, 1)
    return all.consumedPoints > this.group.times ? over(all.consumedPoints, this.group) : 'pass'
  }
}

const over = (consumed: number, { times }: Rate): LimitVerdict =>
  consumed === times + 1 ? 'say-once' : 'silence'
