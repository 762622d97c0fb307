import type { Context, Tables } from 'koishi'
import type { BulkValue } from 'koishi-plugin-space-database'
import type { AwardLogRow, AwardRoundRow } from './table'

type AwardTableName = Extract<keyof Tables, `space_award_${string}`>
type AwardRow<T extends AwardTableName> = Tables[T]

const newRound = { state: 'draft', edit: 0, dataImport: 0, publicFrom: 0, publicTo: 0, publicAt: 0 } as const

/** The SQL of the awards of one scheme. */
export class AwardStore {
  constructor(private readonly ctx: Context) {}

  get scheme(): string {
    return this.ctx.schemes.active.id
  }

  /**
   * Everything inside is stored, or nothing. Writers of one scheme go one after the other: each first takes the round's
   * row, so what is checked inside still holds when it is stored.
   */
  async write<T>(act: (round: AwardRoundRow) => Promise<T>): Promise<T> {
    const outcome: { value?: T } = {}
    await this.ctx.database.withTransaction(async () => {
      await this.ctx.bulk.insert('space_award_round', [{ scheme: this.scheme, ...newRound }])
      await this.ctx.bulk.run('UPDATE space_award_round SET edit = edit + 1 WHERE scheme = ?', [this.scheme])
      outcome.value = await act(await this.round())
    })
    return outcome.value as T
  }

  async round(): Promise<AwardRoundRow> {
    const [row] = await this.rows('space_award_round')
    if (!row) return { scheme: this.scheme, ...newRound }
    return { ...row, publicAt: Number(row.publicAt), dataImport: Number(row.dataImport) }
  }

  /** Rows of the active scheme's round; `where` may go on with AND or ORDER BY. */
  rows<T extends AwardTableName>(
    table: T,
    where = '',
    params: readonly BulkValue[] = [],
  ): Promise<AwardRow<T>[]> {
    const sql = `SELECT * FROM ${table} WHERE scheme = ? ${where}`
    return this.ctx.bulk.rows<AwardRow<T>>(sql, [this.scheme, ...params])
  }

  /** Replaces rows by their primary key. */
  async put<T extends AwardTableName>(table: T, ...rows: Omit<AwardRow<T>, 'scheme'>[]): Promise<void> {
    const full = rows.map((row) => ({ ...row, scheme: this.scheme }))
    if (full.length) await this.ctx.bulk.upsert(table, full)
  }

  async remove(table: AwardTableName, where = '', params: readonly BulkValue[] = []): Promise<void> {
    await this.ctx.bulk.run(`DELETE FROM ${table} WHERE scheme = ? ${where}`, [this.scheme, ...params])
  }

  async setRound(changes: Partial<Omit<AwardRoundRow, 'scheme' | 'edit'>>): Promise<void> {
    const names = Object.keys(changes)
    const sql = `UPDATE space_award_round SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE scheme = ?`
    await this.ctx.bulk.run(sql, [...Object.values(changes), this.scheme])
  }

  /** The next number of a table whose rows are numbered; call it inside `write`. */
  async nextId(
    table: 'space_award_nomination' | 'space_award_objection' | 'space_award_log',
  ): Promise<number> {
    const sql = `SELECT MAX(id) AS last FROM ${table} WHERE scheme = ?`
    const [row] = await this.ctx.bulk.rows<{ last: number | null }>(sql, [this.scheme])
    return Number(row?.last ?? 0) + 1
  }

  /** Every change leaves a line; call it inside `write`. */
  async log(entry: Pick<AwardLogRow, 'actor' | 'act' | 'subject'> & Partial<AwardLogRow>): Promise<void> {
    const cut = (text = '', limit = 200) => Array.from(text).slice(0, limit).join('')
    await this.put('space_award_log', {
      id: await this.nextId('space_award_log'),
      at: Date.now(),
      actor: cut(entry.actor, 100),
      act: entry.act,
      subject: cut(entry.subject),
      before: cut(entry.before),
      after: cut(entry.after),
      reason: cut(entry.reason, 500),
    })
  }
}
