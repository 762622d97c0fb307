import { figure } from '../text/figure'
import type { Translate } from '../text/translate'
import type { RoomTask } from './room'
import type { TargetTask } from './target'

/** The one sentence for a task that is unmet, wherever it is said. Texts are those of `space-tasks.own`. */
export function targetSentence(say: Translate, task: TargetTask, number: number): string {
  const { indicator, missing, per, daysLeft } = task
  const when = say(`space-tasks.per.${per}`)
  const line = say('space-tasks.own.target', { number, indicator: indicator.name, when, missing })
  return line + pressingDays(say, per, daysLeft) + placeSentence(say, indicator.place)
}

/** The one sentence for what an indicator can still give. */
export function roomSentence(say: Translate, task: RoomTask, number: number): string {
  const { indicator, left, points, per, daysLeft } = task
  const when = say(`space-tasks.per.${per}`)
  const params = { number, indicator: indicator.name, points: figure(points), when }
  const where = placeSentence(say, indicator.place)
  if (left === undefined) return say('space-tasks.own.unlimited', params) + where
  if (indicator.rule.kind === 'streak') return say('space-tasks.own.days', { ...params, left })
  // A cap of a day is summed up over the rest of the week, so its bucket is no time by which it can be done.
  if (per === 'day') return say('space-tasks.own.daily', { ...params, left }) + where
  return say('space-tasks.own.left', { ...params, left }) + pressingDays(say, per, daysLeft) + where
}

/** Days are named where they press. */
function pressingDays(say: Translate, per: string, daysLeft: number): string {
  if (per !== 'week' && per !== 'month') return ''
  if (daysLeft === 0) return say('space-tasks.own.last-day')
  return daysLeft <= 2 ? say('space-tasks.own.days-left', { count: daysLeft + 1 }) : ''
}

function placeSentence(say: Translate, place: string | undefined): string {
  return place ? say('space-tasks.own.place', { place }) : ''
}
