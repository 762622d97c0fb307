import { formatDay } from '@space-assistant/core/calendar/day'
import { placePicture } from '@space-assistant/core/pictures/place'
import { changeText } from '@space-assistant/core/pictures/ranking'
import type { PictureTile } from '@space-assistant/core/pictures/sheet'
import type { Standing, StandingPlace } from '@space-assistant/core/ranking/standing'
import { figure, rounded } from '@space-assistant/core/text/figure'
import {
  earlierStanding,
  pictureFooter,
  pictureKey,
  pictureQuery,
  pictureScopeName,
  pictureWindowText,
} from './ask'
import type { PictureAnswer, PictureAsk, PictureContext } from './ask'
import { dataText, dayText, tableOf } from './list'

const NEIGHBOURS = 2

/** One school's place with its neighbours; undefined when it is not ranked. */
export function drawPlace(context: PictureContext, ask: PictureAsk): PictureAnswer | undefined {
  const { ctx, say } = context
  const { code = '' } = ask
  const standing = ctx.scoreboard.standing(pictureQuery(ask))
  const place = standing.place(code)
  if (!place) return undefined
  const table = tableOf(context, { ask, standing, places: standing.around(code, NEIGHBOURS) })
  const where = pictureScopeName(context, ask.scope)
  const window = pictureWindowText(context, ask)
  const ahead = aheadText(context, standing, code)
  const picture = placePicture({
    title: place.name,
    subtitle: say(pictureKey('subtitle.place'), { where, window, of: say(pictureKey(`subject.${ask.of}`)) }),
    footer: pictureFooter(context, ask),
    tiles: placeTiles(context, ask, { standing, place }),
    caption: say(pictureKey('caption.around')),
    table: { ...table, rows: table.rows.map((row, i) => ({ ...row, own: isOwn(standing, code, i) })) },
    notes: [ahead],
  })
  const facts = [
    placeText(context, ask, { standing, place, where, window }),
    ahead,
    dataText(context),
  ].filter(Boolean)
  return { picture, caption: facts.join('\n'), whole: facts.join('\n') }
}

function isOwn(standing: Standing, code: string, index: number): boolean {
  return standing.around(code, NEIGHBOURS)[index]?.code === code
}

interface Placed {
  standing: Standing
  place: StandingPlace
}

/** Score, place and change as numbers that are looked at first. */
export function placeTiles(
  context: PictureContext,
  ask: PictureAsk,
  { standing, place }: Placed,
): PictureTile[] {
  const { say } = context
  const counted = { size: standing.size, unit: say(pictureKey(`unit.${ask.of}`)) }
  const where = pictureScopeName(context, ask.scope)
  const tiles: PictureTile[] = [
    {
      label: say(pictureKey('tile.score')),
      value: figure(place.score),
      unit: say(pictureKey('tile.points')),
    },
    {
      label: say(pictureKey('tile.rank'), { where }),
      value: String(place.rank),
      unit: say(pictureKey('tile.of'), counted),
      more: withinText(context, ask),
    },
  ]
  const earlier = earlierStanding(context, standing.query)
  const moved = earlier && standing.changeSince(earlier.standing, place.code)
  if (!earlier || !moved) return tiles
  const label = say(pictureKey('tile.change'), { day: dayText(earlier.day) })
  const change = moved.places
    ? { value: changeText(moved.places), unit: say(pictureKey('tile.places')) }
    : { value: say(pictureKey('tile.same')) }
  return [...tiles, { label, ...change }]
}

/** Places in the own town and stage, where the whole district is asked about. */
function withinText({ ctx, say }: PictureContext, ask: PictureAsk): string {
  const school = ask.of === 'school' ? ctx.roster.school(ask.code ?? '') : undefined
  if (!school || ask.scope.kind !== 'district' || ask.stage !== undefined) return ''
  const query = pictureQuery(ask)
  const parts: string[] = []
  const add = (name: string, standing: Standing) => {
    const place = standing.place(school.code)
    if (place) parts.push(say(pictureKey('tile.within'), { name, rank: place.rank }))
  }
  if (school.stage) add(school.stage, ctx.scoreboard.standing({ ...query, stage: school.stage }))
  const { town } = school
  if (town) add(town, ctx.scoreboard.standing({ ...query, scope: { kind: 'town', town } }))
  return parts.join(say(pictureKey('and')))
}

function placeText(
  context: PictureContext,
  ask: PictureAsk,
  { standing, place, where, window }: Placed & { where: string; window: string },
): string {
  const { say } = context
  const head = say(pictureKey('fact.place'), {
    ...{ name: place.name, window, where, rank: place.rank, size: standing.size },
    ...{ score: figure(place.score), unit: say(pictureKey(`unit.${ask.of}`)) },
  })
  return head + movedText(context, standing, place.code)
}

/** Places won or lost since the end of the week before. */
export function movedText(context: PictureContext, standing: Standing, code: string): string {
  const earlier = earlierStanding(context, standing.query)
  const moved = earlier && standing.changeSince(earlier.standing, code)
  if (!earlier || !moved) return ''
  const params = { day: formatDay(earlier.day), places: Math.abs(moved.places) }
  const kind = moved.places === 0 ? 'same' : moved.places > 0 ? 'up' : 'down'
  return context.say(pictureKey(`fact.${kind}`), params)
}

/** How far it is to the next better score. */
function aheadText({ say }: PictureContext, standing: Standing, code: string): string {
  const ahead = standing.ahead(code)
  if (!ahead) return say(pictureKey('fact.leader'))
  const own = standing.place(code)?.score ?? 0
  // As both are shown, so that readers who subtract find the same.
  const gap = rounded(ahead.place.score) - rounded(own)
  const name = ahead.place.name
  if (rounded(gap) === 0) return say(pictureKey('fact.ahead-tiny'), { name })
  return say(pictureKey('fact.ahead'), { name, gap: figure(gap) })
}
