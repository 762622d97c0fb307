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
  ask: AskGoal
}

/** What a teacher has left to do of a phase. */
export function missingOfTeacher(member: Member, counts: Counts, question: Question): MissingGoal {
  const { phase, scheme, day, ask } = question
  const { goals } = phase
  if (!goals) return { open: true }
  const tasks = goals.includes('tasks') ? openTasks(member, 'teacher', { scheme, counts, day }) : undefined
  const closed = goals.includes('activation') && member.opened === false
  const open =
    tasks !== undefined ||
    closed ||
    (goals.includes('tasks') && day < scheme.period.from) ||
    askedOpen(phase, { audience: 'teacher', id: member.account }, ask)
  return { open, ...(tasks && { tasks }), ...(closed && { activation: 0 }) }
}

/** What a school has left to do of a phase; `tasks` undefined outside the scoring period. */
export function missingOfSchool(
  tasks: SchoolTasks | undefined,
  code: string,
  question: Question,
): MissingGoal {
  const { phase, scheme, day, ask } = question
  const { goals } = phase
  if (!goals) return { open: true }
  const teachers = tasks?.teacher.behind.length ?? 0
  const administrators = tasks?.administrator.behind.length ?? 0
  const behind = goals.includes('tasks') && teachers + administrators > 0
  const rate = tasks?.rate ?? null
  const low = goals.includes('activation') && rate !== null && rate < (scheme.activation?.goal ?? 0)
  // Before the scoring period nothing can be counted; after it nothing can be done.
  const ahead = goals.includes('tasks') && day < scheme.period.from
  const open = behind || low || ahead || askedOpen(phase, { audience: 'administrator', id: code }, ask)
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
  if (!goals) return { open: true }
  const ahead = goals.includes('tasks') && question.day < question.scheme.period.from
  return { open: behind || ahead || askedOpen(question.phase, { audience, id }, question.ask) }
}
