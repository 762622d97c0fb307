import { decideAccess } from '@space-assistant/core/access/visibility'
import type { GivenGrant, Grant, Viewer } from '@space-assistant/core/access/viewer'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import type { Bindings } from './bindings'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { inDays } from './secret'
import { chatOf } from './speaker'
import type { ChatRef } from './speaker'
import type { GrantRow } from './table'
import { present } from '@space-assistant/core/text/present'

/** Days for which a code that is given to one person works. */
export const codeDays = 2

/** What staff have granted, and the codes by which it is handed out. */
export class Grants {
  constructor(
    private readonly ctx: Context,
    private readonly bindings: Bindings,
    /** Told that somebody's grants are others now. */
    private readonly changed: () => void,
  ) {}

  /** A code that makes whoever sends it staff, support, a town's office or a judge (`account` = the judge's roster entry). */
  async code(
    grant: { kind: GivenGrant; label: string; town?: string | undefined; account?: string | undefined },
    viewer: Viewer,
  ): Promise<Outcome<{ code: string; expiresAt: Date }>> {
    const decision = decideAccess(viewer, { kind: 'grants' })
    if (!decision.allowed) return refused(decision.code, decision.params)
    const { kind, label, town = '', account = '' } = grant
    if (kind === 'town' && !this.ctx.roster.schools().some((school) => school.town === town)) {
      return refused('unknown-town', { town })
    }
    const expiresAt = inDays(codeDays)
    const [code] = await this.bindings.issue([{ kind, account, town, label }], expiresAt)
    return done({ code: present(code, 'a new code'), expiresAt })
  }

  /** Everything that staff have granted. */
  async list(viewer: Viewer): Promise<Outcome<GrantRow[]>> {
    const decision = decideAccess(viewer, { kind: 'grants' })
    if (!decision.allowed) return refused(decision.code, decision.params)
    return done(await this.ctx.database.get('space_grant', {}, { sort: { id: 'asc' } }))
  }

  /** Takes a grant back. */
  async revoke(id: number, viewer: Viewer): Promise<Outcome<GrantRow>> {
    const known = await this.list(viewer)
    if (!known.ok) return known
    const grant = known.value.find((row) => row.id === id)
    if (!grant) return refused('no-such-grant', { id })
    await this.ctx.database.remove('space_grant', { id })
    this.changed()
    return done(grant)
  }

  /** Grants to a chat account without a code: the demo. */
  async give(
    who: ChatRef,
    grant: { kind: GivenGrant; label: string; town?: string | undefined },
  ): Promise<void> {
    const { kind, label, town = '' } = grant
    const row = { kind, account: '', ...chatOf(who), town, label, createdAt: new Date() }
    await this.ctx.database.upsert(
      'space_grant',
      [row],
      ['kind', 'account', 'platform', 'selfId', 'userId', 'town'],
    )
    this.changed()
  }

  /** What a chat account has been granted, itself or by way of the member whose it is. */
  of(who: ChatRef, account?: string): Promise<GrantRow[]> {
    const subjects = [who, ...(account === undefined ? [] : [{ account }])]
    return this.ctx.database.get('space_grant', { $or: subjects })
  }
}

/** What a row of the table of grants permits. */
export function grantOf(row: GrantRow): Grant[] {
  switch (row.kind) {
    case 'staff':
    case 'support':
      return [{ kind: row.kind }]
    case 'town':
      return [{ kind: 'town', town: row.town }]
    case 'judge':
      return [{ kind: 'judge', account: row.account }]
  }
}
