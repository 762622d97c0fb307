import type { Day } from '../calendar/day'
import type { Audience, Phase, PhaseGoal, Scheme } from '../scheme/scheme'
import type { Member } from '../roster/member'
import type { Counts } from '../tasks/counts'
import { memberTasks } from '../tasks/member'
import type { MemberTasks } from '../tasks/member'
import type { SchoolTasks } from '../tasks/school'

/** Tasks of one role that are still to be done; undefined when nothing is. */
export function openTasks(
  member: Member,
  role: 'teacher' | 'administrator',
  { scheme, counts, day }: { scheme: Scheme; counts: Counts; day: Day },
): MemberTasks | undefined {
  const tasks = memberTasks(scheme, member, { counts, today: day })
  if (!Array.isArray(tasks)) return
  const own = tasks.find((each) => each.role === role)
  return own && isOpen(own) ? own : undefined
}

function isOpen(tasks: MemberTasks): boolean {
  switch (tasks.kind) {
    case 'targets':
      return tasks.unmet.length > 0
    case 'room':
      return tasks.now.length > 0 || tasks.once.length > 0
  }
}

/**
 * Those of some tasks that days without data say nothing about: of buckets that begin with the week of the nudge.
 * Undefined when nothing is left.
 */
export function tasksOfThisWeek(tasks: MemberTasks): MemberTasks | undefined {
  const isShort = ({ per }: { per: string }) => per === 'day' || per === 'week'
  const fresh: MemberTasks =
    tasks.kind === 'targets'
      ? { ...tasks, unmet: tasks.unmet.filter(isShort), met: tasks.met.filter(isShort) }
      : { ...tasks, now: tasks.now.filter((task) => task.left === undefined || isShort(task)), once: [] }
  if (!isOpen(fresh)) return undefined
  if (fresh.kind === 'targets') return fresh
  const points = fresh.now.reduce((sum, task) => sum + (task.left === undefined ? 0 : task.points), 0)
  return { ...fresh, points }
}

/** What of a phase's goals is not reached. All absent and `open` false: nothing is missing. */
export interface MissingGoal {
  open: boolean
  tasks?: MemberTasks
  /** Teachers, and administrators, of the school who have something left to do. */
  behind?: { teachers: number; administrators: number }
  /** Opened spaces as a share from 0 to 1, when that is too few; for a teacher, 0: the own one. */
  activation?: number
}

/** What only other parts know: whether somebody has nominated, or a judge has scored. Undefined: nobody knows. */
export type AskGoal = (
  goal: Exclude<PhaseGoal, 'tasks' | 'activation'>,
  /** `id` is an account, a school's code, the name of a town, or that of an office. */
  who: { audience: Audience; id: string },
) => 'reached' | 'missing' | undefined

const askedGoals = ['nominations', 'scores'] as const

/** Goals that are open for an audience; a goal that nobody can compute counts as open, so that nobody is forgotten. */
function askedOpen(phase: Phase, who: { audience: Audience; id: string }, ask: AskGoal): boolean {
  return askedGoals.some((goal) => phase.goals?.includes(goal) && ask(goal, who) !== 'reached')
}

interface Question {
  phase: Phase
  scheme: Scheme
  day: Day
  /** Whether it is the phase's first day: one without goals is told then, and nobody is pressed afterwards. */
  isStart: boolean
  /** Whether the data are so new that somebody may be said to be behind. */
  isCounted: boolean
  ask: AskGoal
}

/** Tasks are open where nobody can know better: before the scoring period, and while data are missing within it. */
function isUnknown({ phase, scheme, day, isCounted }: Question): boolean {
  if (!phase.goals?.includes('tasks')) return false
  return day < scheme.period.from || (!isCounted && day <= scheme.period.to)
}

/** What a teacher has left to do of a phase. */
export function missingOfTeacher(member: Member, counts: Counts, question: Question): MissingGoal {
  const { phase, scheme, day, ask, isCounted } = question
  const { goals } = phase
  if (!goals) return { open: question.isStart }
  const counted = goals.includes('tasks') && isCounted
  const tasks = counted ? openTasks(member, 'teacher', { scheme, counts, day }) : undefined
  const closed = goals.includes('activation') && member.opened === false
  const open =
    tasks !== undefined ||
    closed ||
    isUnknown(question) ||
    askedOpen(phase, { audience: 'teacher', id: member.account }, ask)
  return { open, ...(tasks && { tasks }), ...(closed && { activation: 0 }) }
}

/** What a school has left to do of a phase; `tasks` undefined outside the scoring period. */
export function missingOfSchool(
  tasks: SchoolTasks | undefined,
  code: string,
  question: Question,
): MissingGoal {
  const { phase, scheme, ask, isCounted } = question
  const { goals } = phase
  if (!goals) return { open: question.isStart }
  const teachers = tasks?.teacher.behind.length ?? 0
  const administrators = tasks?.administrator.behind.length ?? 0
  const behind = goals.includes('tasks') && isCounted && teachers + administrators > 0
  const rate = tasks?.rate ?? null
  const low = goals.includes('activation') && rate !== null && rate < (scheme.activation?.goal ?? 0)
  const open =
    behind || low || isUnknown(question) || askedOpen(phase, { audience: 'administrator', id: code }, ask)
  return {
    open,
    ...(behind && { behind: { teachers, administrators } }),
    ...(low && { activation: rate }),
  }
}

/** What an office has left to do: only what other parts know of, unless its schools are behind. */
export function missingOfOffice(
  audience: Audience,
  id: string,
  behind: boolean,
  question: Question,
): MissingGoal {
  const { goals } = question.phase
  if (!goals) return { open: question.isStart }
  return { open: behind || isUnknown(question) || askedOpen(question.phase, { audience, id }, question.ask) }
}
