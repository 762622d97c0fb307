import { AsyncLocalStorage } from 'node:async_hooks'

/** One transaction, and who is part of it: everything that its callback calls, however deep. */
export interface Turn<T> {
  open: boolean
  /** Set when a joined call failed: its partial work must not be stored even if somebody swallows the error. */
  failed?: { error: unknown }
  committed: (() => void)[]
  scope?: T
}

/**
 * One connection, used by one transaction at a time in order of arrival. Who is inside goes on at once; everybody
 * else waits for the end, readers too, so nobody sees or joins what is not stored yet.
 */
export class Turns<T> {
  readonly #storage = new AsyncLocalStorage<Turn<T>>()
  #last: Promise<void> | undefined

  /** The open transaction that the running code is part of. */
  get current(): Turn<T> | undefined {
    const turn = this.#storage.getStore()
    return turn?.open ? turn : undefined
  }

  async alone<R>(task: (turn: Turn<T>) => Promise<R>): Promise<R> {
    const previous = this.#last
    const turn: Turn<T> = { open: true, committed: [] }
    let end!: () => void
    const mine = new Promise<void>((resolve) => (end = resolve))
    this.#last = mine
    if (previous) await previous
    try {
      return await this.#storage.run(turn, () => task(turn))
    } finally {
      turn.open = false
      if (this.#last === mine) this.#last = undefined
      end()
    }
  }

  /** Runs a task whose statements are all issued before it first waits. */
  step<R>(task: () => R | Promise<R>): Promise<R> {
    if (this.current || !this.#last) return new Promise((resolve) => resolve(task()))
    return this.alone(async () => task())
  }
}
