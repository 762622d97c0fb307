import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-database'
import type { AdoptionRow } from './table'

/** Which texts of a scheme were put in force, in the database. */
export class Adoptions {
  constructor(
    private readonly ctx: Context,
    private readonly scheme: string,
  ) {}

  /** Undefined before the first. */
  async newest(): Promise<AdoptionRow | undefined> {
    const [row] = await this.list(1)
    return row
  }

  /** The number of the newest, 0 before the first; cheap enough to be asked every few seconds. */
  async newestNumber(): Promise<number> {
    const [row] = await this.ctx.bulk.rows<{ newest: number | null }>(
      'SELECT MAX(number) AS newest FROM space_scheme_adoption WHERE scheme = ?',
      [this.scheme],
    )
    return row?.newest ?? 0
  }

  /** The newest first. */
  list(limit: number): Promise<AdoptionRow[]> {
    const { database } = this.ctx
    return database.get('space_scheme_adoption', { scheme: this.scheme }, { sort: { number: 'desc' }, limit })
  }

  /**
   * Puts a text in force by one row, so that whoever is killed meanwhile has put in force all of it or nothing. False
   * when there is an adoption of this number already.
   */
  async add(adoption: Omit<AdoptionRow, 'scheme' | 'at'>): Promise<boolean> {
    const row = { scheme: this.scheme, ...adoption, at: new Date() }
    return (await this.ctx.bulk.insert('space_scheme_adoption', [row])) === 1
  }
}
