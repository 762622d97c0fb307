import { windowWeekBefore } from '@space-assistant/core/ranking/week-before'
import { decideAccess, nameFor } from '@space-assistant/core/access/visibility'
import { daysOfChoice } from '@space-assistant/core/office/chosen-window'
import type { OfficeAnswer, OfficeInput } from '@space-assistant/core/office/contract'
import { weeksOf } from '@space-assistant/core/office/weeks'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import { formatDay } from '@space-assistant/core/calendar/day'
import { memberRoles } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import type { MemberRole } from '@space-assistant/core/scheme/scheme'
import type { Explanation } from '@space-assistant/core/scoring/explain'
import type { Member } from '@space-assistant/core/roster/member'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import { memberTasks } from '@space-assistant/core/tasks/member'
import type { Context } from 'koishi'
import type { OfficeAsker, RouteHandlers, RouteOutcome } from '../visit'
import { answered, declined, pageOfList } from './answers'
import { pageSpan } from './session'

type Figures = OfficeAnswer<'person'>
type RoleFigures = Figures['roles'][number]

const PAGE = 30

/** A member's own figures, or those of somebody whom the asker may know. */
export function personRoutes(ctx: Context): RouteHandlers<'person' | 'records'> {
  return {
    async person(asker, input) {
      const found = subjectOf(ctx, asker, { input, question: 'member-figures' })
      if (!found.ok) return found
      const { member, window } = found.value
      const name = nameFor(asker.viewer, { ...ctx.access.whose(member), name: member.name }) ?? ''
      const { dataUntil } = ctx.scoreboard
      const platform = input.window.kind === 'period' ? await platformOf(ctx, member, window) : undefined
      return answered({
        name,
        account: member.account,
        school: { code: member.school, name: ctx.roster.school(member.school)?.name ?? member.school },
        own: member.account === asker.viewer.account,
        window: pageSpan(window),
        ...(dataUntil !== undefined && { dataUntil: formatDay(dataUntil) }),
        roles: rolesOf(ctx, asker, { member, window }),
        ...(platform && { platform }),
      })
    },
    async records(asker, input) {
      const found = subjectOf(ctx, asker, { input, question: 'member-records' })
      if (!found.ok) return found
      const { member, window } = found.value
      const known = await ctx.scoreboard.records(member.account, { window })
      const { indicator } = input
      const records =
        indicator === undefined ? known : known.filter((record) => record.indicator === indicator)
      const { offset, ...part } = pageOfList(records.length, input.page, PAGE)
      const rows = records.slice(offset, offset + PAGE).map(({ day, minute, indicator, count, valid }) => ({
        ...{
          day: formatDay(day),
          time: minute === undefined ? '' : clockOf(minute),
          indicator,
          count,
          valid,
        },
      }))
      return answered({ rows, ...part })
    },
  }
}

/** The member that is asked about; somebody unknown gets the answer that somebody foreign gets. */
function subjectOf(
  ctx: Context,
  { viewer, today }: OfficeAsker,
  { input, question }: { input: OfficeInput<'person'>; question: 'member-figures' | 'member-records' },
): RouteOutcome<{ member: Member; window: Window }> {
  const account = input.account ?? viewer.account
  const member = account === undefined ? undefined : ctx.roster.member(account)
  const own = account !== undefined && account === viewer.account
  const whose = member ? ctx.access.whose(member) : { account: account ?? '', school: '' }
  const decision = decideAccess(
    viewer,
    own || account === undefined ? { kind: 'own-figures' } : { kind: question, member: whose },
  )
  if (!decision.allowed) return declined(decision.code, decision.params)
  if (!member || member.state !== 'active') return declined('no-such-member')
  const window = daysOfChoice(input.window, { scheme: ctx.schemes.active, today })
  return window ? answered({ member, window }) : declined('no-such-window')
}

function rolesOf(
  ctx: Context,
  asker: OfficeAsker,
  { member, window }: { member: Member; window: Window },
): RoleFigures[] {
  const { board } = ctx.scoreboard
  const scored = memberRoles.filter(
    (role) => member.roles.includes(role) && board.scheme.indicators.some((one) => one.role === role),
  )
  const counts = new BoardCounts(board).of(member.account)
  const tasks = memberTasks(board.scheme, member, { counts, today: asker.today })
  return scored.map((role) => ({
    role,
    points: board.points(member.account, { role, window }),
    ...placesOf(ctx, member, { role, window }),
    reasons: board.explain(member.account, { role, window }).map(reasonOf),
    weeks: weeksOf(window, ctx.scoreboard.dataUntil ?? window.from).map((week) => ({
      monday: formatDay(week.monday),
      points: board.points(member.account, { role, window: week.window }),
    })),
    tasks: tasksOf(tasks, role),
  }))
}

function placesOf(
  { scoreboard }: Context,
  { account, school }: Member,
  { role, window }: { role: MemberRole; window: Window },
): Pick<RoleFigures, 'district' | 'school' | 'change'> {
  const query: StandingQuery = { of: `${role}s`, window, scope: { kind: 'district' } }
  const district = scoreboard.standing(query)
  const within = scoreboard.standing({ ...query, scope: { kind: 'school', code: school } })
  const [place, own] = [district.place(account), within.place(account)]
  const until = scoreboard.dataUntil
  const before = until === undefined ? undefined : windowWeekBefore(window, until)
  const earlier = before && scoreboard.standing({ ...query, window: before })
  const change = earlier?.entries(0, 1)[0]?.score ? district.changeSince(earlier, account)?.places : undefined
  return {
    ...(place && { district: { rank: place.rank, size: district.size } }),
    ...(own && { school: { rank: own.rank, size: within.size } }),
    ...(change !== undefined && { change }),
  }
}

function reasonOf(explanation: Explanation): RoleFigures['reasons'][number] {
  const { indicator, group, actions, counted, points } = explanation
  const shown = { indicator, group, actions, counted, points }
  switch (explanation.kind) {
    case 'each':
      return shown
    case 'cap':
      return { ...shown, limit: { times: explanation.times, per: explanation.per } }
    case 'streak':
      return { ...shown, longest: explanation.longest }
  }
}

function tasksOf(tasks: ReturnType<typeof memberTasks>, role: MemberRole): RoleFigures['tasks'] {
  if (!Array.isArray(tasks)) return { kind: tasks.state, rows: [], met: 0 }
  const own = tasks.find((each) => each.role === role)
  if (!own) return { kind: 'targets', rows: [], met: 0 }
  switch (own.kind) {
    case 'targets': {
      const rows = own.unmet.map(({ indicator, missing, per, daysLeft }) => ({
        ...{ indicator: indicator.name, left: missing, per, daysLeft },
        ...(indicator.place !== undefined && { place: indicator.place }),
      }))
      return { kind: 'targets', rows, met: own.met.length }
    }
    case 'room': {
      const rows = [...own.now, ...own.once].map(({ indicator, left, points, per, daysLeft }) => ({
        ...{ indicator: indicator.name, points, per, daysLeft },
        ...(left !== undefined && { left }),
        ...(indicator.place !== undefined && { place: indicator.place }),
      }))
      return { kind: 'room', rows, met: 0 }
    }
  }
}

async function platformOf(
  { scoreboard }: Context,
  { account, roles }: Member,
  { from }: Window,
): Promise<Figures['platform']> {
  const snapshot = await scoreboard.snapshot({ kind: 'member', account })
  if (!snapshot) return undefined
  const window = { from, to: snapshot.day }
  const sum = (indicators?: readonly string[]) =>
    roles.reduce((total, role) => {
      return total + scoreboard.board.points(account, { role, window, ...(indicators && { indicators }) })
    }, 0)
  return comparedWith(snapshot, { estimate: sum(), of: (indicator) => sum([indicator]) })
}

/** The platform's figure, the estimate of the same day, and where the two differ most. */
export function comparedWith(
  { day, total, indicators }: { day: number; total: number; indicators: Record<string, number> },
  { estimate, of }: { estimate: number; of: (indicator: string) => number },
): NonNullable<Figures['platform']> {
  const differences = Object.entries(indicators)
    .map(([indicator, theirs]) => ({ indicator, by: theirs - of(indicator) }))
    .filter(({ by }) => Math.abs(by) >= 0.005)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by))
  return { day: formatDay(day), total, estimate, differences }
}

function clockOf(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}
