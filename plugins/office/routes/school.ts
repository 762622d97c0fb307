import { windowWeekBefore } from '@space-assistant/core/ranking/week-before'
import { decideAccess, nameFor, participates } from '@space-assistant/core/access/visibility'
import { daysOfChoice } from '@space-assistant/core/office/chosen-window'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import { weeksOf } from '@space-assistant/core/office/weeks'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { Window } from '@space-assistant/core/calendar/day'
import type { School } from '@space-assistant/core/roster/member'
import { activationRate, activationState } from '@space-assistant/core/tasks/activation'
import type { Activation } from '@space-assistant/core/tasks/activation'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import { schoolTasks } from '@space-assistant/core/tasks/school'
import { activationOf } from '@space-assistant/core/tasks/activation'
import type { Context } from 'koishi'
import type { OfficeAsker, RouteHandlers, RouteOutcome } from '../visit'
import { answered, declined, pageOfList } from './answers'
import { comparedWith } from './person'
import { pageSpan } from './session'
import { visibleScope } from './standing'

type Card = OfficeAnswer<'school'>

const FOUND = 30
const PAGE = 50

/** One school, and its teachers with what each indicator has given them. */
export function schoolRoutes(ctx: Context): RouteHandlers<'schools' | 'school' | 'school-teachers'> {
  return {
    schools: ({ viewer }, { search }) => {
      if (!participates(viewer)) return Promise.resolve(declined('not-bound'))
      const rows = schoolsLike(ctx, search).map(({ code, name, town = '', stage = '' }) => ({
        ...{ code, name, town, stage },
      }))
      return Promise.resolve(answered({ rows }))
    },
    async school(asker, { code, window: choice }) {
      const decision = decideAccess(asker.viewer, {
        kind: 'school-figures',
        scope: { kind: 'school', school: code },
      })
      if (!decision.allowed) return declined(decision.code, decision.params)
      const school = ctx.roster.school(code)
      if (!school) return declined('no-such-school')
      const window = daysOfChoice(choice, { scheme: ctx.schemes.active, today: asker.today })
      if (!window) return declined('no-such-window')
      const platform = choice.kind === 'period' ? await platformOf(ctx, code, window) : undefined
      return answered({ ...cardOf(ctx, asker, { school, window }), ...(platform && { platform }) })
    },
    'school-teachers': (asker, input) => Promise.resolve(teachersOf(ctx, asker, input)),
  }
}

function schoolsLike({ roster }: Context, search: string): School[] {
  const words = search.normalize('NFKC').trim().split(/\s+/).filter(Boolean)
  const all = roster.schools()
  const whole = words.length
    ? all.filter(({ code, name, town }) => words.every((word) => `${name} ${town} ${code}`.includes(word)))
    : all
  // A short form, initials or a slip of the finger: what the chat understands too.
  return (whole.length ? whole : roster.findSchools(search)).slice(0, FOUND)
}

function cardOf(
  ctx: Context,
  asker: OfficeAsker,
  { school, window }: { school: School; window: Window },
): Card {
  const { code, name, town = '', stage = '' } = school
  const { board, dataUntil } = ctx.scoreboard
  const scored = board.schoolScore(code, window)
  const behind = behindIn(ctx, asker, school)
  return {
    ...{ code, name, town, stage, window: pageSpan(window), score: scored?.score ?? null },
    ...(dataUntil !== undefined && { dataUntil: formatDay(dataUntil) }),
    ...placesOf(ctx, school, window),
    terms: scored?.terms ?? [],
    parts: partsOf(ctx, code, window),
    weeks: weeksOf(window, dataUntil ?? window.from).map((week) => ({
      monday: formatDay(week.monday),
      points: board.schoolScore(code, week.window)?.score ?? 0,
    })),
    activation: activationFiguresOf(ctx, activationOf(school, ctx.roster.members())),
    ...(behind && { behind }),
  }
}

function placesOf({ scoreboard }: Context, { code, town, stage }: School, window: Window) {
  const query: StandingQuery = { of: 'schools', window, scope: { kind: 'district' } }
  const district = scoreboard.standing(query)
  const placeIn = (narrowed: StandingQuery) => {
    const standing = scoreboard.standing(narrowed)
    const place = standing.place(code)
    return place && { rank: place.rank, size: standing.size }
  }
  const until = scoreboard.dataUntil
  const before = until === undefined ? undefined : windowWeekBefore(window, until)
  const earlier = before && scoreboard.standing({ ...query, window: before })
  const change = earlier?.entries(0, 1)[0]?.score ? district.changeSince(earlier, code)?.places : undefined
  const [whole, inTown, inStage] = [
    placeIn(query),
    town === undefined ? undefined : placeIn({ ...query, scope: { kind: 'town', town } }),
    stage === undefined ? undefined : placeIn({ ...query, stage }),
  ]
  const around = district.around(code, 2).map(({ rank, code, name, score }) => ({ rank, code, name, score }))
  return {
    ...(whole && { district: whole }),
    ...(inTown && { inTown }),
    ...(inStage && { inStage }),
    ...(change !== undefined && { change }),
    around,
  }
}

function partsOf({ schemes, scoreboard }: Context, code: string, window: Window): Card['parts'] {
  const ranked = schemes.active.indicators.filter(({ role }) => role !== 'student')
  return [...new Set(ranked.map(({ group }) => group))].map((group) => {
    const names = ranked.filter((one) => one.group === group).map(({ name }) => name)
    return { name: group, score: scoreboard.board.schoolScore(code, window, names)?.score ?? 0 }
  })
}

/** Activation as the page shows it. */
export function activationFiguresOf({ schemes }: Context, activation: Activation): Card['activation'] {
  const { teachers, teachersOpened, students, studentsOpened } = activation
  const rate = activationRate(activation)
  const state = activationState(rate, schemes.active)
  return { rate, teachers, teachersOpened, students, studentsOpened, ...(state && { state }) }
}

function behindIn(ctx: Context, { viewer, today }: OfficeAsker, school: School): Card['behind'] {
  const scope = visibleScope(ctx, { kind: 'school', code: school.code })
  if (!decideAccess(viewer, { kind: 'member-list', scope }).allowed) return undefined
  const { board } = ctx.scoreboard
  const counts = new BoardCounts(board)
  const query = { scheme: board.scheme, counts: (account: string) => counts.of(account), today }
  const tasks = schoolTasks(school, ctx.roster.members(), query)
  if (tasks.kind === 'closed') return undefined
  const behind = tasks.teacher.behind.flatMap(({ member, unmet }) => {
    const name = nameFor(viewer, { ...ctx.access.whose(member), name: member.name })
    return name === undefined ? [] : [{ account: member.account, name, left: unmet.length }]
  })
  return { members: tasks.teacher.members, behind }
}

async function platformOf(
  { scoreboard }: Context,
  code: string,
  { from }: Window,
): Promise<Card['platform']> {
  const snapshot = await scoreboard.snapshot({ kind: 'school', code })
  if (!snapshot) return undefined
  const window = { from, to: snapshot.day }
  const score = (indicators?: readonly string[]) =>
    scoreboard.board.schoolScore(code, window, indicators)?.score ?? 0
  return comparedWith(snapshot, { estimate: score(), of: (indicator) => score([indicator]) })
}

function teachersOf(
  ctx: Context,
  { viewer, today }: OfficeAsker,
  {
    code,
    window: choice,
    search,
    page,
  }: { code: string; window: Parameters<typeof daysOfChoice>[0]; search?: string | undefined; page: number },
): RouteOutcome<OfficeAnswer<'school-teachers'>> {
  const { roster, scoreboard, schemes, access } = ctx
  const scope = { kind: 'school', code } as const
  const decision = decideAccess(viewer, { kind: 'member-standing', scope: visibleScope(ctx, scope) })
  if (!decision.allowed) return declined(decision.code, decision.params)
  if (!roster.school(code)) return declined('no-such-school')
  const window = daysOfChoice(choice, { scheme: schemes.active, today })
  if (!window) return declined('no-such-window')
  const standing = scoreboard.standing({ of: 'teachers', window, scope })
  const wanted = search?.normalize('NFKC').trim()
  const places = standing
    .entries(0, standing.size)
    .filter((place) => !wanted || `${place.name} ${place.code}`.includes(wanted))
  const { offset, ...part } = pageOfList(places.length, page, PAGE)
  const indicators = schemes.active.indicators
    .filter(({ role }) => role === 'teacher')
    .map(({ name }) => name)
  const rows = places.slice(offset, offset + PAGE).flatMap((place) => {
    const member = roster.member(place.code)
    const name = member && nameFor(viewer, { ...access.whose(member), name: member.name })
    if (name === undefined) return []
    const given = scoreboard.board.breakdown(place.code, { role: 'teacher', window })
    const points = indicators.map((indicator) => given.get(indicator) ?? 0)
    return [{ account: place.code, name, rank: place.rank, score: place.score, points }]
  })
  return answered({ indicators, rows, ...part })
}
