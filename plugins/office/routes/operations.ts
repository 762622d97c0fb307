import { decideAccess } from '@space-assistant/core/access/visibility'
import { operator } from '@space-assistant/core/access/viewer'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import { rightsTable } from '@space-assistant/core/office/rights'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type {} from 'koishi-plugin-space-exports'
import type {} from 'koishi-plugin-space-imports'
import type {} from 'koishi-plugin-space-outbox'
import type { PendingScheme } from 'koishi-plugin-space-schemes'
import type { OfficeService } from '../office'
import type { OfficeAsker, RouteHandlers } from '../visit'
import { answered, declined } from './answers'

type OperationRoute = 'operations' | 'message-settle' | 'rules' | 'rules-adopt' | 'audit'

const ONLINE = 1
const LISTED = 100

/** How the bot runs, its rules, and who did what: for staff. */
export function operationRoutes(ctx: Context, office: OfficeService): RouteHandlers<OperationRoute> {
  return {
    async operations(asker) {
      const may = decideAccess(asker.viewer, { kind: 'announce' })
      return may.allowed ? answered(await stateOf(ctx, asker)) : declined(may.code, may.params)
    },
    async 'message-settle'({ viewer }, { key, what }) {
      const may = decideAccess(viewer, { kind: 'announce' })
      if (!may.allowed) return declined(may.code, may.params)
      const unsettled = (await ctx.outbox.unsettled()).some((receipt) => receipt.key === key)
      if (!unsettled || !(await ctx.outbox.resolve(key, what))) return declined('no-such-message')
      office.events.tell('outbox')
      return answered({})
    },
    async rules({ viewer }) {
      const history = await ctx.schemes.history(viewer)
      if (!history.ok) return history
      const rows = history.value.map(({ number, at, by }) => ({ number, at: at.toISOString(), by }))
      return answered({ name: ctx.schemes.active.name, ...pendingOf(ctx), history: rows })
    },
    async 'rules-adopt'({ viewer }, { key }) {
      const adopted = await ctx.schemes.adopt(key, viewer)
      if (!adopted.ok) return adopted
      return answered({})
    },
    async audit({ viewer }) {
      const may = decideAccess(viewer, { kind: 'import-history' })
      if (!may.allowed) return declined(may.code, may.params)
      return answered({ rows: await doneLately(ctx, viewer), rights: rightsTable() })
    },
  }
}

async function stateOf(ctx: Context, { locale }: OfficeAsker): Promise<OfficeAnswer<'operations'>> {
  const say = (key: string, params: object) => h.unescape(ctx.i18n.text([locale], [key], params))
  const [status, unsettled, names] = await Promise.all([
    ctx.outbox.status(),
    ctx.outbox.unsettled(),
    ctx.access.groups.names(say),
  ])
  const { counts, failures, oldestPending } = status
  return {
    bots: [...ctx.bots].map(({ platform = '', status }) => ({ platform, online: Number(status) === ONLINE })),
    waiting: counts.pending + counts.leased,
    sent: counts.sent,
    parked: counts.parked,
    failed: counts.failed,
    ...(oldestPending && { oldest: oldestPending.toISOString() }),
    failures: Object.entries(failures).map(([reason, count]) => ({ reason: reason || 'server', count })),
    unsettled: unsettled.slice(0, LISTED).map(({ key, kind, target }) => {
      const { platform, selfId, channelId } = target
      return { key, kind, place: names.get(`${platform}:${selfId}:${channelId}`) ?? platform }
    }),
  }
}

/** What waits to be adopted, and whose scores it would change. */
function pendingOf(
  ctx: Context,
): Pick<OfficeAnswer<'rules'>, 'pending' | 'key' | 'problems' | 'members' | 'schools'> {
  const nothing = { key: '', problems: [], members: 0, schools: [] }
  let found: PendingScheme
  try {
    found = ctx.schemes.pending()
  } catch (error) {
    return { ...nothing, pending: 'broken', problems: (error as Error).message.split('\n') }
  }
  if (found.kind === 'nothing') return { ...nothing, pending: 'nothing' }
  if (found.kind === 'broken') return { ...nothing, pending: 'broken', problems: [...found.problems] }
  const { members, schools } = ctx.scoreboard.rescorePreview(found.scheme)
  const by = (one: { before: number | null; after: number | null }) =>
    Math.abs((one.after ?? 0) - (one.before ?? 0))
  return {
    ...{ pending: 'changed', key: found.key, problems: [] },
    members: new Set(members.map(({ account }) => account)).size,
    schools: [...schools]
      .sort((a, b) => by(b) - by(a))
      .slice(0, LISTED)
      .map(({ code, before, after }) => ({ name: ctx.roster.school(code)?.name ?? code, before, after })),
  }
}

async function doneLately(ctx: Context, viewer: Viewer): Promise<OfficeAnswer<'audit'>['rows']> {
  const [imports, adoptions, exported] = await Promise.all([
    ctx.imports.history(operator, LISTED),
    ctx.schemes.history(operator, LISTED),
    ctx.get('exports')?.log(viewer),
  ])
  const rows: OfficeAnswer<'audit'>['rows'] = []
  for (const { name, by, at, undoneAt, undoneBy } of imports.ok ? imports.value : []) {
    rows.push({ at: at.toISOString(), by, what: 'import', detail: name })
    if (undoneAt) rows.push({ at: undoneAt.toISOString(), by: undoneBy, what: 'undo', detail: name })
  }
  for (const { number, by, at } of adoptions.ok ? adoptions.value : []) {
    rows.push({ at: at.toISOString(), by, what: 'rules', detail: String(number) })
  }
  for (const { who, what, at } of exported?.ok ? exported.value : [])
    rows.push({ at: at.toISOString(), by: who, what: 'export', detail: what })
  return rows.sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, LISTED)
}
