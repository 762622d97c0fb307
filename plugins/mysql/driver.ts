import { Database, executeUpdate, isEvalExpr } from 'minato'
import type { Driver, Model, Selection } from 'minato'
import MySQLDriver from '@koishijs/plugin-database-mysql'
import { difference } from 'koishi'
import type { Context } from 'koishi'
import { NewerSchemaError } from '@space-assistant/core/storage/migrations'
import type { Bulk } from 'koishi-plugin-space-database'
import { setTimeout as sleep } from 'node:timers/promises'
import { insertRows, makeMysqlBulk, quoteMysqlName, replace } from './bulk-writer'
import type { WriteHeader } from './bulk-writer'
import { configure, send, valueOf } from './connection'
import type { MysqlValue, Pool, MysqlQuery } from './connection'
import { isAway, isOutrun, isRepeatable, shapeOf } from './failure'
import type { ServerError } from './failure'
import { migrateMysql } from './schema'
import { MysqlTransactions } from './turns'
import type { MysqlTransaction } from './turns'

type AnyDatabase = MySQLDriver['database']
type DriverContext = ConstructorParameters<typeof MySQLDriver>[0]

export interface Config {
  host: string
  port: number
  user: string
  password: string
  database: string
}

const CONNECT_RETRY_MS = 1000
const OUTRUN_TRIES = 10
/** A goodbye behind a query that still runs is not answered, and the client library waits half a minute for that. */
const GOODBYE_MS = 1000

/**
 * The stock driver with what its version lacks for the framework at hand: indexes, transactions that report a failed
 * COMMIT, are repeated after a deadlock and include whatever their callback calls, and logs without values.
 */
// No #private names: the framework hands out proxies of a driver, which have none.
export class SpaceMySQL extends MySQLDriver {
  private readonly _turns = new MysqlTransactions(
    () => this._pool,
    (message, ...params) => this.logger.warn(message, ...params),
  )
  private readonly _pinned: MysqlTransaction | undefined
  private readonly _settings: Config
  private readonly _koishi: Context
  private _stopped = false
  private _restore = () => {}

  constructor(ctx: Context, config: Config) {
    const cast = (cell: MysqlValue, next: () => unknown) => {
      const { orgName, orgTable } = cell.packet
      const field = ctx.model.tables[orgTable]?.fields[orgName]
      return field?.deftype === 'json' ? cell.string() || (field.initial as unknown) : valueOf(cell, next)
    }
    const options = { charset: 'utf8mb4_bin', connectTimeout: 5000, typeCast: cast }
    // Whether the two Context types agree depends on the order in which files are checked; without it tsc fails.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion
    super(ctx as unknown as DriverContext, { ...config, ...options })
    this._koishi = ctx
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
        const pool = this._pool as Pool | undefined
        pool?.end(() => {})
        this._sayAway((error as Error).message)
      }
      await sleep(CONNECT_RETRY_MS)
      if (this._stopped) throw new Error('stopped before there was a database')
    }
    await this._migrate()
    this._takeOver(this.database)
    this.ctx.set('bulk', this.bulk)
  }

  private async _migrate(): Promise<void> {
    const { database } = this._settings
    try {
      await migrateMysql((sql) => this.query(sql), database)
    } catch (error) {
      const { i18n } = this._koishi
      const key = error instanceof NewerSchemaError ? 'newer' : 'not-upgraded'
      const reason = error instanceof Error ? error.message : String(error)
      const text = i18n.text(i18n.fallback([]), [`space-mysql.${key}`], { database, reason })
      const refusal = new Error(text, { cause: error })
      this._koishi.emit('space/database-refused', refusal)
      throw refusal
    }
  }

  private _sayAway(reason: string): void {
    const { host, port } = this._settings
    this.logger.warn('no database at %s:%s (%s), trying again', host, port, reason)
    const { i18n } = this._koishi
    const text = i18n.text(i18n.fallback([]), ['space-mysql.away'], { host, port, reason })
    this._koishi.emit('space/database-away', new Error(text))
  }

  override async stop(): Promise<void> {
    if (this._stopped) return
    this._stopped = true
    this._restore()
    const pool = this._pool as Pool | undefined
    if (!pool) return
    const busy = () => pool._allConnections.filter((one) => !pool._freeConnections.includes(one))
    for (const until = Date.now() + GOODBYE_MS; busy().length && Date.now() < until;) await sleep(10)
    for (const connection of busy()) connection.destroy()
    await new Promise<void>((resolve) => pool.end(resolve))
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
    const outer = this._turns.current
    if (outer) return this._turns.join(outer, () => callback(this._scope(database, outer)))
    await database.prepared()
    return this._turns.atomic((turn) => callback(this._scope(database, turn)))
  }

  /** A database whose calls belong to the transaction also where the chain of callers is lost, as from a timer. */
  private _scope(database: AnyDatabase, turn: MysqlTransaction): AnyDatabase {
    return database.makeProxy(
      Database.transact,
      (driver, scope) =>
        Object.create(driver, { database: { value: scope }, _pinned: { value: turn } }) as typeof driver,
    )
  }

  override withTransaction(callback: (session?: unknown) => Promise<void>): Promise<void> {
    return this._turns.atomic((turn) => callback(turn.connection))
  }

  override query<T>(sql: string): Promise<T> {
    return this._query(sql)
  }

  private async _query<T>(query: string | MysqlQuery): Promise<T> {
    const turn = this._turns.current ?? (this._pinned?.open ? this._pinned : undefined)
    try {
      if (!turn) return await this._turns.retry(() => send<T>(this._pool, query))
      // After a deadlock the server has ended the transaction: another statement would be stored at once.
      if (turn.failed && isRepeatable(turn.failed.error)) throw turn.failed.error
      return await send<T>(turn.connection, query)
    } catch (error) {
      if (turn && isRepeatable(error)) turn.failed ??= { error }
      else this._complain(error as ServerError, typeof query === 'string' ? query : query.sql)
      throw error
    }
  }

  private async _whole(query: MysqlQuery): Promise<WriteHeader[]> {
    if (this._turns.current) return [await this._query<WriteHeader | WriteHeader[]>(query)].flat()
    try {
      return await this._turns.transactBatch<WriteHeader>(query)
    } catch (error) {
      this._complain(error as ServerError, query.sql)
      throw error
    }
  }

  private _complain({ code }: ServerError, sql: string): void {
    this.logger.warn('%s > %s', code, shapeOf(sql))
  }

  /** The stock driver sends the queries of one tick as one, and one that fails takes the others with it. */
  override queue<T>(sql: string, values?: unknown): Promise<T> {
    return values === undefined ? this._query({ sql }) : this._query({ sql, values })
  }

  /** DDL ends a transaction, so it never runs inside one. */
  override prepare(name: string): Promise<unknown> {
    return this._turns.inside(undefined, () => this._define(() => super.prepare(name)))
  }

  override prepareIndexes(table: string): Promise<void> {
    return this._turns.inside(undefined, () => this._define(() => super.prepareIndexes(table)))
  }

  /** A table whose definition failed once is never asked for again: the bot would run without it until its end. */
  private async _define<T>(define: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await define()
      } catch (error) {
        const away = isAway(error)
        if (this._stopped || (!away && (attempt >= OUTRUN_TRIES || !isOutrun(error)))) throw error
        await sleep(away ? CONNECT_RETRY_MS : 50 * attempt)
      }
    }
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
    const keys = Object.entries(index.keys).map(
      ([key, direction]) => `${quoteMysqlName(key)} ${direction ?? 'asc'}`,
    )
    const name = index.name ? quoteMysqlName(index.name) : ''
    await this.query(
      `ALTER TABLE ${quoteMysqlName(table)} ADD ${index.unique ? 'UNIQUE ' : ''}INDEX ${name} (${keys.join(', ')})`,
    )
  }

  override async dropIndex(table: string, name: string): Promise<void> {
    await this.query(`ALTER TABLE ${quoteMysqlName(table)} DROP INDEX ${quoteMysqlName(name)}`)
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
    const inserted = await this._turns.atomic(async () => {
      let total = 0
      for (const items of groups.values()) {
        const given = Object.keys(items[0] ?? {})
        const updated = difference(given, keys)
        const update = (updated.length ? updated : given.slice(0, 1)).map(replace).join(', ')
        const rows = items.map((item) => {
          const row = model.format(executeUpdate(model.create(), item, ref) as object) as object
          return `(${this._formatValues(model.name, row, fields)})`
        })
        total += await insertRows((query) => this._query(query), { table: model.name, fields, update }, rows)
      }
      return total
    })
    return { inserted, matched: data.length - inserted, modified: data.length - inserted }
  }

  readonly bulk: Bulk = makeMysqlBulk({
    turns: this._turns,
    model: (table) => this.model(table),
    query: (query) => this._query(query),
    whole: (query) => this._whole(query),
    escape: (value) => (value instanceof Date ? this.sql.escape(value) : this.sql.escapePrimitive(value)),
  })
}

function isPlain(model: Model, data: Record<string, unknown>, keys: readonly string[]): boolean {
  return (
    keys.every((key) => data[key] !== undefined && data[key] !== null) &&
    Object.entries(data).every(([key, value]) => key in model.fields && !isEvalExpr(value))
  )
}
