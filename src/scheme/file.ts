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
import fieldNotes from './field-notes.json'
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
  name: name,
  group: name,
  role: z.enum([...memberRoles, 'student']),
  points: points.optional(),
  streak: z
    .array(z.strictObject({ from: times, points }))
    .min(1)
    .optional(),
  cap: z.union([z.literal('target'), cap]).optional(),
  target: cap.optional(),
  requirement: z.strictObject({ all: conditions.optional(), any: conditions.optional() }).optional(),
  action: words,
  place: words.optional(),
})

const phase = z.strictObject({
  name,
  from: date,
  to: date,
  todo: words,
  opening: words.optional(),
  closing: words.optional(),
  concerns: z.array(z.enum(audiences)).min(1).optional(),
  goals: z.array(z.enum(phaseGoals)).min(1).optional(),
})

const condition = z.strictObject({
  activation: z.union([z.literal('award'), percent]).optional(),
  rank: z
    .strictObject({ of: z.enum(awardSubjects), first: times.optional(), window: name.optional() })
    .optional(),
  judgement: words.optional(),
  rubric: name.optional(),
  notStage: z.array(name).min(1).optional(),
  schoolAwarded: name.optional(),
})

const places = z.int().min(0).max(100_000)

/** What all awards of a scheme have in common unless one says otherwise. */
const procedure = {
  first: times.optional(),
  among: z.enum(awardAmong).optional(),
  tie: z.enum(awardTies).optional(),
  source: z.enum(awardSources).optional(),
  publicity: z
    .strictObject({ days: z.int().min(1).max(60), count: z.enum(publicityCounts).optional() })
    .optional(),
  sheets: z
    .strictObject({ least: times.optional(), trimFrom: z.int().min(3).max(1000).optional() })
    .optional(),
}

const quota = z.strictObject({
  per: z.enum(quotaGroups),
  each: places.optional(),
  places: z.record(name, places).optional(),
  reserve: percent.optional(),
  shares: z
    .array(
      z.strictObject({
        name,
        least: percent,
        towns: z.array(name).optional(),
        stages: z.array(name).optional(),
        schools: z.array(name).optional(),
      }),
    )
    .optional(),
})

const award = z.strictObject({
  name,
  subject: z.enum(awardSubjects),
  ...procedure,
  quota: quota.optional(),
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
  issuer: name.optional(),
  period: range,
  windows: z.array(z.strictObject({ name, from: date, to: date })).optional(),
  settings: z.strictObject(procedure).optional(),
  activation: z.strictObject({ goal: percent, award: percent }).optional(),
  schoolScore: z.array(z.strictObject({ mean: z.enum(memberRoles) })).min(1),
  tasks: z.enum(['targets', 'room']),
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

type SchemaNode = z.core.JSONSchema.BaseSchema

/**
 * The JSON Schema by which an editor completes and checks a scheme file, each field with what it means, in the words of
 * `field-notes.json`; kept in `config/scheme.schema.json`.
 */
export function schemeJsonSchema(): SchemaNode {
  return annotate(z.toJSONSchema(schemeFile, { io: 'input' }), '')
}

const notes: Readonly<Record<string, string>> = fieldNotes

/** A field is looked up by the field that it is in and its own name (`streak.from`), then by its name. */
function annotate(node: SchemaNode, within: string): SchemaNode {
  const inside = (each: SchemaNode | boolean): SchemaNode =>
    typeof each === 'boolean' ? {} : annotate(each, within)
  const { properties, items, anyOf } = node
  const fields = Object.entries(properties ?? {}).map(([name, field]): [string, SchemaNode] => {
    const description = notes[`${within}.${name}`] ?? notes[name]
    const annotated = typeof field === 'boolean' ? {} : annotate(field, name)
    return [name, { ...(description !== undefined && { description }), ...annotated }]
  })
  return {
    ...node,
    ...(properties && { properties: Object.fromEntries(fields) }),
    ...(items && !Array.isArray(items) && { items: inside(items) }),
    ...(anyOf && { anyOf: anyOf.map(inside) }),
  }
}
