import { decideAccess, nameFor } from '@space-assistant/core/access/visibility'
import type { AccessScope } from '@space-assistant/core/access/visibility'
import { schoolOfViewer } from '@space-assistant/core/access/viewer'
import { daysOfChoice } from '@space-assistant/core/office/chosen-window'
import type { StandingFilter, StandingRow } from '@space-assistant/core/office/contract/standing'
import { windowWeekBefore } from '@space-assistant/core/ranking/week-before'
import { QuestionReader } from '@space-assistant/core/ranking/question'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import { Vocabulary } from '@space-assistant/core/ranking/question-vocabulary'
import type { Standing, StandingPlace, StandingQuery } from '@space-assistant/core/ranking/standing'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { Window } from '@space-assistant/core/calendar/day'
import type { Context } from 'koishi'
import type { OfficeAsker, RouteHandlers, RouteOutcome } from '../visit'
import { answered, declined, pageOfList } from './answers'
import { pageSpan } from './session'

const PAGE = 50

/** What may be listed for an asker, and out of which standing. */
export interface VisibleStanding {
  standing: Standing
  window: Window
  rows: readonly StandingPlace[]
  ownSchoolOnly: boolean
}

/** Places of schools and people, and questions in the chat's words. */
export function standingRoutes(ctx: Context): RouteHandlers<'standing' | 'ask'> {
  return {
    standing: (asker, { filter, search, page }) => {
      const found = visibleStanding(ctx, asker, filter)
      if (!found.ok) return Promise.resolve(found)
      const { standing, window, ownSchoolOnly } = found.value
      const rows = search ? found.value.rows.filter(matches(ctx, search)) : found.value.rows
      const { offset, ...part } = pageOfList(rows.length, page, PAGE)
      const row = rowMaker(ctx, asker, found.value)
      const mine = standing.place(
        (filter.of === 'schools' ? schoolOfViewer(asker.viewer) : asker.viewer.account) ?? '',
      )
      const { dataUntil } = ctx.scoreboard
      return Promise.resolve(
        answered({
          rows: rows.slice(offset, offset + PAGE).flatMap((place) => row(place) ?? []),
          ...(mine && { own: row(mine) }),
          ranked: standing.size,
          window: pageSpan(window),
          ...(dataUntil !== undefined && { dataUntil: formatDay(dataUntil) }),
          ownSchoolOnly,
          ...part,
        }),
      )
    },
    ask: (asker, { text }) => Promise.resolve(understood(ctx, asker, text)),
  }
}

/** The standing that a filter asks for, cut to what the asker may see: the same decision as in the chat. */
export function visibleStanding(
  ctx: Context,
  { viewer, today }: OfficeAsker,
  filter: StandingFilter,
): RouteOutcome<VisibleStanding> {
  const { roster, schemes, scoreboard } = ctx
  const kind = filter.of === 'schools' ? 'school-standing' : 'member-standing'
  const decision = decideAccess(viewer, { kind, scope: visibleScope(ctx, filter.scope) })
  if (!decision.allowed) return declined(decision.code, decision.params)
  const { scope } = filter
  if (scope.kind === 'school' && !roster.school(scope.code)) return declined('no-such-school')
  const scheme = schemes.active
  const window = daysOfChoice(filter.window, { scheme, today })
  if (!window) return declined('no-such-window')
  const query = queryOf(ctx, filter, window)
  const standing = scoreboard.standing(query)
  const own = schoolOfViewer(viewer)
  const ownSchoolOnly = decision.rows === 'own-school' && own !== undefined
  if (!ownSchoolOnly) {
    return answered({ standing, window, rows: standing.entries(0, standing.size), ownSchoolOnly })
  }
  const within = scoreboard.standing({ ...query, scope: { kind: 'school', code: own } })
  const rows = within.entries(0, within.size).flatMap(({ code }) => standing.place(code) ?? [])
  return answered({ standing, window, rows, ownSchoolOnly })
}

function queryOf({ schemes }: Context, filter: StandingFilter, window: Window): StandingQuery {
  const { of, scope, stage, indicator } = filter
  const named = schemes.active.indicators.filter(
    ({ name, group }) => name === indicator || group === indicator,
  )
  const indicators = indicator === undefined ? undefined : named.map(({ name }) => name)
  return { of, window, scope, ...(stage !== undefined && { stage }), ...(indicators && { indicators }) }
}

/** The scope as the rules of visibility need it. */
export function visibleScope({ roster }: Context, scope: StandingQuery['scope']): AccessScope {
  if (scope.kind !== 'school') return scope
  const town = roster.school(scope.code)?.town
  return { kind: 'school', school: scope.code, ...(town !== undefined && { town }) }
}

function matches({ roster }: Context, search: string): (place: StandingPlace) => boolean {
  const words = search.normalize('NFKC').trim().toLowerCase().split(/\s+/)
  return ({ name, code, school }) => {
    const text = `${name} ${code} ${roster.school(school)?.name ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  }
}

/** Makes the rows of a standing as the asker may read them; nothing for people whom the asker may not know. */
export function rowMaker(
  ctx: Context,
  { viewer }: Pick<OfficeAsker, 'viewer'>,
  { standing, window }: Pick<VisibleStanding, 'standing' | 'window'>,
): (place: StandingPlace) => StandingRow | undefined {
  const { roster, access, scoreboard } = ctx
  const { of } = standing.query
  const before =
    scoreboard.dataUntil === undefined ? undefined : windowWeekBefore(window, scoreboard.dataUntil)
  const earlier = before && scoreboard.standing({ ...standing.query, window: before })
  // While nobody had a point all were first, and whoever is behind now has lost nothing.
  const compared = earlier?.entries(0, 1)[0]?.score ? earlier : undefined
  const self = of === 'schools' ? schoolOfViewer(viewer) : viewer.account
  return ({ rank, code, name, school, score }) => {
    const member = of === 'schools' ? undefined : roster.member(code)
    const shown = member ? nameFor(viewer, { ...access.whose(member), name }) : name
    if (shown === undefined) return undefined
    const change = compared && standing.changeSince(compared, code)?.places
    return {
      ...{ rank, code, score, name: shown, mine: code === self },
      school: of === 'schools' ? (roster.school(code)?.town ?? '') : (roster.school(school)?.name ?? school),
      ...(change !== undefined && { change }),
    }
  }
}

/** Reads a question as the chat reads it, and fills the fields of the page with what it says. */
function understood(
  ctx: Context,
  { viewer, today }: OfficeAsker,
  text: string,
): RouteOutcome<{ filter: StandingFilter }> {
  const { schemes, roster } = ctx
  const vocabulary = new Vocabulary({
    words: schemes.words,
    scheme: schemes.active,
    stages: schemes.headers.stages,
    schools: roster.schools(),
  })
  const read = new QuestionReader(vocabulary).read(text, { today, named: true })
  if (!read.ok) return declined('not-understood', { text: Array.from(text).slice(0, 20).join('') })
  const { of, stage, indicators, scope, window } = read.question
  const own = schoolOfViewer(viewer)
  const town = roster.school(own ?? '')?.town
  const indicator = indicators && indicatorOf(ctx, indicators)
  return answered({
    filter: {
      of: of === 'school' ? 'schools' : `${of}s`,
      scope: scopeOf(scope, { own, town, given: read.question.given.includes('scope') }),
      window: choiceOf(window),
      ...(stage !== undefined && { stage }),
      ...(indicator !== undefined && { indicator }),
    },
  })
}

/** The group whose indicators these are, else the first of them. */
function indicatorOf({ schemes }: Context, names: readonly string[]): string | undefined {
  const { indicators } = schemes.active
  const group = indicators.find(({ name }) => name === names[0])?.group
  const whole = indicators.filter((one) => one.group === group)
  return names.length > 1 && whole.length === names.length ? group : names[0]
}

function scopeOf(
  scope: RankingQuestion['scope'],
  { own, town, given }: { own: string | undefined; town: string | undefined; given: boolean },
): StandingFilter['scope'] {
  switch (scope.kind) {
    case 'town':
    case 'school':
      return scope
    case 'own-school':
    case 'self':
      return own !== undefined && given ? { kind: 'school', code: own } : { kind: 'district' }
    case 'own-town':
      return town === undefined ? { kind: 'district' } : { kind: 'town', town }
    case 'district':
      return scope
  }
}

function choiceOf(window: RankingQuestion['window']): StandingFilter['window'] {
  switch (window.kind) {
    case 'named':
      return { kind: 'named', name: window.name }
    case 'dates':
    case 'yesterday':
      return { kind: 'dates', ...pageSpan(window) }
    default:
      return { kind: window.kind }
  }
}
