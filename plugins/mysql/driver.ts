import { Database, executeUpdate, isEvalExpr } from 'minato'
import type { Driver, Model, Selection } from 'minato'
import { MySQLDriver } from '@minatojs/driver-mysql'
import { difference, makeArray } from 'koishi'
import type { Context } from 'koishi'
import type { Bulk, BulkRow, BulkValue } from 'koishi-plugin-space-sqlite'
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { asNumber, configure, valueOf, connectionOf, send } from './connection'
import type { Cell, Connection, Pool, Query } from './connection'
import { isRepeatable, shapeOf } from './failure'
import type { ServerError } from './failure'

type AnyDatabase = MySQLDriver['database']
type DriverContext = ConstructorParameters<typeof MySQLDriver>[0]

export interface Config {
  host: string
  port: number
  user: string
  password: string
  database: string
}

/** One transaction, and who is part of it: everything that its callback calls, however deep. */
interface Turn {
  open: boolean
  connection: Connection
  scope?: AnyDatabase
  /** Nothing of the transaction may be stored any more, even if somebody swallows the error. */
  failed?: { error: unknown }
  committed: (() => void)[]
}

interface WriteHeader {
  affectedRows: number
  insertId: number
  message: string
}

const CONNECT_RETRY_MS = 1000
/** With the growing pauses below about 15 seconds. */
const ATTEMPTS = 20
/** Larger statements keep the event loop and the server's other clients waiting. */
const BATCH = 500

/**
 * The stock driver with what its version lacks for the framework at hand: indexes, transactions that report a failed
 * COMMIT, are repeated after a deadlock and include whatever their callback calls, and logs without values.
 */
// No #private names: the framework hands out proxies of a driver, which have none.
export class SpaceMySQL extends MySQLDriver {
  private readonly _turns = new AsyncLocalStorage<Turn | undefined>()
  private readonly _settings: Config
  private _stopped = false
  private _restore = () => {}

  constructor(ctx: Context, config: Config) {
    const cast = (cell: Cell, next: () => unknown) => {
      const { orgName, orgTable } = cell.packet
      const field = ctx.model.tables[orgTable]?.fields[orgName]
      return field?.deftype === 'json' ? cell.string() || (field.initial as unknown) : valueOf(cell, next)
    }
    const options = { charset: 'utf8mb4_bin', connectTimeout: 5000, typeCast: cast }
    super(ctx as unknown as DriverContext, { ...config, ...options })
    ctx.provide('bulk')
    // The base class closes only while the application's model still lives, which it does not when the whole stops.
    ctx.on('dispose', () => this.stop())
    this._settings = config
    this._curePool()
  }

  override async start(): Promise<void> {
    for (;;) {
      try {
        await super.start()
        break
      } catch (error) {
        this._pool.end(() => {})
        const { host, port } = this._settings
        this.logger.warn('no database at %s:%s (%s), trying again', host, port, (error as Error).message)
      }
      await sleep(CONNECT_RETRY_MS)
      if (this._stopped) throw new Error('stopped before there was a database')
    }
    this._takeOver(this.database)
    this.ctx.set('bulk', this.bulk)
  }

  override async stop(): Promise<void> {
    if (this._stopped) return
    this._stopped = true
    this._restore()
    const pool = this._pool as Pool | undefined
    if (pool) await new Promise<void>((resolve) => pool.end(resolve))
  }

  /** The pool exists only inside the stock `start`, which at once opens a connection: settings must be there by then. */
  private _curePool(): void {
    let pool: Pool | undefined
    Object.defineProperty(this, 'pool', {
      configurable: true,
      get: () => pool,
      set: (created: Pool) => {
        pool = created
        pool.on('connection', configure)
      },
    })
  }

  /** Made once: dropping and creating them at every start fails the queries of a process that is running. */
  override async _setupCompatFunctions(): Promise<void> {
    const found = await this.query<object[]>(
      `SELECT routine_name FROM information_schema.routines WHERE routine_schema = ${this.sql.escape(this._settings.database)} AND routine_name LIKE 'minato_cfunc_%'`,
    )
    if (found.length < 4) await super._setupCompatFunctions()
  }

  private get _pool(): Pool {
    return this.pool as Pool
  }

  private get _turn(): Turn | undefined {
    const turn = this._turns.getStore()
    return turn?.open ? turn : undefined
  }

  private _takeOver(database: AnyDatabase): void {
    const start = <T>(scope: AnyDatabase, callback: (database: AnyDatabase) => Promise<T>) =>
      this._transact(scope, callback)
    const transact = function <T>(this: AnyDatabase, callback: (database: AnyDatabase) => Promise<T>) {
      return start(this, callback)
    }
    Object.assign(database, { transact })
    this._restore = () => Reflect.deleteProperty(database, 'transact')
  }

  private async _transact<T>(
    database: AnyDatabase,
    callback: (database: AnyDatabase) => Promise<T>,
  ): Promise<T> {
    const outer = this._turn
    if (!outer) {
      await database.prepared()
      return this._atomic((turn) => callback((turn.scope = database.makeProxy(Database.transact))))
    }
    try {
      return await callback((outer.scope ??= database))
    } catch (error) {
      outer.failed ??= { error }
      throw error
    }
  }

  /** The callback may run several times, so it must not change anything but the database. */
  private async _atomic<T>(task: (turn: Turn) => Promise<T>): Promise<T> {
    const outer = this._turn
    if (outer) return task(outer)
    return this._repeated(async () => {
      const connection = await connectionOf(this._pool)
      const turn: Turn = { open: true, connection, committed: [] }
      try {
        await send(connection, 'START TRANSACTION')
        const value = await this._turns.run(turn, () => task(turn))
        if (turn.failed) throw turn.failed.error
        await send(connection, 'COMMIT')
        turn.open = false
        connection.release()
        for (const callback of turn.committed) callback()
        return value
      } catch (error) {
        if (turn.open) await this._rollback(turn)
        throw error
      }
    })
  }

  /** A connection that cannot even roll back is thrown away, and the server rolls back for it. */
  private async _rollback(turn: Turn): Promise<void> {
    turn.open = false
    try {
      await send(turn.connection, 'ROLLBACK')
      turn.connection.release()
    } catch {
      turn.connection.destroy()
    }
  }

  private async _repeated<T>(task: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await task()
      } catch (error) {
        if (!isRepeatable(error) || attempt === ATTEMPTS) throw error
        await sleep(Math.random() * 20 * Math.min(attempt * attempt, 50))
      }
    }
  }

  override withTransaction(callback: (session?: unknown) => Promise<void>): Promise<void> {
    return this._atomic((turn) => callback(turn.connection))
  }

  override query<T>(sql: string): Promise<T> {
    return this._query(sql)
  }

  private async _query<T>(query: string | Query): Promise<T> {
    const turn = this._turn
    try {
      if (!turn) return await this._repeated(() => send<T>(this._pool, query))
      // After a deadlock the server has ended the transaction: another statement would be stored at once.
      if (turn.failed && isRepeatable(turn.failed.error)) throw turn.failed.error
      return await send<T>(turn.connection, query)
    } catch (error) {
      if (turn && isRepeatable(error)) turn.failed ??= { error }
      else
        this.logger.warn(
          '%s > %s',
          (error as ServerError).code,
          shapeOf(typeof query === 'string' ? query : query.sql),
        )
      throw error
    }
  }

  /** The stock driver sends the queries of one tick as one, and one that fails takes the others with it. */
  override queue<T>(sql: string, values?: unknown): Promise<T> {
    return values === undefined ? this._query({ sql }) : this._query({ sql, values })
  }

  /** DDL ends a transaction, so it never runs inside one. */
  override prepare(name: string): Promise<unknown> {
    return this._turns.run(undefined, () => super.prepare(name))
  }

  override prepareIndexes(table: string): Promise<void> {
    return this._turns.run(undefined, () => super.prepareIndexes(table))
  }

  override async getIndexes(table: string): Promise<Driver.Index[]> {
    const parts = await this.queue<
      { INDEX_NAME: string; COLUMN_NAME: string; COLLATION: string; NON_UNIQUE: unknown }[]
    >(
      'SELECT INDEX_NAME, COLUMN_NAME, COLLATION, NON_UNIQUE FROM information_schema.statistics WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY INDEX_NAME, SEQ_IN_INDEX',
      [this._settings.database, table],
    )
    const indexes = new Map<string, Driver.Index & { keys: Record<string, 'asc' | 'desc'> }>()
    for (const {
      INDEX_NAME: name,
      COLUMN_NAME: column,
      COLLATION: direction,
      NON_UNIQUE: repeated,
    } of parts) {
      const index = indexes.get(name) ?? { name, unique: Number(repeated) === 0, keys: {} }
      index.keys[column] = direction === 'D' ? 'desc' : 'asc'
      indexes.set(name, index)
    }
    return [...indexes.values()]
  }

  override async createIndex(table: string, index: Driver.Index): Promise<void> {
    const keys = Object.entries(index.keys).map(([key, direction]) => `${quote(key)} ${direction ?? 'asc'}`)
    const name = index.name ? quote(index.name) : ''
    await this.query(
      `ALTER TABLE ${quote(table)} ADD ${index.unique ? 'UNIQUE ' : ''}INDEX ${name} (${keys.join(', ')})`,
    )
  }

  override async dropIndex(table: string, name: string): Promise<void> {
    await this.query(`ALTER TABLE ${quote(table)} DROP INDEX ${quote(name)}`)
  }

  /** The stock driver cannot tell a new row from one that was there: `inserted` is exact here. */
  override async upsert(sel: Selection.Mutable, data: Record<string, unknown>[], keys: string[]) {
    const { model, ref } = sel
    if (!data.length) return {}
    if (!data.every((item) => isPlain(model, item, keys))) return super.upsert(sel, data, keys)
    const groups = new Map<string, Record<string, unknown>[]>()
    for (const item of data) {
      const shape = Object.keys(item).join()
      groups.set(shape, [...(groups.get(shape) ?? []), item])
    }
    const fields = Object.keys(model.fields).filter((key) => !model.fields[key]?.deprecated)
    const inserted = await this._atomic(async () => {
      let total = 0
      for (const items of groups.values()) {
        const given = Object.keys(items[0]!)
        const updated = difference(given, keys)
        const update = (updated.length ? updated : given.slice(0, 1)).map(replace).join(', ')
        const rows = items.map((item) => {
          const row = model.format(executeUpdate(model.create(), item, ref) as object)
          return `(${this._formatValues(model.name, row, fields)})`
        })
        total += await this._insert(model.name, fields, rows, update)
      }
      return total
    })
    return { inserted, matched: data.length - inserted, modified: data.length - inserted }
  }

  /** Returns how many rows were new. A statement with one row does not tell, so that row is sent twice. */
  private async _insert(
    table: string,
    fields: readonly string[],
    rows: string[],
    update: string,
  ): Promise<number> {
    let inserted = 0
    for (let i = 0; i < rows.length; i += BATCH) {
      const batch = rows.slice(i, i + BATCH)
      if (batch.length === 1) batch.push(batch[0]!)
      const { message } = await this.query<WriteHeader>(
        `INSERT INTO ${quote(table)} (${fields.map(quote).join(', ')}) VALUES ${batch.join(', ')} ON DUPLICATE KEY UPDATE ${update}`,
      )
      const [, records, duplicates] = /Records: (\d+)\s+Duplicates: (\d+)/.exec(message) ?? []
      inserted += Number(records) - Number(duplicates)
    }
    return inserted
  }

  async bulkUpsert(table: string, rows: readonly BulkRow[], keys?: readonly string[]): Promise<void> {
    const [first] = rows
    if (!first) return
    const updated = difference(Object.keys(first), [...(keys ?? makeArray(this.model(table).primary))])
    await this._bulk(table, rows, updated.length ? updated : Object.keys(first).slice(0, 1))
  }

  async bulkInsert(table: string, rows: readonly BulkRow[]): Promise<number> {
    const [first] = rows
    if (!first) return 0
    return this._bulk(table, rows, [])
  }

  private _bulk(table: string, rows: readonly BulkRow[], updated: readonly string[]): Promise<number> {
    const fields = Object.keys(rows[0]!)
    const update = updated.length
      ? updated.map(replace).join(', ')
      : `${quote(fields[0]!)} = ${quote(fields[0]!)}`
    const tuples = rows.map((row) => `(${fields.map((field) => this._literal(row[field])).join(', ')})`)
    return this._atomic(() => this._insert(table, fields, tuples, update))
  }

  private _literal(value: BulkValue | undefined): string {
    if (value instanceof Uint8Array)
      return `X'${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}'`
    if (typeof value === 'bigint') return String(value)
    if (value instanceof Date) return this.sql.escape(value)
    return this.sql.escapePrimitive(value ?? null)
  }

  readonly bulk: Bulk = {
    upsert: (table, rows, keys) => this.bulkUpsert(table, rows, keys),
    insert: (table, rows) => this.bulkInsert(table, rows),
    rows: <T extends object>(sql: string, params: readonly BulkValue[] = []) =>
      this._query<T[]>({ sql, values: params.map(asParameter), typeCast: asNumber }),
    run: async (sql, params = []) => {
      const { affectedRows } = await this._query<WriteHeader>({ sql, values: params.map(asParameter) })
      return affectedRows
    },
    committed: (callback) => {
      const turn = this._turn
      if (turn) turn.committed.push(callback)
      else callback()
    },
  }
}

function isPlain(model: Model, data: Record<string, unknown>, keys: readonly string[]): boolean {
  return (
    keys.every((key) => data[key] !== undefined && data[key] !== null) &&
    Object.entries(data).every(([key, value]) => key in model.fields && !isEvalExpr(value))
  )
}

function asParameter(value: BulkValue): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length)
  return typeof value === 'bigint' ? String(value) : value
}

function replace(field: string): string {
  return `${quote(field)} = VALUES(${quote(field)})`
}

function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}
