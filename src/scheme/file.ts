import * as z from 'zod'
import {
  attributes,
  audiences,
  awardAmong,
  awardSources,
  awardSubjects,
  awardTies,
  memberRoles,
  phaseGoals,
  publicityCounts,
  quotaGroups,
} from './scheme'
import { buckets } from '../calendar/bucket'

const name = z.string().min(1).max(40)
const words = z.string().min(1).max(2000)
const date = z.iso.date()
const points = z.number().min(0).max(100_000)
const times = z.int().min(1).max(100_000)
const percent = z.number().min(0).max(100)

const range = z.strictObject({ from: date, to: date })
const cap = z.strictObject({ times, per: z.enum(buckets) })

const bound = z.strictObject({ min: z.number().optional(), max: z.number().optional() })
const conditions = z.strictObject(
  Object.fromEntries(attributes.map((attribute) => [attribute, bound.optional()])) as Record<
    (typeof attributes)[number],
    z.ZodOptional<typeof bound>
  >,
)

const indicator = z.strictObject({
  name: name.describe('As in the exports of the platform.'),
  group: name,
  role: z.enum([...memberRoles, 'student']),
  points: points.optional().describe('For each counted action.'),
  streak: z
    .array(z.strictObject({ from: times, points }))
    .min(1)
    .optional()
    .describe('Points of a day by the length of the run of days that ends on it, instead of points.'),
  cap: z
    .union([z.literal('target'), cap])
    .optional()
    .describe('Only the first actions of each bucket are counted; "target" takes the figures of the target.'),
  target: cap.optional().describe('The task: how often it is to be done. Not a cap.'),
  requirement: z
    .strictObject({ all: conditions.optional(), any: conditions.optional() })
    .optional()
    .describe('Tested on the attributes that a record carries.'),
  action: words.describe('One valid action, in words.'),
  place: words.optional().describe('Where on the platform it is done.'),
})

const phase = z.strictObject({
  name,
  from: date,
  to: date,
  todo: words.describe('What must be done by its end.'),
  opening: words.optional().describe('Announcement proposed on the first day.'),
  closing: words.optional().describe('Announcement proposed on the last day.'),
  concerns: z.array(z.enum(audiences)).min(1).optional(),
  goals: z.array(z.enum(phaseGoals)).min(1).optional(),
})

const condition = z.strictObject({
  activation: z
    .union([z.literal('award'), percent])
    .optional()
    .describe('Least activation in percent, or "award" for the threshold declared above.'),
  rank: z
    .strictObject({ of: z.enum(awardSubjects), first: times.optional(), window: name.optional() })
    .optional()
    .describe('Among the first; without first, settings.first; without window, the whole period.'),
  judgement: words.optional().describe('Decided by staff.'),
  rubric: name.optional(),
  notStage: z.array(name).min(1).optional(),
  schoolAwarded: name.optional().describe('The own school has this award.'),
})

const places = z.int().min(0).max(100_000)

/** What all awards of a scheme have in common unless one says otherwise. */
const procedure = {
  first: times.optional().describe('How many places count.'),
  among: z
    .enum(awardAmong)
    .optional()
    .describe('Who takes a place in the ranking: all (default), or only those eligible by activation.'),
  tie: z
    .enum(awardTies)
    .optional()
    .describe('Equals of whom only some would be among the first; default staff.'),
  source: z
    .enum(awardSources)
    .optional()
    .describe("Computed points (default), or those of the platform's report."),
  publicity: z
    .strictObject({ days: z.int().min(1).max(60), count: z.enum(publicityCounts).optional() })
    .optional()
    .describe('Days of publicity; counted as working days unless calendar is given. Default 5.'),
  sheets: z
    .strictObject({ least: times.optional(), trimFrom: z.int().min(3).max(1000).optional() })
    .optional()
    .describe(
      'Sheets that a result needs (default 3); from trimFrom (default 5) on one highest and one lowest are left out.',
    ),
}

const quota = z.strictObject({
  per: z.enum(quotaGroups),
  each: places.optional().describe('Of those not named under places; without it there is no limit.'),
  places: z.record(name, places).optional(),
  reserve: percent.optional().describe('Reserves beside the places, in percent; default 20.'),
})

const award = z.strictObject({
  name,
  subject: z.enum(awardSubjects),
  ...procedure,
  quota: quota.optional().describe('How many each town or stage may nominate.'),
  conditions: z.array(condition).min(1),
})

const rubric = z.strictObject({
  name,
  total: z.number().positive(),
  criteria: z.array(z.strictObject({ name, max: z.number().positive(), text: words })).min(1),
})

/** The shape of `config/schemes/*.yml`: what a file says, before it is checked across and turned into days. */
export const schemeFile = z.strictObject({
  name,
  platform: name,
  period: range,
  windows: z
    .array(z.strictObject({ name, from: date, to: date }))
    .optional()
    .describe('Named windows; the name is what people type.'),
  settings: z.strictObject(procedure).optional().describe('For all awards; an award may say otherwise.'),
  activation: z.strictObject({ goal: percent, award: percent }).optional().describe('In percent.'),
  schoolScore: z
    .array(z.strictObject({ mean: z.enum(memberRoles) }))
    .min(1)
    .describe('Terms that are added.'),
  tasks: z
    .enum(['targets', 'room'])
    .describe('What is still to do: unmet targets, or the room left under the caps.'),
  indicators: z.array(indicator).min(1),
  phases: z.array(phase),
  awards: z.array(award).optional(),
  rubrics: z.array(rubric).optional(),
})

export type SchemeFile = z.infer<typeof schemeFile>
export type IndicatorFile = z.infer<typeof indicator>
export type AwardFile = z.infer<typeof award>
export type ConditionFile = z.infer<typeof condition>
export type SettingsFile = NonNullable<SchemeFile['settings']>
export type CapFile = z.infer<typeof cap>
export type RangeFile = z.infer<typeof range>

/** The JSON Schema by which an editor completes and checks a scheme file; kept in `config/scheme.schema.json`. */
export function schemeJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schemeFile, { io: 'input' })
}
