import { parseDay } from '@space-assistant/core/calendar/day'
import type { Cap, Indicator, Scheme } from '@space-assistant/core/scheme/scheme'

const week = (times: number): Cap => ({ times, per: 'week' })

function indicator(name: string, points: number, cap: Cap, rest: Partial<Indicator> = {}): Indicator {
  return { name, group: '组', role: 'teacher', rule: { kind: 'action', points, cap }, action: '', ...rest }
}

const atLeast = (attribute: 'minutes' | 'participants', min: number): Partial<Indicator> => ({
  requirement: { kind: 'all', conditions: [{ attribute, min }] },
})

/** As large as the real weekly scheme: a run of logins, weekly caps, two yearly ones. */
export const weekly: Scheme = {
  id: 'weekly',
  name: 'weekly',
  platform: '平台',
  period: { from: parseDay('2022-01-01')!, to: parseDay('2022-12-31')! },
  windows: [],
  indicators: [
    { ...indicator('空间登录', 1, week(7)), rule: { kind: 'streak', steps: [{ from: 1, points: 1 }] } },
    indicator('信息完善', 20, { times: 1, per: 'year' }),
    indicator('资源建设', 1, week(5)),
    indicator('空间记录', 1, week(5)),
    indicator('教学成果', 5, week(1)),
    indicator('成果传播', 1, week(5)),
    indicator('互动授课', 5, week(2), atLeast('minutes', 15)),
    indicator('导学检测', 5, week(2), atLeast('participants', 10)),
    indicator('练习批阅', 5, week(2), atLeast('participants', 10)),
    indicator('资源检索', 2, week(1)),
    indicator('课件制作', 10, week(1)),
    indicator('班级组建', 50, { times: 1, per: 'year' }, atLeast('participants', 25)),
    indicator('班级通知', 5, week(2), atLeast('participants', 10)),
    indicator('班级活动', 5, week(1), atLeast('participants', 15)),
    indicator('习惯养成', 1, week(5)),
    indicator('教研活动', 5, week(1)),
    indicator('校园办公', 1, week(10)),
  ],
  schoolScore: [{ kind: 'mean', role: 'teacher' }],
  tasks: 'room',
  phases: [],
  awards: [],
  rubrics: [],
}
