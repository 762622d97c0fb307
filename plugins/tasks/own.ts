import { figure } from '@space-assistant/core/scoring/figure'
import { formatDay } from '@space-assistant/core/scheme/calendar'
import type { Member } from '@space-assistant/core/scoring/member'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import { memberTasks } from '@space-assistant/core/tasks/member'
import type { Closed, MemberTasks } from '@space-assistant/core/tasks/member'
import type { RoomTask } from '@space-assistant/core/tasks/room'
import type { TargetTask } from '@space-assistant/core/tasks/target'
import { dataLine, joined, key } from './frame'
import type { Frame, Say } from './frame'

const shown = 6

/** What the member still has to do, or can still get, as lines. */
export function ownTasks({ ctx, say, today }: Frame, member: Member): string {
  const { board } = ctx.scoreboard
  const counts = new BoardCounts(board).of(member.account)
  const tasks = memberTasks(board.scheme, member, { counts, today })
  if (!Array.isArray(tasks)) return closed(say, tasks, board.scheme.period)
  if (!tasks.length) return say(key('own.not-scored'))
  const several = tasks.length > 1
  return joined([...tasks.map((each) => roleTasks(say, each, several)), dataLine({ ctx, say })])
}

/** The period has not begun or is over. */
export function closed(say: Say, { state }: Closed, period: { from: number; to: number }): string {
  const day = formatDay(state === 'ahead' ? period.from : period.to)
  return say(key(`closed.${state}`), { day })
}

function roleTasks(say: Say, tasks: MemberTasks, several: boolean): string {
  const role = several ? say(key('own.as'), { role: say(key(`role.${tasks.role}`)) }) : ''
  switch (tasks.kind) {
    case 'targets': {
      const { unmet, met } = tasks
      if (!unmet.length) return role + say(key('own.all-met'), { count: met.length })
      const head = say(key('own.unmet'), { count: unmet.length, met: met.length })
      return joined([role + head, ...list(say, unmet, targetLine, 'more-targets')])
    }
    case 'room': {
      const { now, once, points } = tasks
      if (!now.length && !once.length) return role + say(key('own.no-room'))
      const head = say(key('own.room'), { points: figure(points) })
      const yearly = once.map((task) => {
        return say(key('own.once'), { indicator: task.indicator.name, points: figure(task.points) })
      })
      return joined([
        role + head,
        ...list(say, now, roomLine),
        yearly.length > 0 && say(key('own.not-once'), { list: yearly.join(say(key('and'))) }),
      ])
    }
  }
}

/** The first ones with a line each; how many more there are. */
function list<T>(
  say: Say,
  tasks: readonly T[],
  line: (say: Say, task: T, number: number) => string,
  more = 'more',
): string[] {
  const lines = tasks.slice(0, shown).map((task, i) => line(say, task, i + 1))
  return tasks.length > shown ? [...lines, say(key(`own.${more}`), { count: tasks.length - shown })] : lines
}

function targetLine(say: Say, task: TargetTask, number: number): string {
  const { indicator, missing, per, daysLeft } = task
  const when = say(key(`per.${per}`))
  const line = say(key('own.target'), { number, indicator: indicator.name, when, missing })
  return line + days(say, per, daysLeft) + where(say, indicator.place)
}

function roomLine(say: Say, task: RoomTask, number: number): string {
  const { indicator, left, points, per, daysLeft } = task
  const params = { number, indicator: indicator.name, points: figure(points), when: say(key(`per.${per}`)) }
  if (left === undefined) return say(key('own.unlimited'), params) + where(say, indicator.place)
  if (indicator.rule.kind === 'streak') return say(key('own.days'), { ...params, left })
  if (per === 'day') return say(key('own.daily'), { ...params, left }) + where(say, indicator.place)
  return say(key('own.left'), { ...params, left }) + days(say, per, daysLeft) + where(say, indicator.place)
}

/** Days are named where they press. */
function days(say: Say, per: string, daysLeft: number): string {
  if (per !== 'week' && per !== 'month') return ''
  if (daysLeft === 0) return say(key('own.last-day'))
  return daysLeft <= 2 ? say(key('own.days-left'), { count: daysLeft + 1 }) : ''
}

const where = (say: Say, place: string | undefined) => (place ? say(key('own.place'), { place }) : '')
