import { formatDay } from '@space-assistant/core/calendar/day'
import { schoolOfViewer } from '@space-assistant/core/access/viewer'
import { nameFor } from '@space-assistant/core/access/visibility'
import type { AccessDecision } from '@space-assistant/core/access/visibility'
import { rankingPicture, rankingPositions } from '@space-assistant/core/pictures/ranking'
import type { RankedRow, RankingTable } from '@space-assistant/core/pictures/ranking'
import type { Standing, StandingPlace } from '@space-assistant/core/ranking/standing'
import { figure } from '@space-assistant/core/text/figure'
import {
  earlierStanding,
  pictureFooter,
  pictureKey,
  pictureQuery,
  pictureScopeName,
  pictureWindowText,
} from './ask'
import type { PictureAnswer, PictureAsk, PictureContext } from './ask'

type Allowed = AccessDecision & { allowed: true }

/** A ranking with the own row marked; undefined where nobody is ranked or may be shown. */
export function drawList(
  context: PictureContext,
  ask: PictureAsk,
  decision: Allowed,
): PictureAnswer | undefined {
  const { ctx, say } = context
  const standing = ctx.scoreboard.standing(pictureQuery(ask))
  const places = shownPlaces(context, { standing, ask, decision })
  if (!places.length) return undefined
  const where = pictureScopeName(context, ask.scope)
  const title = titleOf(context, ask, where)
  const counted = { size: standing.size, unit: say(pictureKey(`unit.${ask.of}`)) }
  const window = pictureWindowText(context, ask)
  const table = tableOf(context, { ask, standing, places })
  const picture = rankingPicture({
    title,
    subtitle: say(pictureKey('subtitle.list'), { window, ...counted }),
    footer: pictureFooter(context, ask),
    table,
    notes: [
      hasTies(places) ? say(pictureKey('note.ties')) : '',
      decision.rows === 'own-school' ? say(pictureKey('note.own-school-only')) : '',
    ],
  })
  const facts = [
    say(pictureKey('fact.list'), { title, window, ...counted }),
    firstText(context, ask, table.rows),
    ownText(context, table),
    dataText(context),
  ].filter(Boolean)
  const whole = [facts[0], ...table.rows.map((row) => rowText(context, row)), dataText(context)]
  return { picture, caption: facts.join('\n'), whole: whole.filter(Boolean).join('\n') }
}

function titleOf({ say }: PictureContext, { of, stage = '', indicators = [] }: PictureAsk, where: string) {
  const what = [stage, ...indicators.slice(0, 2)].filter(Boolean).join(' ')
  return say(pictureKey('title.list'), { where, of: say(pictureKey(`subject.${of}`)) }) + (what && ` ${what}`)
}

/** The sentence about the date of the data, the last of every caption. */
export function dataText({ ctx, say }: PictureContext): string {
  const { dataUntil } = ctx.scoreboard
  return dataUntil === undefined ? '' : say(pictureKey('fact.data'), { day: formatDay(dataUntil) })
}

/** Places of the list that may be shown here, thirty at most, the own one among them. */
function shownPlaces(
  { ctx, viewer }: PictureContext,
  { standing, ask, decision }: { standing: Standing; ask: PictureAsk; decision: Allowed },
): StandingPlace[] {
  const school = schoolOfViewer(viewer)
  const code = ask.of === 'school' ? school : viewer.account
  if (decision.rows === 'own-school' && school !== undefined) {
    const own = ctx.scoreboard.standing({ ...pictureQuery(ask), scope: { kind: 'school', code: school } })
    const all = own.entries(0, own.size)
    const at = all.findIndex((place) => place.code === code)
    return rankingPositions(all.length, at < 0 ? undefined : at).flatMap((position) => {
      return standing.place(all[position]?.code ?? '') ?? []
    })
  }
  const [first] = code === undefined ? [] : standing.around(code, 0)
  const own = first && positionIn(standing, first)
  return rankingPositions(standing.size, own).flatMap((position) => standing.entries(position, 1))
}

/** Where in the list a place stands: behind those of the same rank that come before it. */
function positionIn(standing: Standing, { rank, code }: StandingPlace): number {
  let position = rank - 1
  while (position < standing.size && standing.entries(position, 1)[0]?.code !== code) position++
  return position
}

/** Rows of places as the viewer may read them. */
export function tableOf(
  context: PictureContext,
  { ask, standing, places }: { ask: PictureAsk; standing: Standing; places: readonly StandingPlace[] },
): RankingTable {
  const { say } = context
  const earlier = earlierStanding(context, standing.query)
  const rows = places.flatMap((place) => {
    const named = nameOf(context, ask, place)
    if (!named) return []
    const change = earlier && standing.changeSince(earlier.standing, place.code)?.places
    const row: RankedRow = { ...named, rank: place.rank, score: place.score, change }
    return [row]
  })
  const column = (name: string) =>
    say(pictureKey(`column.${name}`), { day: earlier ? dayText(earlier.day) : '' })
  return {
    columns: {
      ...{ rank: column('rank'), score: column('score'), change: column('change') },
      name: say(pictureKey(`subject.${ask.of}`)),
    },
    rows,
    ownLabel: say(pictureKey(ask.of === 'school' ? 'own-school' : 'own-self')),
    gapLabel: say(pictureKey('gap')),
  }
}

/** Month and day, where the year is plain from what stands around it. */
export function dayText(day: number): string {
  return formatDay(day).slice(5)
}

function nameOf({ ctx, viewer }: PictureContext, ask: PictureAsk, place: StandingPlace) {
  if (ask.of === 'school') return { name: place.name, own: place.code === schoolOfViewer(viewer) }
  const member = ctx.roster.member(place.code)
  const name = member && nameFor(viewer, { ...ctx.access.whose(member), name: member.name })
  if (name === undefined) return undefined
  const own = place.code === viewer.account
  if (ask.scope.kind === 'school' || place.school === schoolOfViewer(viewer)) return { name, own }
  return { name, own, more: ctx.roster.school(place.school)?.name ?? place.school }
}

function hasTies(places: readonly StandingPlace[]): boolean {
  return places.some(({ rank }, i) => rank === places[i - 1]?.rank)
}

function firstText({ say }: PictureContext, { of }: PictureAsk, rows: readonly RankedRow[]): string {
  const [first] = rows
  if (!first) return ''
  const count = rows.filter(({ rank }) => rank === first.rank).length
  const params = { rank: first.rank, name: first.name, score: figure(first.score) }
  if (count === 1) return say(pictureKey('fact.first'), params)
  return say(pictureKey('fact.first-tied'), { ...params, count, unit: say(pictureKey(`unit.${of}`)) })
}

function ownText(context: PictureContext, { rows, ownLabel }: RankingTable): string {
  const own = rows.find((row) => row.own)
  if (!own) return ''
  const params = { own: ownLabel, rank: own.rank, score: figure(own.score) }
  return context.say(pictureKey('fact.own'), params)
}

function rowText({ say }: PictureContext, { rank, name, more, score }: RankedRow): string {
  const whole = more === undefined ? name : `${name} ${more}`
  return say(pictureKey('fact.first'), { rank, name: whole, score: figure(score) })
}
