import { formatDay, mondayOf } from '@space-assistant/core/calendar/day'
import { reportCardPicture } from '@space-assistant/core/pictures/report-card'
import type { IndicatorBar } from '@space-assistant/core/pictures/report-card'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import { schoolTasks } from '@space-assistant/core/tasks/school'
import type { SchoolTasks } from '@space-assistant/core/tasks/school'
import type { Indicator } from '@space-assistant/core/scheme/scheme'
import { figure } from '@space-assistant/core/text/figure'
import { pictureFooter, pictureKey, pictureQuery, pictureWindowText } from './ask'
import type { PictureAnswer, PictureAsk, PictureContext } from './ask'
import { dataText } from './list'
import { movedText, placeTiles } from './place'

/** Everything about one school; undefined when it is not ranked. */
export function drawReportCard(context: PictureContext, ask: PictureAsk): PictureAnswer | undefined {
  const { ctx, say } = context
  const { code = '' } = ask
  const standing = ctx.scoreboard.standing(pictureQuery(ask))
  const place = standing.place(code)
  if (!place) return undefined
  const tasks = tasksOf(context, code)
  const bars = ctx.schemes.active.indicators.flatMap((indicator) => barOf(context, ask, indicator) ?? [])
  const todo = todoLines(context, tasks, bars)
  const window = pictureWindowText(context, ask)
  const school = place.name
  const picture = reportCardPicture({
    title: say(pictureKey('title.card'), { school }),
    subtitle: say(pictureKey('subtitle.card'), { window }),
    footer: pictureFooter(context, ask),
    tiles: [...placeTiles(context, ask, { standing, place }), ...activationTile(context, tasks)],
    indicators: {
      ...{ caption: say(pictureKey('caption.indicators')), own: say(pictureKey('own-school')) },
      ...{ mean: say(pictureKey('caption.mean')), bars },
    },
    todo: { caption: say(pictureKey('caption.todo')), lines: todo },
    notes: [],
  })
  const counted = { size: standing.size, unit: say(pictureKey('unit.school')) }
  const head = say(pictureKey('fact.place'), {
    ...{ name: school, window, where: say(pictureKey('district')), rank: place.rank, ...counted },
    score: figure(place.score),
  })
  const rate = tasks && rateText(tasks)
  const facts = [
    head + movedText(context, standing, code),
    rate && say(pictureKey('fact.activation'), { rate }),
    todo[0],
  ]
  const each = bars.map(({ name, own, mean }) =>
    say(pictureKey('fact.indicator'), { name, own: figure(own), mean: figure(mean) }),
  )
  const join = (lines: readonly (string | undefined)[]) => lines.filter(Boolean).join('\n')
  return {
    picture,
    caption: join([...facts, dataText(context)]),
    whole: join([...facts.slice(0, 2), ...each, ...todo, dataText(context)]),
  }
}

/** As of the last day with data: nobody is accused by data that have not come. */
function tasksOf({ ctx, today }: PictureContext, code: string): SchoolTasks | undefined {
  const { board, dataUntil } = ctx.scoreboard
  const school = ctx.roster.school(code)
  if (!school) return undefined
  const counts = new BoardCounts(board)
  const tasks = schoolTasks(school, ctx.roster.members(), {
    ...{ scheme: board.scheme, counts: (account: string) => counts.of(account) },
    today: Math.min(today, dataUntil ?? today),
  })
  return tasks.kind === 'school' ? tasks : undefined
}

/** The school's mean on an indicator and that of all of the role in the district; undefined for students' ones. */
function barOf(
  { ctx }: PictureContext,
  { code, window }: PictureAsk,
  { name, role }: Indicator,
): IndicatorBar | undefined {
  if (role === 'student') return undefined
  let [points, members, own] = [0, 0, 0]
  for (const score of ctx.scoreboard.board.schoolScores(window, [name])) {
    const term = score.terms.find((one) => one.role === role)
    if (!term) continue
    points += term.points
    members += term.members
    if (score.code === code) own = term.mean
  }
  const mean = members ? points / members : 0
  return own || mean ? { name, own, mean } : undefined
}

function activationTile({ ctx, say }: PictureContext, tasks: SchoolTasks | undefined) {
  const value = tasks && rateText(tasks)
  if (!value) return []
  const award = ctx.schemes.active.activation?.award
  const more = award === undefined ? {} : { more: say(pictureKey('tile.award'), { share: percent(award) }) }
  return [{ label: say(pictureKey('tile.activation')), value, ...more }]
}

const rateText = ({ rate }: SchoolTasks) => (rate === null ? undefined : percent(rate))

/** Rounded down, so that 99.97 % never reads as 100 %. */
function percent(share: number): string {
  return `${figure(Math.floor(share * 1000 + 1e-9) / 10)}%`
}

function todoLines(
  { ctx, say }: PictureContext,
  tasks: SchoolTasks | undefined,
  bars: readonly IndicatorBar[],
): string[] {
  const { active: scheme } = ctx.schemes
  const lines: string[] = []
  const { dataUntil } = ctx.scoreboard
  if (tasks && tasks.teacher.behind.length && dataUntil !== undefined) {
    const counts = { members: tasks.teacher.members, behind: tasks.teacher.behind.length }
    lines.push(say(pictureKey(`todo.${scheme.tasks}`), { ...counts, day: formatDay(mondayOf(dataUntil)) }))
  }
  const award = scheme.activation?.award
  if (tasks && tasks.rate !== null && award !== undefined && tasks.rate < award) {
    const { teachers, students, teachersOpened, studentsOpened } = tasks.activation
    const missing = Math.ceil((teachers + students) * award - 1e-9) - teachersOpened - studentsOpened
    lines.push(say(pictureKey('todo.activation'), { missing, share: percent(award) }))
  }
  const [worst] = [...bars].sort((a, b) => b.mean - b.own - (a.mean - a.own))
  if (worst && worst.mean - worst.own >= 0.01)
    lines.push(say(pictureKey('todo.indicator'), { name: worst.name, gap: figure(worst.mean - worst.own) }))
  return lines.length ? lines : [say(pictureKey('todo.fine'))]
}
