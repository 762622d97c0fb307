import type { Bucket, MemberRole, StreakStep, Window } from '../scheme/scheme'

/** What one bucket of a cap held of the window asked for. */
export interface BucketUse {
  /** The whole bucket, cut only by the scoring period. */
  window: Window
  /** Recorded and counted actions on days that lie in the window asked for. */
  actions: number
  counted: number
  /** Recorded and counted actions of the whole bucket: what was used up before the window. */
  bucketActions: number
  bucketCounted: number
}

/** How the days of a streak indicator were paid: `days` days at this step's points. */
export interface StepUse extends StreakStep {
  days: number
}

interface Explained {
  indicator: string
  group: string
  role: MemberRole
  /** Recorded in the window. */
  actions: number
  /** Counted in the window; for a streak, the days. */
  counted: number
  points: number
}

/**
 * Where the points of one indicator in a window come from, as values; texts are the caller's. The sum of `points` over
 * a member's explanations of a role is the member's score of that role.
 */
export type Explanation = Explained &
  (
    | { kind: 'each'; each: number }
    | { kind: 'cap'; each: number; times: number; per: Bucket; buckets: BucketUse[] }
    | { kind: 'streak'; days: number; longest: number; steps: StepUse[] }
  )
