import { strangerRefusal } from '@space-assistant/core/access/visibility'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { administers, schoolOfViewer } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { refKey } from '@space-assistant/core/delivery/channel'
import type { School } from '@space-assistant/core/roster/member'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-outbox'
import type {} from 'koishi-plugin-space-roster'
import { announcementBatch } from './announcements'
import type { AnnouncementStore } from './store'
import type { AcknowledgementRow, AnnouncementRow } from './table'

/** How the answers to an announcement stand. */
export interface Acknowledged {
  row: AnnouncementRow
  answered: AcknowledgementRow[]
  /** Schools that were told and have not answered, in order of code. */
  missing: School[]
}

/** Which schools have said that they read an announcement that asks for it. */
export class Acknowledgements {
  constructor(
    private readonly ctx: Context,
    private readonly store: AnnouncementStore,
    private readonly say: Translate,
  ) {}

  /** An administrator answers for the own school; answering twice changes nothing. */
  async confirm(
    viewer: Viewer,
    who: string,
    id?: number,
  ): Promise<Outcome<{ row: AnnouncementRow; school: School }>> {
    const code = schoolOfViewer(viewer)
    const school = code === undefined ? undefined : this.ctx.roster.school(code)
    if (!school || code === undefined || !administers(viewer, code)) {
      const known = viewer.account !== undefined || viewer.grants.length > 0
      return refused(known ? 'administrators-only' : strangerRefusal(viewer))
    }
    const row = await this.asking(id)
    if (!row) return refused(id === undefined ? 'nothing-asked' : 'not-asked', { id: id ?? 0 })
    const answer = { announcement: row.id, school: code, who: who.slice(0, 64), at: Date.now() }
    await this.ctx.bulk.insert('space_announcement_answer', [answer])
    return done({ row, school })
  }

  /** Who has not answered, for staff. */
  async standing(viewer: Viewer, id?: number): Promise<Outcome<Acknowledged>> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    const row = await this.asking(id)
    if (!row) return refused(id === undefined ? 'nothing-asked' : 'not-asked', { id: id ?? 0 })
    const answered = await this.ctx.bulk.rows<AcknowledgementRow>(
      'SELECT * FROM space_announcement_answer WHERE announcement = ? ORDER BY at',
      [row.id],
    )
    const known = new Set(answered.map(({ school }) => school))
    const missing = (await this.asked(row.id)).filter(({ code }) => !known.has(code))
    return done({ row, answered, missing })
  }

  /** Reminds those who have not answered, once, with one message to every group that was told. */
  async remind(viewer: Viewer, id?: number): Promise<Outcome<{ row: AnnouncementRow; missing: number }>> {
    const found = await this.standing(viewer, id)
    if (!found.ok) return found
    const { row, missing } = found.value
    if (!missing.length) return refused('all-answered', { id: row.id })
    const names = missing.map(({ name }) => name).join(this.say('and'))
    const content = h.escape(
      this.say('acknowledge.reminder', { id: row.id, count: missing.length, schools: names }),
    )
    const targets = await this.store.targets(row.id)
    // The keys are those of the first reminder, so a second one is none.
    const sent = await this.ctx.outbox.enqueue(
      targets.map(({ number, platform, selfId, channelId }) => ({
        key: `${announcementBatch(row.id)}/reminder/${number}`,
        target: { platform, selfId, channelId },
        ...{ kind: 'announcement', content },
      })),
    )
    return sent ? done({ row, missing: missing.length }) : refused('reminded-already', { id: row.id })
  }

  private async asking(id: number | undefined): Promise<AnnouncementRow | undefined> {
    const row = id === undefined ? await this.store.newestAsking() : await this.store.find(id)
    return row && Number(row.asks) && row.sentAt ? row : undefined
  }

  /** The schools behind the groups that were told; a group of nobody's in particular stands for all. */
  private async asked(id: number): Promise<School[]> {
    const told = new Set((await this.store.targets(id)).map(refKey))
    const groups = (await this.ctx.access.groups.list()).filter((group) => told.has(refKey(group)))
    const active = new Set(
      this.ctx.roster.members().flatMap(({ state, school }) => (state === 'active' ? [school] : [])),
    )
    return this.ctx.roster.schools().filter(({ code, town }) => {
      return (
        active.has(code) &&
        groups.some((group) => (group.school ? group.school === code : !group.town || group.town === town))
      )
    })
  }
}
