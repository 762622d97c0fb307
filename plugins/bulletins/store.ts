import type { BulletinSection } from '@space-assistant/core/bulletins/draft'
import { bulletinNumbers } from '@space-assistant/core/bulletins/facts'
import type { BulletinFacts, BulletinRow } from '@space-assistant/core/bulletins/facts'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-database'
import type {
  BulletinHead,
  BulletinNumberRow,
  BulletinSchoolRow,
  BulletinSectionRow,
  BulletinTargetRow,
} from './table'

/** A bulletin with everything that it says. */
export interface Bulletin {
  head: BulletinHead
  sections: readonly BulletinSectionRow[]
  facts: BulletinFacts
}

type HeadChanges = Partial<Omit<BulletinHead, 'id'>>
const parts = ['section', 'number', 'school'] as const

/** The bulletins' SQL. A change of state names the state that it starts from, so of two at once one succeeds. */
export class BulletinStore {
  constructor(private readonly ctx: Context) {}

  /** All of what is done inside is stored, or nothing. */
  async transact<T>(act: () => Promise<T>): Promise<T> {
    const outcome: { value?: { of: T } } = {}
    await this.ctx.database.withTransaction(async () => {
      outcome.value = { of: await act() }
    })
    if (!outcome.value) throw new Error('the transaction ended without its value')
    return outcome.value.of
  }

  /** Numbers are given out in order; whoever loses the race for one takes the next. */
  async create(head: Omit<BulletinHead, 'id'>): Promise<BulletinHead> {
    for (;;) {
      const [last] = await this.ctx.bulk.rows<{ id: number | null }>(
        'SELECT MAX(id) AS id FROM space_bulletin',
      )
      const row: BulletinHead = { id: Number(last?.id ?? 0) + 1, ...head }
      if (await this.ctx.bulk.insert('space_bulletin', [{ ...row }])) return row
    }
  }

  /** Puts what a bulletin says in place of what it said. */
  async write(
    id: number,
    {
      facts,
      sections,
    }: { facts: BulletinFacts; sections: readonly (BulletinSection & { drafted: string })[] },
  ): Promise<void> {
    for (const part of parts)
      await this.ctx.bulk.run(`DELETE FROM space_bulletin_${part} WHERE bulletin = ?`, [id])
    await this.ctx.bulk.insert(
      'space_bulletin_section',
      sections.map(({ key, text, drafted }, position) => ({
        bulletin: id,
        position,
        part: key,
        content: text,
        drafted,
      })),
    )
    await this.ctx.bulk.insert(
      'space_bulletin_number',
      bulletinNumbers.map((field) => ({ bulletin: id, field, amount: facts.numbers[field] })),
    )
    await this.ctx.bulk.insert(
      'space_bulletin_school',
      facts.rows.map(({ rank, change, silent, ...row }, position) => ({
        ...{ bulletin: id, position, ...row, place: rank, moved: change, silent: Number(silent) },
      })),
    )
  }

  async head(id: number): Promise<BulletinHead | undefined> {
    return (await this.select('WHERE id = ?', [id]))[0]
  }

  async find(id: number): Promise<Bulletin | undefined> {
    const head = await this.head(id)
    return head && this.whole(head)
  }

  async whole(head: BulletinHead): Promise<Bulletin> {
    const read = <T extends object>(part: string, order: string) =>
      this.ctx.bulk.rows<T>(`SELECT * FROM space_bulletin_${part} WHERE bulletin = ? ORDER BY ${order}`, [
        head.id,
      ])
    const [sections, numbers, schools] = [
      await read<BulletinSectionRow>('section', 'position'),
      await read<BulletinNumberRow>('number', 'field'),
      await read<BulletinSchoolRow>('school', 'position'),
    ]
    return { head, sections, facts: factsOf(head, numbers, schools) }
  }

  /** The newest that was published, of one scheme; not the one that is being corrected. */
  async published(scheme: string, except: number): Promise<Bulletin | undefined> {
    const where = `WHERE state = 'published' AND scheme = ? AND id <> ? ORDER BY id DESC LIMIT 1`
    const [head] = await this.select(where, [scheme, except])
    return head && this.whole(head)
  }

  /** The newest that is not given up; `open`: and not published either. */
  list(limit: number, which: 'all' | 'open' | 'published' = 'all'): Promise<BulletinHead[]> {
    const states = {
      all: `state <> 'dropped'`,
      open: `state NOT IN ('dropped', 'published', 'corrected')`,
      published: `state IN ('published', 'corrected')`,
    }
    return this.select(`WHERE ${states[which]} ORDER BY id DESC LIMIT ${limit}`, [])
  }

  due(now: number): Promise<BulletinHead[]> {
    return this.select(`WHERE state = 'scheduled' AND dueAt <= ? ORDER BY dueAt, id`, [now])
  }

  /** Whether the bulletin was still as it was seen, and has changed. */
  async change(
    { id, state, edits }: Pick<BulletinHead, 'id' | 'state' | 'edits'>,
    changes: HeadChanges,
  ): Promise<boolean> {
    const names = Object.keys(changes)
    const sql = `UPDATE space_bulletin SET ${names.map((name) => `${name} = ?`).join(', ')}
      WHERE id = ? AND state = ? AND edits = ?`
    return (await this.ctx.bulk.run(sql, [...Object.values(changes), id, state, edits])) > 0
  }

  async addTargets(bulletin: number, targets: readonly Omit<BulletinTargetRow, 'bulletin' | 'number'>[]) {
    const rows = targets.map((target, index) => ({ bulletin, number: index + 1, ...target }))
    await this.ctx.bulk.insert('space_bulletin_target', rows)
  }

  targets(bulletin: number): Promise<BulletinTargetRow[]> {
    const sql = 'SELECT * FROM space_bulletin_target WHERE bulletin = ? ORDER BY number'
    return this.ctx.bulk.rows<BulletinTargetRow>(sql, [bulletin])
  }

  private async select(where: string, params: (string | number)[]): Promise<BulletinHead[]> {
    const rows = await this.ctx.bulk.rows<BulletinHead>(`SELECT * FROM space_bulletin ${where}`, params)
    // Eight-byte integers may come as strings.
    return rows.map((row) => ({
      ...row,
      ...{ id: Number(row.id), corrects: Number(row.corrects), dueAt: Number(row.dueAt) },
      ...{ submittedAt: Number(row.submittedAt), publishedAt: Number(row.publishedAt) },
    }))
  }
}

function factsOf(
  head: BulletinHead,
  numbers: readonly BulletinNumberRow[],
  schools: readonly BulletinSchoolRow[],
): BulletinFacts {
  const amounts = new Map(numbers.map(({ field, amount }) => [field, amount]))
  const number = (value: number | null) => (value === null ? null : Number(value))
  return {
    stamp: {
      ...{ window: { from: head.windowFrom, to: head.windowTo }, dataUntil: head.dataUntil },
      ...{ scheme: head.scheme, schemeName: head.schemeName, version: head.version, imports: head.imports },
    },
    numbers: Object.fromEntries(
      bulletinNumbers.map((key) => [key, number(amounts.get(key) ?? null)]),
    ) as Record<(typeof bulletinNumbers)[number], number | null>,
    rows: schools.map(({ code, name, town, place, score, moved, activation, silent }): BulletinRow => ({
      ...{ code, name, town, rank: number(place), score: number(score), change: number(moved) },
      ...{ activation: number(activation), silent: Boolean(silent) },
    })),
    since: head.since || null,
  }
}
