import { bucketWindow } from '../calendar/bucket'
import type { Day } from '../calendar/day'
import type { Indicator, MemberRole, Scheme } from '../scheme/scheme'
import type { Bucket } from '../calendar/bucket'
import type { Window } from '../calendar/day'
import type { Counts } from './counts'

/** A task as it stands on a day: the target of one indicator in the week, month or period of that day. */
export interface TargetTask {
  indicator: Indicator
  done: number
  needed: number
  /** Still to do; 0 when the target is met. */
  missing: number
  per: Bucket
  /** The bucket, as far as it lies in the period. */
  window: Window
  /** After today; 0 on the last day of the bucket. */
  daysLeft: number
}

/** All targets of a role on a day of the period, in the order of the scheme. Only counted actions meet a target. */
export function targetsOf(
  scheme: Scheme,
  role: MemberRole,
  { counts, today }: { counts: Counts; today: Day },
): TargetTask[] {
  return scheme.indicators.flatMap((indicator): TargetTask[] => {
    const { target } = indicator
    if (!target || indicator.role !== role) return []
    const window = bucketWindow(target.per, today, scheme.period)
    const done = counts.counted(indicator.name, window)
    const missing = Math.max(0, target.times - done)
    return [
      {
        indicator,
        done,
        needed: target.times,
        missing,
        per: target.per,
        window,
        daysLeft: window.to - today,
      },
    ]
  })
}
