import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectionOf, send } from './connection'
import type { MysqlConnection, Pool, MysqlQuery } from './connection'
import { isRepeatable } from './failure'

/** One transaction, and who is part of it: everything that its callback calls, however deep. */
export interface MysqlTransaction {
  open: boolean
  connection: MysqlConnection
  /** Nothing of the transaction may be stored any more, even if somebody swallows the error. */
  failed?: { error: unknown }
  committed: (() => void)[]
}

/** With the growing pauses below about 15 seconds. */
const ATTEMPTS = 20

/** Transactions, each on a connection of its own, repeated after a deadlock. */
export class MysqlTransactions {
  readonly #storage = new AsyncLocalStorage<MysqlTransaction | undefined>()

  constructor(
    readonly pool: () => Pool,
    readonly warn: (message: string, ...params: unknown[]) => void,
  ) {}

  /** The open transaction that the running code is part of. */
  get current(): MysqlTransaction | undefined {
    const turn = this.#storage.getStore()
    return turn?.open ? turn : undefined
  }

  /** Runs code as part of a transaction, or of none, whatever it is called from. */
  inside<R>(turn: MysqlTransaction | undefined, task: () => R): R {
    return this.#storage.run(turn, task)
  }

  /** The task may run several times, so it must not change anything but the database. */
  async atomic<R>(task: (turn: MysqlTransaction) => Promise<R>): Promise<R> {
    const outer = this.current
    if (outer) return task(outer)
    const { value, committed } = await this.retry(() => this.#once(task))
    for (const callback of committed) this.#call(callback)
    return value
  }

  async #once<R>(
    task: (turn: MysqlTransaction) => Promise<R>,
  ): Promise<{ value: R; committed: MysqlTransaction['committed'] }> {
    const turn: MysqlTransaction = { open: true, connection: await connectionOf(this.pool()), committed: [] }
    try {
      await send(turn.connection, 'START TRANSACTION')
      const value = await this.inside(turn, () => task(turn))
      if (turn.failed) throw turn.failed.error
      turn.open = false
      await send(turn.connection, 'COMMIT')
      turn.connection.release()
      return { value, committed: turn.committed }
    } catch (error) {
      turn.open = false
      await rollback(turn.connection)
      // What the callback made of a deadlock does not matter: it is called again.
      throw turn.failed && isRepeatable(turn.failed.error) ? turn.failed.error : error
    }
  }

  /** A transaction of which everything is known beforehand, in one round trip; returns the answers of its statements. */
  transactBatch<R>({ sql, values }: MysqlQuery): Promise<R[]> {
    return this.retry(async () => {
      const connection = await connectionOf(this.pool())
      try {
        // A statement that fails ends the text: no later one runs.
        const answers = await send<R[]>(connection, { sql: `START TRANSACTION; ${sql}; COMMIT`, values })
        connection.release()
        return answers.slice(1, -1)
      } catch (error) {
        await rollback(connection)
        throw error
      }
    })
  }

  /** A part of an open transaction that somebody began as one of its own. */
  async join<R>(turn: MysqlTransaction, task: () => Promise<R>): Promise<R> {
    try {
      return await task()
    } catch (error) {
      turn.failed ??= { error }
      throw error
    }
  }

  async retry<R>(task: () => Promise<R>): Promise<R> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await task()
      } catch (error) {
        if (!isRepeatable(error) || attempt === ATTEMPTS) throw error
        await sleep(Math.random() * 20 * Math.min(attempt * attempt, 50))
      }
    }
  }

  #call(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.warn('after a commit: %s', error)
    }
  }
}

/** A connection that cannot even roll back is thrown away, and the server rolls back for it. */
async function rollback(connection: MysqlConnection): Promise<void> {
  try {
    await send(connection, 'ROLLBACK')
    connection.release()
  } catch {
    connection.destroy()
  }
}
