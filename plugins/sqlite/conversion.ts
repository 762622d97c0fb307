import type { SQLiteDriver } from '@minatojs/driver-sqlite'
import { Binary, isNullable } from 'koishi'
import { Field, isEvalExpr } from 'minato'
import type { Model } from 'minato'

/** As the stock driver has them, but for whole numbers, which this engine returns as numbers where they fit. */
export function defineTypes(driver: SQLiteDriver): void {
  const known = <T>(value: T): value is NonNullable<T> => !isNullable(value)
  driver.define<boolean, number>({
    types: ['boolean'],
    dump: (value) => (known(value) ? +value : value),
    load: (value) => (known(value) ? !!value : value),
  })
  driver.define<object, string>({
    types: ['json'],
    dump: (value) => JSON.stringify(value),
    load: (value) => (typeof value === 'string' ? (JSON.parse(value) as object) : value),
  })
  driver.define<string[], string>({
    types: ['list'],
    dump: (value) => (Array.isArray(value) ? value.join(',') : value),
    load: (value) => (value ? value.split(',') : []),
  })
  driver.define<Date, number | bigint>({
    types: ['date', 'time', 'timestamp'],
    dump: (value) => (known(value) ? +new Date(value) : value),
    load: (value) => (known(value) ? new Date(Number(value)) : value),
  })
  driver.define<ArrayBufferLike, ArrayBufferView>({
    types: ['binary'],
    dump: (value) => (known(value) ? new Uint8Array(value) : value),
    load: (value) => (known(value) ? Binary.fromSource(value) : value),
  })
  driver.define<number, number | bigint>({
    types: ['primary', ...Field.number] as Field.Type<number>[],
    dump: (value) => value,
    load: (value) => (known(value) ? Number(value) : value),
  })
  driver.define<bigint, number | bigint>({
    types: ['bigint'],
    dump: (value) => value,
    load: (value) => (known(value) ? BigInt(value) : value),
  })
}

/** Whether a row holds values only, of whole columns: no expressions, no parts of a column. */
export function isPlain(model: Model, data: object): boolean {
  return Object.entries(data).every(([key, value]) => key in model.fields && !isEvalExpr(value))
}

/** Longest permitted text of a column, in characters; the default is the other database's. */
export function lengthOf(field: Model['fields'][string] | undefined): number {
  const limited = field?.deftype === 'string' || field?.deftype === 'char'
  return limited ? (field.length ?? 255) : Infinity
}

/** Refuses too long texts, as the other database does. */
export function checkLength(column: string, value: string, limit: number): void {
  if (value.length <= limit) return
  const { length } = [...value]
  if (length > limit) throw new Error(`${column} holds ${limit} characters, ${length} were given`)
}

export function quoteSqliteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}
