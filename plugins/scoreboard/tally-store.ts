import type { MemberChange } from '@space-assistant/core/scoring/change'
import type { Dictionary } from '@space-assistant/core/scoring/dictionary'
import { renewed } from '@space-assistant/core/scoring/first-form'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-database'

/** What a member's tallies are after a change. */
export type MemberTallies = Pick<MemberChange, 'account' | 'after'>

/** The SQL of the tallies, of the numbers of indicators in them, and of the revision that tells who has read them all. */
export class TallyStore {
  readonly #bulk: Context['bulk']

  constructor(readonly ctx: Context) {
    this.#bulk = ctx.bulk
  }

  /** Everybody's under a scheme, or those only that were written after a revision. */
  async read(scheme: string, after?: number): Promise<MemberTallies[]> {
    const news = after === undefined ? '' : ' AND revision > ?'
    const rows = await this.#bulk.rows<{ account: string; pack: Uint8Array }>(
      `SELECT account, pack FROM space_tally WHERE scheme = ?${news}`,
      [scheme, ...(after === undefined ? [] : [after])],
    )
    return rows.map(({ account, pack }) => ({ account, after: renewed(pack) }))
  }

  async write(scheme: string, tallies: readonly MemberTallies[], revision: number): Promise<void> {
    const rows = tallies.map(({ account, after }) => ({ scheme, account, pack: after, revision }))
    await this.#bulk.upsert('space_tally', rows)
  }

  async revision(): Promise<number> {
    const [row] = await this.#bulk.rows<{ value: number }>(
      'SELECT value FROM space_score_revision WHERE id = 1',
    )
    return row?.value ?? 0
  }

  /** Its row stays locked until the commit, so revisions are in the order of commits, and nobody else stores until then. */
  async nextRevision(): Promise<number> {
    await this.#count('value + 1')
    return this.revision()
  }

  /** Keeps everybody else from storing until the end of the transaction. */
  lock(): Promise<void> {
    return this.#count('value')
  }

  async #count(value: 'value' | 'value + 1'): Promise<void> {
    await this.#bulk.insert('space_score_revision', [{ id: 1, value: 0 }])
    await this.#bulk.run(`UPDATE space_score_revision SET value = ${value} WHERE id = 1`)
  }

  /** Numbers of indicator names are given out by the database, so that all processes read the same bytes alike. */
  async nameIndicators(wanted: readonly { name: string }[], dictionary: Dictionary): Promise<void> {
    await this.ctx.database.withTransaction(async () => {
      await this.lock()
      const stored = await this.#bulk.rows<{ name: string }>(
        'SELECT name FROM space_indicator ORDER BY number',
      )
      const known = new Set(stored.map(({ name }) => name))
      const missing = wanted.flatMap(({ name }) => (known.has(name) ? [] : name))
      const rows = missing.map((name, index) => ({ number: stored.length + index, name }))
      await this.#bulk.insert('space_indicator', rows)
      for (const name of [...known, ...missing]) dictionary.add(name)
    })
  }
}
