import { Database, RuntimeError, executeUpdate, isEvalExpr } from 'minato'
import type { Driver, Eval, Selection } from 'minato'
import { SQLiteDriver } from '@minatojs/driver-sqlite'
import type { Context } from 'koishi'
import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { NewerSchemaError, SchemaTrialError } from '@space-assistant/core/storage/migrations'
import type { Bulk } from 'koishi-plugin-space-database'
import { BATCH, makeSqliteBulk } from './bulk-writer'
import { defineTypes, isPlain, quoteSqliteName } from './conversion'
import { DatabaseDamagedError, wellFormed } from './engine'
import type { SqliteEngine, Row } from './engine'
import { DatabaseFile } from './file'
import { DatabaseInUseError } from './lock'
import { RowWriter } from './row-writer'
import { SqliteTransactions } from './turns'
import type { SqliteTransaction } from './turns'

type AnyDatabase = SQLiteDriver['database']
type DriverContext = ConstructorParameters<typeof SQLiteDriver>[0]

/** Each with its sentence in the locales. */
const refusalKeys = [
  [DatabaseDamagedError, 'damaged'],
  [NewerSchemaError, 'newer'],
  [SchemaTrialError, 'not-upgraded'],
] as const

/**
 * The stock driver's SQL over an engine that writes to the disk: transactions that nobody else can look into,
 * increments that are not lost, batches that do not compare every row with every other.
 */
// No #private names: the framework hands out proxies of a driver, which have none.
export class SpaceSQLite extends SQLiteDriver {
  private readonly _turns = new SqliteTransactions({
    begin: () => this._opened.exec('BEGIN IMMEDIATE'),
    commit: () => this._opened.exec('COMMIT'),
    rollback: () => this._file.inTransaction && this._opened.exec('ROLLBACK'),
    warn: (message, ...params) => this.logger.warn(message, ...params),
  })
  private readonly _pinned: SqliteTransaction | undefined
  private readonly _file = new DatabaseFile()
  private readonly _rows = new RowWriter({
    dump: (data, model) => this.sql.dump(data, model) as Row,
    run: (sql, params) => this._write(() => this._opened.run(sql, params)),
  })
  private _restore = () => {}
  private readonly _koishi: Context

  constructor(ctx: Context, config: SQLiteDriver.Config) {
    // Whether the two Context types agree depends on the order in which files are checked; without it tsc fails.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion
    super(ctx as unknown as DriverContext, config)
    this._koishi = ctx
    ctx.provide('bulk')
    // The base class closes only while the application's model still lives, which it does not when the whole stops.
    ctx.on('dispose', () => this.stop())
  }

  override async start(): Promise<void> {
    const { path } = this.config
    this.path = path === ':memory:' ? path : resolve(this.ctx.baseDir, path)
    try {
      await this._file.open(this.path).catch((error: unknown) => this._explain(error))
    } catch (error) {
      this._koishi.emit('space/database-refused', error as Error)
      throw error
    }
    defineTypes(this)
    this._takeOver(this.database)
    this._koishi.set('bulk', this.bulk)
  }

  private _explain(error: unknown): never {
    const say = (key: string, params: object) => {
      const { i18n } = this._koishi
      return i18n.text(i18n.fallback([]), [`space-sqlite.${key}`], params)
    }
    if (error instanceof DatabaseInUseError) {
      throw new DatabaseInUseError(error.params, say('in-use', error.params))
    }
    const reason = error instanceof Error ? error.message : String(error)
    const key = refusalKeys.find(([kind]) => error instanceof kind)?.[1] ?? 'unusable'
    throw new Error(say(key, { path: this.path, reason }), { cause: error })
  }

  override async stop(): Promise<void> {
    await this._turns.alone(() => {
      this._restore()
      return Promise.resolve(this._file.close())
    })
  }

  private get _opened(): SqliteEngine {
    return this._file.engine
  }

  /**
   * Minato starts the callback of a transaction before the transaction itself, loses an error that is thrown before
   * the first query, and knows no nesting. So the transaction is this driver's from the start.
   */
  private _takeOver(database: AnyDatabase): void {
    const { _turns: turns } = this
    const start = <T>(scope: AnyDatabase, callback: (scope: AnyDatabase) => Promise<T>) =>
      this._transact(scope, callback)
    const own = {
      transact<T>(this: AnyDatabase, callback: (scope: AnyDatabase) => Promise<T>) {
        return start(this, callback)
      },
      // A transaction has waited for all tables before its turn; a table added since waits for the turn's end.
      prepared(this: AnyDatabase) {
        return turns.current ? Promise.resolve() : Database.prototype.prepared.call(this)
      },
    }
    Object.assign(database, own)
    this._restore = () => {
      for (const name of ['transact', 'prepared']) Reflect.deleteProperty(database, name)
    }
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
  private _scope(database: AnyDatabase, turn: SqliteTransaction): AnyDatabase {
    return database.makeProxy(
      Database.transact,
      (driver, scope) =>
        Object.create(driver, { database: { value: scope }, _pinned: { value: turn } }) as typeof driver,
    )
  }

  private _step<T>(task: () => T | Promise<T>): Promise<T> {
    const { _pinned: turn } = this
    if (turn?.open && !this._turns.current) return this._turns.inside(turn, () => this._turns.step(task))
    return this._turns.step(task)
  }

  private _atomic<T>(task: () => Promise<T>): Promise<T> {
    const { _pinned: turn } = this
    if (turn?.open && !this._turns.current) return this._turns.inside(turn, task)
    return this._turns.atomic(task)
  }

  override withTransaction(callback: (session?: unknown) => Promise<void>): Promise<void> {
    return this._atomic(() => callback())
  }

  override prepare(table: string, dropKeys?: string[]): Promise<void> {
    return this._atomic(() => super.prepare(table, dropKeys))
  }

  override get(sel: Selection.Immutable) {
    return this._step(() => super.get(sel))
  }

  override eval(sel: Selection.Immutable, expr: Eval.Expr): Promise<unknown> {
    return this._step(() => super.eval(sel, expr))
  }

  override remove(sel: Selection.Mutable) {
    return this._step(() => super.remove(sel))
  }

  override drop(table: string): Promise<void> {
    return this._step(() => super.drop(table))
  }

  override dropAll(): Promise<void> {
    return this._step(() => super.dropAll())
  }

  override getIndexes(table: string) {
    return this._step(() => super.getIndexes(table))
  }

  override createIndex(table: string, index: Driver.Index): Promise<void> {
    return this._step(() => super.createIndex(table, index))
  }

  override dropIndex(table: string, name: string): Promise<void> {
    return this._step(() => super.dropIndex(table, name))
  }

  override stats(): Promise<Driver.Stats> {
    return this._step(() => this._opened.stats())
  }

  override create(sel: Selection.Mutable, data: object): Promise<object> {
    return this._step(() => {
      const { autoInc, primary } = sel.model
      const id = this._rows.insert(sel.model, data)
      return autoInc ? { ...data, [primary as string]: id } : data
    })
  }

  override set(sel: Selection.Mutable, update: Record<string, unknown>): Promise<Driver.WriteResult> {
    const { model, query, table } = sel
    const plain = isPlain(model, update) && !query.$expr && !Object.values(query).some(isEvalExpr)
    // With expressions the stock driver reads and then writes: nothing may come in between.
    if (!plain) return this._atomic(() => super.set(sel, update))
    return this._step(() => {
      const filter = this._builder(sel).parseQuery(query)
      if (filter === '0') return { matched: 0 }
      const row = this._rows.dump(model, update)
      const fields = Object.keys(row)
      if (!fields.length) return { matched: 0 }
      const assignment = fields.map((field) => `${quoteSqliteName(field)} = ?`).join(', ')
      const sql = `UPDATE ${quoteSqliteName(table)} SET ${assignment} WHERE ${filter}`
      return { matched: this._write(() => this._opened.runOnce(sql, Object.values(row))) }
    })
  }

  override upsert(sel: Selection.Mutable, data: Record<string, unknown>[], keys: string[]): Promise<object> {
    if (!data.length) return Promise.resolve({})
    return this._atomic(async () => {
      const { model, ref } = sel
      if (!data.every((item) => isPlain(model, item))) return super.upsert(sel, data, keys)
      const result = { inserted: 0, matched: 0, modified: 0 }
      for (const [index, item] of data.entries()) {
        if (index % BATCH === BATCH - 1) await setImmediate()
        if (this._rows.updateByKeys(model, item, keys)) {
          result.matched++
        } else {
          this._rows.insert(model, executeUpdate(model.create(), item, ref) as object)
          result.inserted++
        }
      }
      return result
    })
  }

  private _builder(sel: Selection.Mutable): typeof this.sql {
    const Builder = this.sql.constructor as new (driver: this, tables: Selection['tables']) => typeof this.sql
    return new Builder(this, sel.tables)
  }

  override _update(
    sel: Selection.Mutable,
    keys: string[],
    fields: string[],
    update: object,
    data: object,
  ): void {
    executeUpdate(data, update, sel.ref)
    this._rows.assign(sel.model, data, { keys, fields })
  }

  override _create(table: string, data: object): { id: number } {
    return { id: this._rows.insert(this.model(table), data) }
  }

  override _all(sql: string, params: readonly unknown[] = []): Row[] {
    return this._write(() => this._opened.all(wellFormed(sql), params))
  }

  override _get(sql: string, params: readonly unknown[] = []): Row {
    return this._all(sql, params)[0] ?? {}
  }

  override _run(sql: string, params: readonly unknown[] = [], callback?: () => unknown): unknown {
    this._write(() => this._opened.run(wellFormed(sql), params))
    return callback?.()
  }

  readonly bulk: Bulk = makeSqliteBulk({
    turns: this._turns,
    model: (table) => this.model(table),
    all: (sql, params) => this._all(sql, params),
    run: (sql, params) => this._write(() => this._opened.run(sql, params).changes),
    runAll: (sql, rows) => this._write(() => this._opened.runAll(sql, rows)),
    copy: (path) => this._file.copyTo(path),
  })

  private _write<T>(task: () => T): T {
    try {
      return task()
    } catch (error) {
      const { message } = error as Error
      if (message.startsWith('UNIQUE constraint failed')) throw new RuntimeError('duplicate-entry', message)
      throw error
    }
  }
}
