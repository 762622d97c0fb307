import type { Bucket } from '../calendar/bucket'
import type { Window } from '../calendar/day'

/** Roles a roster entry can score in; an account may have both. */
export const memberRoles = ['administrator', 'teacher'] as const
export type MemberRole = (typeof memberRoles)[number]
/** Who acts on an indicator; students are only counted. */
export type IndicatorRole = MemberRole | 'student'

/** Numeric attributes that a record may carry (columns of a records file). */
export const attributes = ['minutes', 'participants', 'resources', 'works', 'days', 'items'] as const
export type Attribute = (typeof attributes)[number]

/** Only the first `times` actions of each bucket, in order of day, are counted. */
export interface Cap {
  times: number
  per: Bucket
}

/** Points of a day by the length of the run of consecutive days that ends on it; first step has from = 1. */
export interface StreakStep {
  from: number
  points: number
}

export interface AttributeCondition {
  attribute: Attribute
  min?: number
  max?: number
}

/**
 * What a record's attributes must satisfy; an attribute that the record does not carry is not tested.
 * `all`: every carried one must hold. `any`: a record that carries any of them must meet one that it carries.
 */
export type RecordRequirement =
  { kind: 'all'; conditions: AttributeCondition[] } | { kind: 'any'; conditions: AttributeCondition[] }

/** How points arise: per counted action under an optional cap, or per day of a run. */
export type SchemeRule =
  { kind: 'action'; points: number; cap?: Cap } | { kind: 'streak'; steps: StreakStep[] }

export interface Indicator {
  /** As in the platform's exports; unique within the scheme. */
  name: string
  group: string
  role: IndicatorRole
  rule: SchemeRule
  /** The task: how often it is to be done. Not a cap. */
  target?: Cap
  requirement?: RecordRequirement
  /** One valid action, in words. */
  action: string
  /** Where on the platform it is done, in words. */
  place?: string
}

export const audiences = ['administrator', 'teacher', 'townOffice', 'judge', 'staff'] as const
/** Who is told of a phase and its deadline. */
export type Audience = (typeof audiences)[number]

export const phaseGoals = ['tasks', 'activation', 'nominations', 'scores'] as const
/** What may still be missing at the end of a phase; whoever has reached its goals is not reminded. */
export type PhaseGoal = (typeof phaseGoals)[number]

export interface Phase {
  name: string
  window: Window
  /** What must be done by its end, in words. */
  todo: string
  /** Proposed announcements for its first and its last day. */
  opening?: string | undefined
  closing?: string | undefined
  /** Absent: administrators and staff. */
  concerns?: readonly Audience[] | undefined
  /** Absent: nothing that can be computed, so everybody concerned is reminded. */
  goals?: readonly PhaseGoal[] | undefined
}

/** One term of the school score; terms are added. */
export interface ScoreTerm {
  kind: 'mean'
  role: MemberRole
}

export const awardSubjects = ['school', 'teacher', 'administrator'] as const
export type AwardSubject = (typeof awardSubjects)[number]
/** Activation is a share from 0 to 1. A school's rank, for a member, is the rank of the own school. */
export type AwardCondition =
  | { kind: 'activation'; min: number }
  | { kind: 'rank'; of: AwardSubject; first: number; window: Window }
  | { kind: 'judgement'; text: string }
  | { kind: 'rubric'; rubric: string }
  | { kind: 'not-stage'; stages: string[] }
  | { kind: 'school-awarded'; award: string }

export const awardAmong = ['all', 'eligible'] as const
/** Who takes a place in an award's ranking: everybody who may be awarded, or only whoever meets the activation too. */
export type AwardAmong = (typeof awardAmong)[number]

export const awardTies = ['include', 'exclude', 'staff'] as const
/** What becomes of equals of whom only some would be among the first: all in, all out, or staff decide. */
export type AwardTie = (typeof awardTies)[number]

export const awardSources = ['computed', 'snapshot'] as const
/** Whose scores an award goes by: the points of the tallies, or those of the platform's report. Never both. */
export type AwardSource = (typeof awardSources)[number]

export const publicityCounts = ['working', 'calendar'] as const
/** Length of the publicity period, in working days of the calendar or in calendar days. */
export interface PublicityRule {
  days: number
  count: (typeof publicityCounts)[number]
}

/** How many sheets a result needs, and from how many on one highest and one lowest total are left out. */
export interface SheetRule {
  least: number
  trimFrom: number
}

export const quotaGroups = ['town', 'stage'] as const
/**
 * How many nominees each town (or nominating school) or each stage may have. `reserve` is the share of them, from 0
 * to 1 and rounded down, that may be nominated beside them.
 */
export interface QuotaRule {
  per: (typeof quotaGroups)[number]
  /** Of those that are not in `places`; undefined is without limit. */
  each?: number
  places: Readonly<Record<string, number>>
  reserve: number
  /** Shares of the nominees that a notice asks for; they warn and never refuse. */
  shares: readonly ShareRule[]
}

/** At least so large a part of the nominees is to be of some towns, stages or schools (by code), such as rural teachers. */
export interface ShareRule {
  name: string
  /** From 0 to 1. */
  least: number
  towns: readonly string[]
  stages: readonly string[]
  schools: readonly string[]
}

export interface Award {
  name: string
  subject: AwardSubject
  conditions: AwardCondition[]
  /** Places; undefined where nobody is ranked and nobody is scored by a rubric. */
  first?: number
  among: AwardAmong
  tie: AwardTie
  source: AwardSource
  publicity: PublicityRule
  sheets: SheetRule
  quota?: QuotaRule
}

export interface Rubric {
  name: string
  criteria: { name: string; max: number; text: string }[]
}

/** A scheme file, validated and with dates as days. */
export interface Scheme {
  /** File name without extension, e.g. `xinzhou-2022`. */
  id: string
  name: string
  platform: string
  /** Who signs the documents and certificates; undefined until it is written into the file. */
  issuer?: string
  /** Records outside are ignored altogether; caps and runs are evaluated over it. */
  period: Window
  /** Named windows beside the period, e.g. the award window; the key is what users type. */
  windows: { name: string; window: Window }[]
  indicators: Indicator[]
  schoolScore: ScoreTerm[]
  /** What "still to do" means: unmet targets, or the room left under the caps. */
  tasks: 'targets' | 'room'
  phases: Phase[]
  /** Shares of opened spaces from 0 to 1: what to reach, and what awards ask for. */
  activation?: { goal: number; award: number } | undefined
  awards: Award[]
  rubrics: Rubric[]
}
