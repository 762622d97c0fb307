import { showCode } from '@space-assistant/core/access/code-form'
import { decideAccess } from '@space-assistant/core/access/visibility'
import type { Context } from 'koishi'
import type { GroupRow } from 'koishi-plugin-space-access'
import type { OfficeService } from '../office'
import type { OfficeAsker, RouteHandlers, RouteOutcome } from '../visit'
import { h } from 'koishi'
import { worded } from '../visit'
import { answered, declined } from './answers'

type PeopleRoute =
  | 'requests'
  | 'request-decide'
  | 'grants'
  | 'grant-code'
  | 'grant-revoke'
  | 'school-codes'
  | 'groups'
  | 'group-set'

const from = 'space-access.refusal'

/** Who may do what, and what groups are for. */
export function peopleRoutes(ctx: Context, office: OfficeService): RouteHandlers<PeopleRoute> {
  const { access, roster } = ctx
  const refused = <T>(asker: OfficeAsker, outcome: RouteOutcome<T>) => worded(ctx, asker, { outcome, from })
  return {
    async requests({ viewer }) {
      const rows = (await access.requests(viewer)).map(({ id, member, createdAt }) => ({
        ...{ id, name: member.name, school: roster.school(member.school)?.name ?? member.school },
        at: createdAt.toISOString(),
      }))
      return answered({ rows })
    },
    async 'request-decide'(asker, { id, verdict }) {
      const outcome = await access.decide(id, verdict, asker.viewer)
      office.events.tell('requests')
      return outcome.ok ? answered({}) : refused(asker, outcome)
    },
    async grants(asker) {
      const found = await access.grants.list(asker.viewer)
      if (!found.ok) return found
      const rows = found.value.map(({ id, kind, label, town, createdAt }) => ({
        ...{ id, kind, label, town, at: createdAt.toISOString() },
      }))
      return answered({ rows })
    },
    async 'grant-code'(asker, { kind, label, town, account }) {
      const wanted = { kind, label, ...(town && { town }), ...(account && { account }) }
      const outcome = await access.grants.code(wanted, asker.viewer)
      if (!outcome.ok) return refused(asker, outcome)
      const { code, expiresAt } = outcome.value
      return answered({ code: showCode(code), until: expiresAt.toISOString() })
    },
    async 'grant-revoke'(asker, { id }) {
      const outcome = await access.grants.revoke(id, asker.viewer)
      return outcome.ok ? answered({}) : refused(asker, outcome)
    },
    async 'school-codes'(asker, { code }) {
      const outcome = await access.codes(code, asker.viewer)
      if (!outcome.ok) return refused(asker, outcome)
      const { school, rows, bound, expiresAt } = outcome.value
      const shown = rows.map((row) => ({ ...row, code: showCode(row.code) }))
      return answered({ school: school.name, rows: shown, bound, until: expiresAt.toISOString() })
    },
    async groups(asker) {
      const may = decideAccess(asker.viewer, { kind: 'groups' })
      if (!may.allowed) return declined(may.code, may.params)
      const names = await access.groups.names((key, params) =>
        h.unescape(ctx.i18n.text([asker.locale], [key], params)),
      )
      return answered({ rows: (await access.groups.list()).map((row) => groupLine(row, names)) })
    },
    async 'group-set'(asker, { ref, purpose, name, school, town }) {
      const setting = { purpose, name, ...(school && { school }), ...(town && { town }) }
      // Only groups that the bot is in are known, and only those can be set here.
      const known = (await access.groups.list({ ...ref })).length > 0
      const may = decideAccess(asker.viewer, { kind: 'groups' })
      if (!may.allowed) return declined(may.code, may.params)
      if (!known) return declined('no-such-group')
      const outcome = await access.groups.set(ref, setting, asker.viewer)
      return outcome.ok ? answered({}) : refused(asker, outcome)
    },
  }
}

function groupLine(row: GroupRow, names: ReadonlyMap<string, string>) {
  const { platform, selfId, channelId, purpose, school, town } = row
  return {
    ref: { platform, selfId, channelId },
    name: names.get(`${platform}:${selfId}:${channelId}`) ?? '',
    ...{ purpose, school, town },
  }
}
