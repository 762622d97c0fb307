import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-database'
import type { AnnouncementTarget } from '@space-assistant/core/delivery/audience'
import type { AnnouncementRow, AnnouncementState, AnnouncementTargetRow } from './table'

export type NewAnnouncement = Pick<AnnouncementRow, 'origin' | 'owner' | 'author' | 'state' | 'content'> &
  Partial<Pick<AnnouncementRow, 'asks'>>
type Changes = Partial<Omit<AnnouncementRow, 'id' | 'origin'>>

/** The announcements' SQL. A change of state names the state that it starts from, so of two at once one succeeds. */
export class AnnouncementStore {
  constructor(private readonly ctx: Context) {}

  /** All of what is done inside is stored, or nothing. */
  async transaction<T>(act: () => Promise<T>): Promise<T> {
    const outcome: { value?: T } = {}
    await this.ctx.database.withTransaction(async () => void (outcome.value = await act()))
    return outcome.value as T
  }

  /** Numbers are given out in order; whoever loses the race for one takes the next. */
  async create(row: NewAnnouncement, now: number): Promise<AnnouncementRow> {
    for (;;) {
      const [last] = await this.ctx.bulk.rows<{ id: number | null }>(
        'SELECT MAX(id) AS id FROM space_announcement',
      )
      const full: AnnouncementRow = {
        ...{ id: Number(last?.id ?? 0) + 1, audience: '', fingerprint: '', dueAt: 0, createdAt: now },
        ...{ confirmedAt: 0, sentAt: 0, targets: 0, anytime: 0, asks: 0 },
        ...row,
      }
      if (await this.ctx.bulk.insert('space_announcement', [{ ...full }])) return full
      const known = await this.byOrigin(row.origin)
      if (known) return known
    }
  }

  async find(id: number): Promise<AnnouncementRow | undefined> {
    return (await this.select('WHERE id = ?', [id]))[0]
  }

  async byOrigin(origin: string): Promise<AnnouncementRow | undefined> {
    return (await this.select('WHERE origin = ?', [origin]))[0]
  }

  /** The newest draft of somebody. */
  async draftOf(owner: string): Promise<AnnouncementRow | undefined> {
    return (await this.select(`WHERE owner = ? AND state = 'draft' ORDER BY id DESC LIMIT 1`, [owner]))[0]
  }

  recent(limit: number): Promise<AnnouncementRow[]> {
    return this.select(`WHERE state <> 'draft' ORDER BY id DESC LIMIT ${limit}`, [])
  }

  /** The newest that went out and asks schools to say that they have read it. */
  async newestAsking(): Promise<AnnouncementRow | undefined> {
    return (await this.select('WHERE asks = 1 AND sentAt > 0 ORDER BY id DESC LIMIT 1', []))[0]
  }

  due(now: number): Promise<AnnouncementRow[]> {
    return this.select(`WHERE state = 'scheduled' AND dueAt <= ? ORDER BY dueAt, id`, [now])
  }

  /** Whether the announcement was in that state, and has changed. */
  async change(
    id: number,
    from: AnnouncementState | readonly AnnouncementState[],
    changes: Changes,
  ): Promise<boolean> {
    const states = [from].flat()
    const names = Object.keys(changes)
    const sql = `UPDATE space_announcement SET ${names.map((name) => `${name} = ?`).join(', ')}
      WHERE id = ? AND state IN (${states.map(() => '?').join(', ')})`
    return (await this.ctx.bulk.run(sql, [...Object.values(changes), id, ...states])) > 0
  }

  async addTargets(announcement: number, targets: readonly AnnouncementTarget[]): Promise<void> {
    await this.ctx.bulk.insert(
      'space_announcement_target',
      targets.map(({ ref, label }, index) => {
        const { platform, selfId, channelId } = ref
        return { announcement, number: index + 1, platform, selfId, channelId, label }
      }),
    )
  }

  targets(announcement: number): Promise<AnnouncementTargetRow[]> {
    const sql = 'SELECT * FROM space_announcement_target WHERE announcement = ? ORDER BY number'
    return this.ctx.bulk.rows<AnnouncementTargetRow>(sql, [announcement])
  }

  private async select(where: string, params: (string | number)[]): Promise<AnnouncementRow[]> {
    const rows = await this.ctx.bulk.rows<AnnouncementRow>(
      `SELECT * FROM space_announcement ${where}`,
      params,
    )
    // Eight-byte integers may come as strings.
    return rows.map((row) => ({
      ...row,
      id: Number(row.id),
      dueAt: Number(row.dueAt),
      sentAt: Number(row.sentAt),
    }))
  }
}
