import { checkObjector, isObjectionOpen, stepObjection } from '@space-assistant/core/awards/objection'
import type { ObjectionState } from '@space-assistant/core/awards/objection'
import { attempt, done, refused, rollback } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import type { AwardMessages } from './announcing'
import type { AwardActor, AwardFrame } from './frame'
import type { AwardObjectionRow } from './table'

export interface NewObjection {
  name: string
  contact: string
  content: string
  /** Where the answer goes. */
  platform?: string
  selfId?: string
  channelId?: string
}

/** Objections during publicity: named, and answered before anything is decided. */
export class Objections {
  constructor(
    private readonly frame: AwardFrame,
    private readonly means: { now: () => Date; messages: AwardMessages },
  ) {}

  async object(actor: AwardActor, given: NewObjection): Promise<Outcome<AwardObjectionRow>> {
    const may = await this.frame.check(actor, { kind: 'object' })
    if (!may.ok) return may
    const fault = checkObjector(given)
    if (fault) return refused(fault)
    if (!given.content.trim()) return refused('objection-empty')
    const { store } = this.frame
    return attempt(() =>
      store.write(async ({ state }) => {
        if (state !== 'publicity') rollback('no-objections-now')
        const row: AwardObjectionRow = {
          ...{ scheme: store.scheme, id: await store.nextId('space_award_objection') },
          ...{
            name: given.name.slice(0, 100),
            contact: given.contact.slice(0, 100),
            content: given.content.slice(0, 4000),
          },
          ...{ state: 'received', answer: '', createdAt: this.means.now().getTime(), answeredAt: 0 },
          ...{ platform: given.platform ?? '', selfId: given.selfId ?? '', channelId: given.channelId ?? '' },
        }
        await store.put('space_award_objection', row)
        await store.log({ actor: actor.name, act: 'objection', subject: String(row.id), after: 'received' })
        await this.means.messages.tellStaffOfObjection(row)
        return row
      }),
    )
  }

  /** Staff take it up, or close it with an answer, which goes to where it was made. */
  async step(
    actor: AwardActor,
    { id, to, answer = '' }: { id: number; to: ObjectionState; answer?: string },
  ): Promise<Outcome<AwardObjectionRow>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const { store } = this.frame
    return attempt(() =>
      store.write(async () => {
        const [row] = await store.rows('space_award_objection', 'AND id = ?', [id])
        if (!row) rollback('no-such-objection', { id })
        const result = stepObjection(row.state, to, answer)
        if (!result.ok) rollback(result.code, { id })
        const answeredAt = isObjectionOpen(result.state) ? 0 : this.means.now().getTime()
        const next = { ...row, state: result.state, answer: answer || row.answer, answeredAt }
        await store.put('space_award_objection', next)
        const log = { actor: actor.name, act: 'objection-step' as const, subject: String(id), reason: answer }
        await store.log({ ...log, before: row.state, after: next.state })
        await this.means.messages.tellObjector(next)
        return next
      }),
    )
  }

  /** Open ones first. */
  async list(actor: AwardActor): Promise<Outcome<AwardObjectionRow[]>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const rows = await this.frame.store.rows('space_award_objection', 'ORDER BY id')
    return done(
      [...rows].sort(
        (a, b) => Number(isObjectionOpen(b.state)) - Number(isObjectionOpen(a.state)) || a.id - b.id,
      ),
    )
  }
}
