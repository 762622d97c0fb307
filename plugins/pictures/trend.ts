import { formatDay, weekdayOf } from '@space-assistant/core/calendar/day'
import { trendPicture } from '@space-assistant/core/pictures/trend'
import type { TrendWeek } from '@space-assistant/core/pictures/trend'
import { trendWindows } from '@space-assistant/core/pictures/weeks'
import { figure, rounded } from '@space-assistant/core/text/figure'
import { pictureFooter, pictureKey, pictureQuery, pictureWindowText } from './ask'
import type { PictureAnswer, PictureAsk, PictureContext } from './ask'
import { dataText, dayText } from './list'

interface Week extends TrendWeek {
  from: number
  to: number
}

/** A school's place and points week by week; undefined when it is not ranked or no data have come. */
export function drawTrend(context: PictureContext, ask: PictureAsk): PictureAnswer | undefined {
  const { ctx, say } = context
  const { code = '' } = ask
  const weeks = weeksOf(context, ask)
  const last = weeks.at(-1)
  const school = ctx.roster.school(code)?.name ?? code
  if (!last || last.rank === null) return undefined
  const { size } = ctx.scoreboard.standing(pictureQuery(ask))
  const best = weeks.reduce((found, week) =>
    week.rank !== null && week.rank < (found.rank ?? Infinity) ? week : found,
  )
  const points = last.points === null ? '' : figure(last.points)
  const part = weekdayOf(last.to) !== 7 && last.to < ask.window.to
  const picture = trendPicture({
    title: say(pictureKey('title.trend'), { school }),
    subtitle: say(pictureKey('subtitle.trend'), { window: pictureWindowText(context, ask) }),
    footer: pictureFooter(context, ask),
    tiles: [
      {
        label: say(pictureKey('tile.now')),
        value: say(pictureKey('tile.nth'), { rank: last.rank }),
        unit: say(pictureKey('tile.of'), { size, unit: say(pictureKey('unit.school')) }),
      },
      {
        label: say(pictureKey('tile.best')),
        value: say(pictureKey('tile.nth'), { rank: best.rank ?? '' }),
        more: formatDay(best.to),
      },
      { label: say(pictureKey('tile.week')), value: points, unit: say(pictureKey('tile.points')) },
    ],
    captions: {
      ...{ rank: say(pictureKey('caption.ranks')), rankMore: say(pictureKey('caption.ranks-more')) },
      ...{ points: say(pictureKey('caption.points')), pointsMore: say(pictureKey('caption.points-more')) },
    },
    weeks,
    notes: [part ? say(pictureKey('note.part-week'), { day: formatDay(last.to) }) : ''],
  })
  const now = say(pictureKey('fact.trend'), { school, weeks: weeks.length, rank: last.rank, size })
  const facts = [
    now,
    say(pictureKey('fact.best'), { day: formatDay(best.to), rank: best.rank ?? '' }),
    say(pictureKey('fact.week'), { from: formatDay(last.from), to: formatDay(last.to), points }),
  ]
  const caption = [...facts, dataText(context)].join('\n')
  const lines = weeks.map((week) => weekText(context, week))
  return { picture, caption, whole: [...facts, ...lines, dataText(context)].join('\n') }
}

function weeksOf({ ctx }: PictureContext, ask: PictureAsk): Week[] {
  const { scoreboard } = ctx
  const { code = '', window } = ask
  if (scoreboard.dataUntil === undefined) return []
  const query = pictureQuery(ask)
  return trendWindows(window, scoreboard.dataUntil).map(({ week, whole }) => {
    const standing = scoreboard.standing({ ...query, window: whole })
    const place = standing.place(code)
    // While nobody has a point all are first, which is no place.
    const ranked = standing.entries(0, 1)[0]?.score ? place?.rank : undefined
    const won = scoreboard.standing({ ...query, window: week }).place(code)?.score
    return {
      ...{ label: dayText(week.to), from: week.from, to: week.to, rank: ranked ?? null },
      points: won === undefined ? null : rounded(won),
    }
  })
}

function weekText({ say }: PictureContext, { to, rank, points }: Week): string {
  const day = formatDay(to)
  if (rank === null) return say(pictureKey('fact.week-unranked'), { day })
  return say(pictureKey('fact.week-line'), { day, rank, points: points === null ? 0 : figure(points) })
}
