import { difference } from 'koishi'
import type { Model } from 'minato'
import { checkLength, lengthOf, quoteSqliteName } from './conversion'
import type { Row } from './engine'

/** What writing rows needs of the driver. */
export interface RowAccess {
  /** The columns of a row as the database has them. */
  dump: (data: object, model: Model) => Row
  run: (sql: string, params: readonly unknown[]) => { changes: number; id: number }
}

interface Columns {
  keys: string[]
  fields: string[]
}

/** The SQL that writes rows of a model one by one. */
export class RowWriter {
  constructor(readonly access: RowAccess) {}

  /** Columns of a row for the database, too long texts refused as the other database does. */
  dump(model: Model, data: object): Row {
    const row = this.access.dump(data, model)
    for (const [name, value] of Object.entries(row)) {
      if (typeof value === 'string') checkLength(`${model.name}.${name}`, value, lengthOf(model.fields[name]))
    }
    return row
  }

  /** Returns the number that the row got, where rows are numbered. */
  insert(model: Model, data: object): number {
    const row = this.dump(model, data)
    const fields = Object.keys(row)
    const marks = fields.map(() => '?').join(', ')
    const sql = `INSERT INTO ${quoteSqliteName(model.name)} (${fields.map(quoteSqliteName).join(', ')}) VALUES (${marks})`
    return this.access.run(sql, Object.values(row)).id
  }

  /** Changes what a row says beside its keys; false when there is none with these. */
  updateByKeys(model: Model, data: object, keys: string[]): boolean {
    const row = this.dump(model, data)
    const fields = difference(Object.keys(row), keys)
    return this.#assign(model, row, { keys, fields: fields.length ? fields : keys.slice(0, 1) }) > 0
  }

  /** Writes the fields into the rows that have these keys. */
  assign(model: Model, data: object, columns: Columns): void {
    this.#assign(model, this.dump(model, data), columns)
  }

  #assign(model: Model, row: Row, { keys, fields }: Columns): number {
    const assignment = fields.map((field) => `${quoteSqliteName(field)} = ?`).join(', ')
    const filter = keys.map((key) => `${quoteSqliteName(key)} IS ?`).join(' AND ')
    const params = [...fields, ...keys].map((field) => row[field])
    return this.access.run(`UPDATE ${quoteSqliteName(model.name)} SET ${assignment} WHERE ${filter}`, params)
      .changes
  }
}
