import { Database, Field, RuntimeError, executeUpdate, isEvalExpr } from 'minato'
import type { Driver, Eval, Model, Selection } from 'minato'
import { SQLiteDriver } from '@minatojs/driver-sqlite'
import { Binary, difference, isNullable, makeArray } from 'koishi'
import type { Context } from 'koishi'
import { dirname, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Bulk, BulkRow, BulkValue } from './bulk'
import { Engine, makeDirectory, wellFormed } from './engine'
import type { Row } from './engine'
import { DatabaseInUseError, OwnerFile } from './lock'
import { Turns } from './turns'
import type { Turn } from './turns'

type AnyDatabase = SQLiteDriver['database']
type DriverContext = ConstructorParameters<typeof SQLiteDriver>[0]

/** Rows written before the event loop gets a turn. */
const BATCH = 10_000

/**
 * The stock driver's SQL over an engine that writes to the disk: transactions that nobody else can look into,
 * increments that are not lost, batches that do not compare every row with every other.
 */
// No #private names: the framework hands out proxies of a driver, which have none.
export class SpaceSQLite extends SQLiteDriver {
  private readonly _turns = new Turns<AnyDatabase>()
  private _engine: Engine | undefined
  private _owner: OwnerFile | undefined
  private _restore = () => {}
  private readonly _atExit = () => this._closeFile()
  private readonly _koishi: Context

  constructor(ctx: Context, config: SQLiteDriver.Config) {
    super(ctx as unknown as DriverContext, config)
    this._koishi = ctx
    ctx.provide('bulk')
    // The base class closes only while the application's model still lives, which it does not when the whole stops.
    ctx.on('dispose', () => this.stop())
  }

  override async start(): Promise<void> {
    const { path } = this.config
    this.path = path === ':memory:' ? path : resolve(this.ctx.baseDir, path)
    if (path !== ':memory:') {
      makeDirectory(dirname(this.path))
      const owner = new OwnerFile(this.path)
      await owner.acquire().catch((error: unknown) => this._explain(error))
      this._owner = owner
      process.on('exit', this._atExit)
    }
    try {
      this._engine = new Engine(this.path)
    } catch (error) {
      this._closeFile()
      throw error
    }
    this._defineTypes()
    this._takeOver(this.database)
    this._koishi.set('bulk', this.bulk)
  }

  private _explain(error: unknown): never {
    if (!(error instanceof DatabaseInUseError)) throw error
    const { i18n } = this._koishi
    const text = i18n.text(i18n.fallback([]), ['space-sqlite.in-use'], error.params)
    throw new DatabaseInUseError(error.params, text)
  }

  override async stop(): Promise<void> {
    await this._turns.alone(async () => this._closeFile())
  }

  private _closeFile(): void {
    process.off('exit', this._atExit)
    this._restore()
    this._engine?.close()
    this._engine = undefined
    this._owner?.release()
    this._owner = undefined
  }

  private get _opened(): Engine {
    if (!this._engine) throw new Error(`the database ${this.path} is closed`)
    return this._engine
  }

  /**
   * Minato starts the callback of a transaction before the transaction itself, loses an error that is thrown before
   * the first query, and knows no nesting. So the transaction is this driver's from the start.
   */
  private _takeOver(database: AnyDatabase): void {
    const driver = this
    const own = {
      transact(this: AnyDatabase, callback: (database: AnyDatabase) => Promise<unknown>) {
        return driver._transact(this, callback)
      },
      // A transaction has waited for all tables before its turn; a table added since waits for the turn's end.
      prepared(this: AnyDatabase) {
        return driver._turns.current ? Promise.resolve() : Database.prototype.prepared.call(this)
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
    if (outer) {
      outer.scope ??= database
      const { scope } = outer
      return this._join(outer, () => callback(scope))
    }
    await database.prepared()
    return this._atomic((turn) => callback((turn.scope = database.makeProxy(Database.transact))))
  }

  private async _join<T>(turn: Turn<AnyDatabase>, callback: () => Promise<T>): Promise<T> {
    try {
      return await callback()
    } catch (error) {
      turn.failed ??= { error }
      throw error
    }
  }

  private async _atomic<T>(task: (turn: Turn<AnyDatabase>) => Promise<T>): Promise<T> {
    const outer = this._turns.current
    if (outer) return task(outer)
    let committed: Turn<AnyDatabase>['committed'] = []
    const result = await this._turns.alone(async (turn) => {
      this._opened.exec('BEGIN IMMEDIATE')
      try {
        const value = await task(turn)
        if (turn.failed) throw turn.failed.error
        this._opened.exec('COMMIT')
        committed = turn.committed
        return value
      } catch (error) {
        if (this._engine?.inTransaction) this._engine.exec('ROLLBACK')
        throw error
      }
    })
    for (const callback of committed) callback()
    return result
  }

  override withTransaction(callback: (session?: unknown) => Promise<void>): Promise<void> {
    return this._atomic(() => callback())
  }

  override prepare(table: string, dropKeys?: string[]): Promise<void> {
    return this._atomic(() => super.prepare(table, dropKeys))
  }

  override get(sel: Selection.Immutable) {
    return this._turns.step(() => super.get(sel))
  }

  override eval(sel: Selection.Immutable, expr: Eval.Expr): Promise<unknown> {
    return this._turns.step(() => super.eval(sel, expr))
  }

  override remove(sel: Selection.Mutable) {
    return this._turns.step(() => super.remove(sel))
  }

  override drop(table: string): Promise<void> {
    return this._turns.step(() => super.drop(table))
  }

  override dropAll(): Promise<void> {
    return this._turns.step(() => super.dropAll())
  }

  override getIndexes(table: string) {
    return this._turns.step(() => super.getIndexes(table))
  }

  override createIndex(table: string, index: Driver.Index): Promise<void> {
    return this._turns.step(() => super.createIndex(table, index))
  }

  override dropIndex(table: string, name: string): Promise<void> {
    return this._turns.step(() => super.dropIndex(table, name))
  }

  override stats(): Promise<Driver.Stats> {
    return this._turns.step(() => {
      const count = (sql: string) => Number(Object.values(this._get(sql))[0])
      const tables: Driver.Stats['tables'] = {}
      for (const { name } of this._all(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)) {
        const id = quote(String(name))
        const [used] = this._all('SELECT sum(pgsize) AS size FROM dbstat WHERE name = ?', [name])
        tables[String(name)] = { count: count(`SELECT count(*) FROM ${id}`), size: Number(used?.size) }
      }
      return { size: count('PRAGMA page_count') * count('PRAGMA page_size'), tables }
    })
  }

  override create(sel: Selection.Mutable, data: object): Promise<object> {
    return this._turns.step(() => {
      const { autoInc, primary } = sel.model
      const id = this._insert(sel.model, data)
      return autoInc ? { ...data, [primary as string]: id } : data
    })
  }

  override set(sel: Selection.Mutable, update: Record<string, unknown>): Promise<Driver.WriteResult> {
    const { model, query, table } = sel
    const plain = isPlain(model, update) && !query.$expr && !Object.values(query).some(isEvalExpr)
    // With expressions the stock driver reads and then writes: nothing may come in between.
    if (!plain) return this._atomic(() => super.set(sel, update))
    return this._turns.step(() => {
      const filter = this._builder(sel).parseQuery(query)
      if (filter === '0') return { matched: 0 }
      const row = this._dump(model, update)
      const fields = Object.keys(row)
      if (!fields.length) return { matched: 0 }
      const assignment = fields.map((field) => `${quote(field)} = ?`).join(', ')
      const sql = `UPDATE ${quote(table)} SET ${assignment} WHERE ${filter}`
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
        if (this._updateByKeys(model, item, keys)) {
          result.matched++
        } else {
          this._insert(model, executeUpdate(model.create(), item, ref))
          result.inserted++
        }
      }
      return result
    })
  }

  private _updateByKeys(model: Model, item: Record<string, unknown>, keys: string[]): boolean {
    const row = this._dump(model, item)
    const fields = difference(Object.keys(row), keys)
    const assigned = fields.length ? fields : keys.slice(0, 1)
    return this._assign(model, row, keys, assigned) > 0
  }

  private _assign(model: Model, row: Row, keys: string[], fields: string[]): number {
    const assignment = fields.map((field) => `${quote(field)} = ?`).join(', ')
    const filter = keys.map((key) => `${quote(key)} IS ?`).join(' AND ')
    const params = [...fields, ...keys].map((field) => row[field])
    return this._write(
      () => this._opened.run(`UPDATE ${quote(model.name)} SET ${assignment} WHERE ${filter}`, params).changes,
    )
  }

  private _builder(sel: Selection.Mutable): typeof this.sql {
    const Builder = this.sql.constructor as new (
      driver: Driver,
      tables: Selection['tables'],
    ) => typeof this.sql
    return new Builder(this, sel.tables)
  }

  private _insert(model: Model, data: object): number {
    const row = this._dump(model, data)
    const fields = Object.keys(row)
    const marks = fields.map(() => '?').join(', ')
    const sql = `INSERT INTO ${quote(model.name)} (${fields.map(quote).join(', ')}) VALUES (${marks})`
    return this._write(() => this._opened.run(sql, Object.values(row)).id)
  }

  override _update(
    sel: Selection.Mutable,
    keys: string[],
    fields: string[],
    update: object,
    data: object,
  ): void {
    executeUpdate(data, update, sel.ref)
    this._assign(sel.model, this._dump(sel.model, data), keys, fields)
  }

  override _create(table: string, data: object): { id: number } {
    return { id: this._insert(this.model(table), data) }
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

  bulkUpsert(table: string, rows: readonly BulkRow[], keys?: readonly string[]): Promise<void> {
    const [first] = rows
    if (!first) return Promise.resolve()
    const conflict = keys ?? makeArray(this.model(table).primary)
    const updates = difference(Object.keys(first), [...conflict]).map(
      (key) => `${quote(key)} = excluded.${quote(key)}`,
    )
    const action = updates.length ? `UPDATE SET ${updates.join(', ')}` : 'NOTHING'
    return this._bulk(table, rows, `ON CONFLICT (${conflict.map(quote).join(', ')}) DO ${action}`).then(
      () => {},
    )
  }

  bulkInsert(table: string, rows: readonly BulkRow[]): Promise<number> {
    return this._bulk(table, rows, 'ON CONFLICT DO NOTHING')
  }

  readonly bulk: Bulk = {
    upsert: (table, rows, keys) => this.bulkUpsert(table, rows, keys),
    insert: (table, rows) => this.bulkInsert(table, rows),
    rows: <T extends object>(sql: string, params: readonly BulkValue[] = []) =>
      this._turns.step(() => this._all(sql, params) as T[]),
    run: (sql, params = []) =>
      this._turns.step(() => this._write(() => this._opened.run(sql, params).changes)),
    committed: (callback) => {
      const turn = this._turns.current
      if (turn) turn.committed.push(callback)
      else callback()
    },
  }

  private async _bulk(table: string, rows: readonly BulkRow[], conflict: string): Promise<number> {
    const [first] = rows
    if (!first) return 0
    const fields = Object.keys(first)
    const limits = fields.map((field) => lengthOf(this.model(table).fields[field]))
    const marks = fields.map(() => '?').join(', ')
    const sql = `INSERT INTO ${quote(table)} (${fields.map(quote).join(', ')}) VALUES (${marks}) ${conflict}`
    return this._atomic(async () => {
      let changes = 0
      const params = new Array<BulkValue | undefined>(fields.length)
      for (const [index, row] of rows.entries()) {
        if (index % BATCH === BATCH - 1) await setImmediate()
        for (let i = 0; i < fields.length; i++) {
          const value = row[fields[i]!]
          if (typeof value === 'string' && value.length > limits[i]!)
            checkLength(table, fields[i]!, value, limits[i]!)
          params[i] = value
        }
        changes += this._write(() => this._opened.run(sql, params).changes)
      }
      return changes
    })
  }

  /** Columns of a row for the database, too long texts refused as the other database does. */
  private _dump(model: Model, data: object): Row {
    const row = this.sql.dump(data, model) as Row
    for (const [name, value] of Object.entries(row)) {
      if (typeof value !== 'string') continue
      const limit = lengthOf(model.fields[name])
      if (value.length > limit) checkLength(model.name, name, value, limit)
    }
    return row
  }

  private _write<T>(task: () => T): T {
    try {
      return task()
    } catch (error) {
      const { message } = error as Error
      if (message.startsWith('UNIQUE constraint failed')) throw new RuntimeError('duplicate-entry', message)
      throw error
    }
  }

  /** As the stock driver has them, but for whole numbers, which this engine returns as numbers where they fit. */
  private _defineTypes(): void {
    const known = <S>(value: S) => !isNullable(value)
    this.define<boolean, number>({
      types: ['boolean'],
      dump: (value) => (known(value) ? +value! : (value as null)),
      load: (value) => (known(value) ? !!value : (value as null)),
    })
    this.define<object, string>({
      types: ['json'],
      dump: (value) => JSON.stringify(value),
      load: (value) => (typeof value === 'string' ? (JSON.parse(value) as object) : value),
    })
    this.define<string[], string>({
      types: ['list'],
      dump: (value) => (Array.isArray(value) ? value.join(',') : value),
      load: (value) => (value ? value.split(',') : []),
    })
    this.define<Date, number | bigint>({
      types: ['date', 'time', 'timestamp'],
      dump: (value) => (known(value) ? +new Date(value!) : (value as null)),
      load: (value) => (known(value) ? new Date(Number(value)) : (value as null)),
    })
    this.define<ArrayBufferLike, ArrayBufferView>({
      types: ['binary'],
      dump: (value) => (known(value) ? new Uint8Array(value!) : (value as null)),
      load: (value) => (known(value) ? Binary.fromSource(value as Uint8Array) : (value as null)),
    })
    this.define<number, number | bigint>({
      types: ['primary', ...Field.number] as Field.Type<number>[],
      dump: (value) => value,
      load: (value) => (known(value) ? Number(value) : (value as null)),
    })
    this.define<bigint, number | bigint>({
      types: ['bigint'],
      dump: (value) => value,
      load: (value) => (known(value) ? BigInt(value!) : (value as null)),
    })
  }
}

function isPlain(model: Model, data: object): boolean {
  return Object.entries(data).every(([key, value]) => key in model.fields && !isEvalExpr(value))
}

/** Longest permitted text of a column, in characters; the default is the other database's. */
function lengthOf(field: Model['fields'][string] | undefined): number {
  const limited = field?.deftype === 'string' || field?.deftype === 'char'
  return limited ? (field.length ?? 255) : Infinity
}

function checkLength(table: string, field: string, value: string, limit: number): void {
  const { length } = [...value]
  if (length > limit) throw new Error(`${table}.${field} holds ${limit} characters, ${length} were given`)
}

function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}
