import { figure } from '@space-assistant/core/text/figure'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { Member } from '@space-assistant/core/roster/member'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import { memberTasks } from '@space-assistant/core/tasks/member'
import type { Closed, MemberTasks } from '@space-assistant/core/tasks/member'
import { roomSentence, targetSentence } from '@space-assistant/core/tasks/sentence'
import { taskDataLine, joinTaskLines, taskKey } from './frame'
import type { TaskContext } from './frame'
import type { Translate } from '@space-assistant/core/text/translate'

const shown = 6

/** What the member still has to do, or can still get, as lines. */
export function ownTasks({ ctx, say, today }: TaskContext, member: Member): string {
  const { board } = ctx.scoreboard
  const counts = new BoardCounts(board).of(member.account)
  const tasks = memberTasks(board.scheme, member, { counts, today })
  if (!Array.isArray(tasks)) return closed(say, tasks, board.scheme.period)
  if (!tasks.length) return say(taskKey('own.not-scored'))
  const several = tasks.length > 1
  return joinTaskLines([...tasks.map((each) => roleTasks(say, each, several)), taskDataLine({ ctx, say })])
}

/** The period has not begun or is over. */
export function closed(say: Translate, { state }: Closed, period: { from: number; to: number }): string {
  const day = formatDay(state === 'ahead' ? period.from : period.to)
  return say(taskKey(`closed.${state}`), { day })
}

function roleTasks(say: Translate, tasks: MemberTasks, several: boolean): string {
  const role = several ? say(taskKey('own.as'), { role: say(taskKey(`role.${tasks.role}`)) }) : ''
  switch (tasks.kind) {
    case 'targets': {
      const { unmet, met } = tasks
      if (!unmet.length) return role + say(taskKey('own.all-met'), { count: met.length })
      const head = say(taskKey('own.unmet'), { count: unmet.length, met: met.length })
      return joinTaskLines([role + head, ...list(say, unmet, targetSentence, 'more-targets')])
    }
    case 'room': {
      const { now, once, points } = tasks
      if (!now.length && !once.length) return role + say(taskKey('own.no-room'))
      const head = say(taskKey('own.room'), { points: figure(points) })
      const yearly = once.map((task) => {
        return say(taskKey('own.once'), { indicator: task.indicator.name, points: figure(task.points) })
      })
      return joinTaskLines([
        role + head,
        ...list(say, now, roomSentence),
        yearly.length > 0 && say(taskKey('own.not-once'), { list: yearly.join(say(taskKey('and'))) }),
      ])
    }
  }
}

/** The first ones with a line each; how many more there are. */
function list<T>(
  say: Translate,
  tasks: readonly T[],
  line: (say: Translate, task: T, number: number) => string,
  more = 'more',
): string[] {
  const lines = tasks.slice(0, shown).map((task, i) => line(say, task, i + 1))
  return tasks.length > shown
    ? [...lines, say(taskKey(`own.${more}`), { count: tasks.length - shown })]
    : lines
}
