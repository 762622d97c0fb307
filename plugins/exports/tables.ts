import { formatDay } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import type { PrintedColumn } from '@space-assistant/core/documents/table'
import type { Member, School } from '@space-assistant/core/roster/member'
import { activationOf, activationRate } from '@space-assistant/core/tasks/activation'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import { schoolTasks } from '@space-assistant/core/tasks/school'
import { rounded } from '@space-assistant/core/text/figure'
import type { Translate } from '@space-assistant/core/text/translate'
import type { Context } from 'koishi'
import { exportColumns as columnsOf } from './ask'
import type { ExportAsk, ExportPlace, ExportTable, FigureKind } from './ask'

export interface ExportContext {
  ctx: Pick<Context, 'roster' | 'scoreboard' | 'schemes'>
  say: Translate
  today: Day
}

type Row = ExportTable['rows'][number]

/** Columns and rows of an export; the lines above it are the service's. */
export function figureTable(context: ExportContext, ask: ExportAsk & { kind: FigureKind }): ExportTable {
  switch (ask.kind) {
    case 'report':
    case 'administrators':
      return reportRows(context, ask)
    case 'schools':
      return schoolRows(context, ask)
    case 'activation':
      return activationRows(context, ask)
    case 'lagging':
      return laggingRows(context, ask)
  }
}

/** Everybody with the points of every indicator, as the platform's own report has them. */
function reportRows({ ctx, say }: ExportContext, { kind, scope, stage, window }: ExportAsk) {
  const { board } = ctx.scoreboard
  const role = kind === 'administrators' ? 'administrator' : 'teacher'
  const indicators = ctx.schemes.active.indicators.filter((indicator) => indicator.role === role)
  const standing = ctx.scoreboard.standing({ of: `${role}s`, window, scope, stage })
  const rows = standing.entries(0, standing.size).map(({ rank, code, name, school, score }): Row => {
    const points = board.breakdown(code, { role, window })
    const own = ctx.roster.school(school)
    const subject = ctx.roster.member(code)?.subject ?? ''
    const each = indicators.map((indicator) => rounded(points.get(indicator.name) ?? 0))
    return [rank, name, own?.name ?? school, own?.town ?? '', subject, rounded(score), ...each]
  })
  const columns = columnsOf(say, {
    ...{ rank: [7, 'center'], name: [10, 'text'], school: [22, 'text'], town: [10, 'text'] },
    ...{ subject: [10, 'text'], score: [10, 'number'] },
  })
  const more = indicators.map(({ name }): PrintedColumn => ({ header: name, width: 9, kind: 'number' }))
  return { columns: [...columns, ...more], rows }
}

function schoolRows({ ctx, say }: ExportContext, { scope, stage, window }: ExportAsk) {
  const standing = ctx.scoreboard.standing({ of: 'schools', window, scope, stage })
  const ranked = standing.entries(0, standing.size)
  const known = new Set(ranked.map(({ code }) => code))
  const others = schoolsIn(ctx, { scope, stage }).filter(({ code }) => !known.has(code))
  const placeOf = (
    { name, town = '', stage = '' }: School,
    rank: number | null,
    score: number | null,
  ): Row => {
    return [rank, name, town, stage, score, rank === null ? say('unranked') : '']
  }
  const rows = [
    ...ranked.map(({ code, rank, score, name }) =>
      placeOf(ctx.roster.school(code) ?? { code, name }, rank, rounded(score)),
    ),
    ...others.map((school) => placeOf(school, null, null)),
  ]
  const columns = columnsOf(say, {
    ...{ rank: [8, 'center'], school: [30, 'text'], town: [14, 'text'], stage: [12, 'text'] },
    ...{ score: [12, 'number'], remark: [16, 'text'] },
  })
  return { columns, rows }
}

function activationRows({ ctx, say }: ExportContext, { scope, stage }: ExportAsk) {
  const members = membersBySchool(ctx.roster.members())
  const rows = schoolsIn(ctx, { scope, stage }).map((school): Row => {
    const found = activationOf(school, members.get(school.code) ?? [])
    const rate = activationRate(found)
    const { teachers, teachersOpened, students, studentsOpened } = found
    const percent = rate === null ? null : Math.floor(rate * 1000 + 1e-9) / 10
    return [school.name, school.town ?? '', teachers, teachersOpened, students, studentsOpened, percent]
  })
  const columns = columnsOf(say, {
    ...{
      school: [30, 'text'],
      town: [14, 'text'],
      teachers: [10, 'number'],
      'teachers-opened': [12, 'number'],
    },
    ...{ students: [10, 'number'], 'students-opened': [12, 'number'], rate: [12, 'number'] },
  })
  return { columns, rows }
}

/** As of the last day with data: nobody is accused by data that have not come. */
function laggingRows({ ctx, say, today }: ExportContext, { scope, stage }: ExportAsk) {
  const { board, dataUntil } = ctx.scoreboard
  const counts = new BoardCounts(board)
  const members = membersBySchool(ctx.roster.members())
  const rows = schoolsIn(ctx, { scope, stage }).flatMap((school): Row[] => {
    const tasks = schoolTasks(school, members.get(school.code) ?? [], {
      ...{ scheme: board.scheme, counts: (account: string) => counts.of(account) },
      today: Math.min(today, dataUntil ?? today),
    })
    if (tasks.kind === 'closed') return []
    return tasks.teacher.behind.map(({ member, unmet }) => {
      const names = unmet.map(({ indicator }) => indicator.name).join(say('and')) || say('idle')
      return [school.name, member.name, member.subject ?? '', openedText(say, member), names]
    })
  })
  const columns = columnsOf(say, {
    ...{
      school: [26, 'text'],
      name: [12, 'text'],
      subject: [12, 'text'],
      opened: [10, 'center'],
      unmet: [50, 'text'],
    },
  })
  return { columns, rows }
}

const openedText = (say: Translate, { opened }: Member) =>
  say(opened === undefined ? 'unknown' : opened ? 'yes' : 'no')

/** The schools of a place, in order of code. */
export function schoolsIn({ roster }: Pick<Context, 'roster'>, { scope, stage }: ExportPlace): School[] {
  return roster.schools().filter((school) => {
    const { code, town } = school
    const inside =
      scope.kind === 'district' || (scope.kind === 'town' ? town === scope.town : code === scope.code)
    return inside && (stage === undefined || school.stage === stage)
  })
}

function membersBySchool(members: readonly Member[]): Map<string, Member[]> {
  const found = new Map<string, Member[]>()
  for (const member of members) {
    const own = found.get(member.school)
    if (own) own.push(member)
    else found.set(member.school, [member])
  }
  return found
}

/** Data date, window and rules, below who exported it. */
export function exportDataLine({ ctx, say }: ExportContext, { window }: ExportAsk): string {
  const { dataUntil } = ctx.scoreboard
  const to = Math.min(window.to, dataUntil ?? window.to)
  return say('data-line', {
    ...{
      from: formatDay(window.from),
      to: formatDay(to),
      until: dataUntil === undefined ? '-' : formatDay(dataUntil),
    },
    ...{ scheme: ctx.schemes.active.name, version: ctx.schemes.version },
  })
}
