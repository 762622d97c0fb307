import { AsyncLocalStorage } from 'node:async_hooks'

/** One transaction, and who is part of it: everything that its callback calls, however deep. */
export interface SqliteTransaction {
  open: boolean
  /** Set when a joined call failed: its partial work must not be stored even if somebody swallows the error. */
  failed?: { error: unknown }
  committed: (() => void)[]
}

export interface TurnHooks {
  begin(): void
  commit(): void
  rollback(): void
  /** Told of a callback that failed after the commit. */
  warn(message: string, ...params: unknown[]): void
}

/** A transaction this long keeps everybody else waiting. */
const LONG_MS = 10_000

/**
 * One connection, used by one transaction at a time in order of arrival. Who is inside goes on at once; everybody
 * else waits for the end, readers too, so nobody sees or joins what is not stored yet.
 */
export class SqliteTransactions {
  readonly #storage = new AsyncLocalStorage<SqliteTransaction>()
  #last: Promise<void> | undefined

  constructor(readonly hooks: TurnHooks) {}

  /** The open transaction that the running code is part of. */
  get current(): SqliteTransaction | undefined {
    const turn = this.#storage.getStore()
    return turn?.open ? turn : undefined
  }

  /** Runs code as part of a transaction, whatever it is called from. */
  inside<R>(turn: SqliteTransaction, task: () => R): R {
    return this.#storage.run(turn, task)
  }

  async alone<R>(task: (turn: SqliteTransaction) => Promise<R>): Promise<R> {
    const previous = this.#last
    const turn: SqliteTransaction = { open: true, committed: [] }
    let end!: () => void
    const mine = new Promise<void>((resolve) => (end = resolve))
    this.#last = mine
    if (previous) await previous
    try {
      return await this.inside(turn, () => task(turn))
    } finally {
      turn.open = false
      if (this.#last === mine) this.#last = undefined
      end()
    }
  }

  /** Runs a task whose statements are all issued before it first waits. */
  step<R>(task: () => R | Promise<R>): Promise<R> {
    if (this.current || !this.#last) return new Promise((resolve) => resolve(task()))
    return this.alone(() => Promise.resolve(task()))
  }

  /** All of a task's statements are stored, or none; inside a transaction they are part of it. */
  async atomic<R>(task: (turn: SqliteTransaction) => Promise<R>): Promise<R> {
    const outer = this.current
    if (outer) return task(outer)
    const { hooks } = this
    let committed: SqliteTransaction['committed'] = []
    const result = await this.alone(async (turn) => {
      const watch = setTimeout(() => hooks.warn('a transaction keeps all others waiting'), LONG_MS)
      hooks.begin()
      try {
        const value = await task(turn)
        if (turn.failed) throw turn.failed.error
        hooks.commit()
        committed = turn.committed
        return value
      } catch (error) {
        hooks.rollback()
        throw error
      } finally {
        clearTimeout(watch)
      }
    })
    for (const callback of committed) this.#call(callback)
    return result
  }

  /** A part of an open transaction that somebody began as one of its own. */
  async join<R>(turn: SqliteTransaction, task: () => Promise<R>): Promise<R> {
    try {
      return await task()
    } catch (error) {
      turn.failed ??= { error }
      throw error
    }
  }

  #call(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.hooks.warn('after a commit: %s', error)
    }
  }
}
