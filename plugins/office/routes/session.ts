import { schoolOfViewer, townsOf } from '@space-assistant/core/access/viewer'
import type { Grant } from '@space-assistant/core/access/viewer'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import { screensFor } from '@space-assistant/core/office/screens'
import { formatDay } from '@space-assistant/core/calendar/day'
import { memberRoles } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { Context } from 'koishi'
import type { OfficeService } from '../office'
import type { OfficeAsker, RouteHandlers } from '../visit'
import { answered, declined } from './answers'

type SessionRoute = 'welcome' | 'login' | 'logout' | 'me' | 'sessions' | 'end-session'

/** Signing in and out, and who one is. */
export function sessionRoutes(ctx: Context, office: OfficeService): RouteHandlers<SessionRoute> {
  const { sessions, codes } = office
  return {
    welcome: ({ asker }) =>
      Promise.resolve(
        answered({
          district: ctx.schemes.active.name,
          signedIn: asker !== undefined,
          demo: office.demo,
          zone: false,
        }),
      ),
    async login(visit, { code }) {
      const redeemed = await codes.redeem(code, visit.address)
      if (redeemed.kind !== 'opened') return declined(`code-${redeemed.kind}`)
      visit.keep(await sessions.open(redeemed.who, visit.device))
      return answered({})
    },
    async logout(asker) {
      await office.end(asker.who, asker.session)
      asker.keep(undefined)
      return answered({})
    },
    me: (asker) => Promise.resolve(answered(meOf(ctx, asker))),
    async sessions({ who, session }) {
      const rows = await sessions.list(who)
      return answered({
        rows: rows.map(({ id, device, since, seen }) => ({
          id,
          device,
          since: new Date(since).toISOString(),
          seen: new Date(seen).toISOString(),
          here: id === session,
        })),
      })
    },
    async 'end-session'({ who }, { id }) {
      return (await office.end(who, id)) ? answered({}) : declined('no-such-session')
    },
  }
}

function meOf({ roster, schemes, scoreboard }: Context, asker: OfficeAsker): OfficeAnswer<'me'> {
  const { viewer, today } = asker
  const member = viewer.account === undefined ? undefined : roster.member(viewer.account)
  const school = roster.school(schoolOfViewer(viewer) ?? member?.school ?? '')
  const { active, headers } = schemes
  const nameOf = (code: string) => roster.school(code)?.name ?? code
  const { dataUntil } = scoreboard
  return {
    name: member?.name ?? '',
    ...(viewer.account !== undefined && { account: viewer.account }),
    roles: rolesOf(viewer.grants, nameOf),
    ...(school && { school: { code: school.code, name: school.name } }),
    towns: townsOf(viewer),
    screens: screensFor(viewer),
    scheme: schemeOf(active),
    stages: [...new Set(roster.schools().flatMap(({ stage }) => stage ?? []))].sort(
      byOrderIn(headers.stages),
    ),
    allTowns: [...new Set(roster.schools().flatMap(({ town }) => town ?? []))].sort(),
    today: formatDay(today),
    ...(dataUntil !== undefined && { dataUntil: formatDay(dataUntil) }),
  }
}

/** In the order of the words file; what it does not know comes last. */
function byOrderIn(stages: ReadonlyMap<string, string>): (a: string, b: string) => number {
  const order = [...new Set(stages.values())]
  const at = (stage: string) => (order.indexOf(stage) + order.length + 1) % (order.length + 1)
  return (a, b) => at(a) - at(b)
}

function rolesOf(grants: readonly Grant[], nameOf: (school: string) => string): OfficeAnswer<'me'>['roles'] {
  return grants.map((grant) => {
    switch (grant.kind) {
      case 'town':
        return { kind: grant.kind, of: grant.town }
      case 'administrator':
      case 'teacher':
        return { kind: grant.kind, of: nameOf(grant.school) }
      case 'staff':
      case 'support':
      case 'judge':
        return { kind: grant.kind, of: '' }
    }
  })
}

function schemeOf(scheme: Scheme): OfficeAnswer<'me'>['scheme'] {
  const scored = scheme.indicators.filter(({ role }) => role !== 'student')
  const groups = [...new Set(scored.map(({ group }) => group))]
  const roles = memberRoles.filter((role) => scored.some((one) => one.role === role))
  return {
    name: scheme.name,
    platform: scheme.platform,
    period: pageSpan(scheme.period),
    windows: scheme.windows.map(({ name, window }) => ({ name, ...pageSpan(window) })),
    groups: groups.map((name) => ({
      name,
      indicators: scored.filter(({ group }) => group === name).map((one) => one.name),
    })),
    subjects: ['schools', ...roles.map((role) => `${role}s` as const)],
    tasks: scheme.tasks,
  }
}

/** A window as the page gets it. */
export function pageSpan({ from, to }: Window): { from: string; to: string } {
  return { from: formatDay(from), to: formatDay(to) }
}
