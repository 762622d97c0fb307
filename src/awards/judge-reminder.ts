import type { Day, Window } from '../calendar/day'

export const judgeReminderKinds = ['start', 'half', 'left-3', 'left-1', 'left-0'] as const
/** The first day of judging, the middle of it, and so many days before its last day. */
export type JudgeReminderKind = (typeof judgeReminderKinds)[number]

/** What judges with open sheets are reminded of on a day; of several that fall together the most urgent. */
export function judgeReminderOn(day: Day, { from, to }: Window): JudgeReminderKind | undefined {
  if (day < from || day > to) return undefined
  if (day === to) return 'left-0'
  if (day === to - 1) return 'left-1'
  if (day === to - 3) return 'left-3'
  if (day === from) return 'start'
  return day === from + Math.floor((to - from) / 2) ? 'half' : undefined
}
