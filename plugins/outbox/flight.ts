import { setTimeout as sleep } from 'node:timers/promises'
import { backoff } from '@space-assistant/core/delivery/backoff'

export interface FlightOptions {
  /** Sends of one bot that may be under way at once: so many are in doubt when its connection falls. */
  inFlight: number
  /** A send that takes longer hangs: nothing new begins beside it. */
  hangMs: number
  /** Pause after an outcome that nobody knows; doubles with each in a row, and meanwhile one goes at a time. */
  calmMs: number
  /** Whether sending may go on at all. */
  ready: () => boolean
  random: () => number
}

/** A place among the sends of a bot. */
export interface FlightTicket {
  begunAt: number
}

interface Waiting {
  /** Milliseconds until this one may go as far as limits are concerned; counts it as gone when it is 0. */
  reserve: () => number
  resolve: (ticket: FlightTicket | undefined) => void
}

const LOOK_MS = 50
const CALM_MAX_MS = 300_000

/** Lets the sends of one bot begin one after the other, in order of arrival, each once it has a place and its limits allow. */
export class Flight {
  private readonly tickets = new Set<FlightTicket>()
  private readonly waiting: Waiting[] = []
  private running = false
  private doubts = 0
  private calmUntil = 0

  constructor(private readonly options: FlightOptions) {}

  /** Waits for a place; undefined when sending is over for now. The limits are reserved in the moment in which it is given. */
  enter(reserve: () => number): Promise<FlightTicket | undefined> {
    return new Promise((resolve) => {
      this.waiting.push({ reserve, resolve })
      if (!this.running) void this.run()
    })
  }

  /** The send is over; `doubtful`: nobody knows how; `none`: it did not even begin. */
  leave(ticket: FlightTicket, outcome: 'known' | 'doubtful' | 'none'): void {
    this.tickets.delete(ticket)
    if (outcome === 'known') this.doubts = 0
    if (outcome !== 'doubtful') return
    const { calmMs, random } = this.options
    // Those that were under way beside it fell with it.
    if (performance.now() < this.calmUntil) return
    this.calmUntil = performance.now() + backoff(this.doubts++, calmMs, CALM_MAX_MS, random())
  }

  /** Why nothing new begins now; undefined when it does. */
  get standstill(): 'hanging' | 'calm' | undefined {
    const now = performance.now()
    if ([...this.tickets].some(({ begunAt }) => now - begunAt > this.options.hangMs)) return 'hanging'
    return now < this.calmUntil ? 'calm' : undefined
  }

  private get free(): boolean {
    const most = this.doubts ? 1 : this.options.inFlight
    return this.tickets.size < most && !this.standstill
  }

  private async run(): Promise<void> {
    this.running = true
    while (this.waiting.length) {
      if (!this.options.ready()) {
        for (const { resolve } of this.waiting.splice(0)) resolve(undefined)
        break
      }
      const [next] = this.waiting
      const wait = !next ? 0 : this.free ? next.reserve() : LOOK_MS
      if (wait > 0) await sleep(Math.min(wait, LOOK_MS))
      else this.begin()
    }
    this.running = false
  }

  private begin(): void {
    const ticket = { begunAt: performance.now() }
    this.tickets.add(ticket)
    this.waiting.shift()?.resolve(ticket)
  }
}
