import { parseMinute } from '../calendar/clock'
import type { WorkSpan } from '../calendar/working-hours'
import { z } from 'zod'
import { readConfig } from '../configuration/document'
import type { ConfigPath, ConfigProblem, ConfigResult, ConfigText } from '../configuration/document'
import { formatPath } from '../configuration/document'
import { answeredOnly, noReply, solvedByReporter } from './ticket'
import type { LifePolicy } from './life'

const name = z.string().min(1).max(30)
const id = z.string().regex(/^[a-z][a-z0-9-]{0,29}$/)
const words = z.array(z.string().min(1).max(30)).max(500)
const minutes = z.int().min(1).max(100_000)
const limits = z.strictObject({ response: minutes, next: minutes, resolution: minutes })
const share = z.number().min(0).max(1)

const rulesFile = z.strictObject({
  categories: z
    .array(
      z.strictObject({
        id,
        name,
        words: words.optional(),
        strong: words.optional(),
        attach: z.enum(['score']).optional(),
      }),
    )
    .min(1)
    .max(30),
  reasons: z.array(z.strictObject({ id, name })).min(1).max(30),
  trouble: words,
  urgent: words,
  functions: z.array(z.strictObject({ name, words })).max(200),
  stopwords: words,
  likeness: z.strictObject({
    weights: z.strictObject({ function: share, time: share, words: share }),
    hours: z.number().positive().max(720),
    threshold: z.number().positive().max(1),
  }),
  incident: z.strictObject({ reports: z.int().min(2).max(100), minutes, known: z.int().min(1).max(720) }),
  hours: z
    .array(
      z.strictObject({
        from: z.string().regex(/^([01]?\d|2[0-3]):[0-5]\d$/),
        to: z.string().regex(/^(([01]?\d|2[0-3]):[0-5]\d|24:00)$/),
      }),
    )
    .min(1)
    .max(10),
  limits: z.strictObject({ normal: limits, high: limits, waiting: minutes }),
  silence: z.strictObject({
    warn: minutes,
    answered: minutes.default(2100),
    close: minutes,
    reopenDays: z.int().min(0).max(3650),
  }),
  quota: z
    .strictObject({
      reports: z.int().min(1).max(10_000),
      replies: z.int().min(1).max(10_000),
      megabytes: z.int().min(1).max(100_000),
      folder: z.int().min(1).max(10_000_000),
    })
    .default({ reports: 100, replies: 50, megabytes: 100, folder: 20_000 }),
  flood: z.strictObject({
    minutes: z.int().min(1).max(1440),
    person: z.int().min(1).max(10_000),
    group: z.int().min(1).max(10_000),
    total: z.int().min(1).max(10_000),
    bundleMinutes: z.int().min(1).max(1440),
  }),
})

export interface Category {
  id: string
  name: string
  words: readonly string[]
  strong: readonly string[]
  /** What is sent along to support. */
  attach?: 'score' | undefined
}

/** Limits in working minutes until support's first word, its next word, the resolution. */
export interface TicketLimits {
  response: number
  next: number
  resolution: number
}

/** config/tickets.yml, validated. */
export interface TicketRules extends Omit<z.infer<typeof rulesFile>, 'categories' | 'hours'> {
  categories: readonly Category[]
  hours: readonly WorkSpan[]
}

/** Reads the text of config/tickets.yml; `file` is only named in problems. */
export function readTicketRules(text: string, file: string): ConfigResult<TicketRules> {
  const read = readConfig(text, file, rulesFile)
  if (!read.ok) return read
  const { value, text: source } = read.value
  const problems = [...doubles(value, source), ...reservedReasons(value, source), ...badHours(value, source)]
  if (problems.length) return { ok: false, problems }
  const categories = value.categories.map((category) => ({
    ...category,
    words: category.words ?? [],
    strong: category.strong ?? [],
  }))
  return { ok: true, value: { ...value, categories, hours: value.hours.map(spanOf) } }
}

/** The settings of the state machine that the file holds. */
export function lifePolicy(rules: TicketRules): LifePolicy {
  const { warn, answered, close, reopenDays } = rules.silence
  return {
    ...{ reasons: rules.reasons.map((reason) => reason.id), reopenDays },
    ...{ warnAfter: warn, answeredAfter: answered, closeAfter: close },
  }
}

/** The end of a day is written 24:00, which is no time of day. */
const MINUTES_PER_DAY = 1440

function spanOf({ from, to }: { from: string; to: string }): WorkSpan {
  return { from: parseMinute(from) ?? 0, to: parseMinute(to) ?? MINUTES_PER_DAY }
}

type RulesFile = z.infer<typeof rulesFile>

function problem(
  text: ConfigText,
  path: ConfigPath,
  rest: Pick<ConfigProblem, 'code' | 'params' | 'permitted'>,
) {
  return { file: text.file, path: formatPath(path), line: text.lineAt(path), ...rest }
}

/** Ids and names that are used twice in one list. */
function doubles(file: RulesFile, text: ConfigText): ConfigProblem[] {
  return (['categories', 'reasons'] as const).flatMap((list) =>
    (['id', 'name'] as const).flatMap((key) =>
      file[list].flatMap((entry, index) => {
        const first = file[list].findIndex((other) => other[key] === entry[key])
        if (first === index) return []
        const params = { given: entry[key], other: `${list}[${first}].${key}` }
        return [problem(text, [list, index, key], { code: 'duplicate-name', params })]
      }),
    ),
  )
}

function reservedReasons(file: RulesFile, text: ConfigText): ConfigProblem[] {
  return file.reasons.flatMap(({ id: given }, index) =>
    [solvedByReporter, noReply, answeredOnly].includes(given)
      ? [problem(text, ['reasons', index, 'id'], { code: 'not-permitted', params: { given } })]
      : [],
  )
}

/** Spans must run forwards and must not overlap: minutes would count twice. */
function badHours(file: RulesFile, text: ConfigText): ConfigProblem[] {
  return file.hours.flatMap((span, index) => {
    const { from, to } = spanOf(span)
    const earlier = file.hours[index - 1]
    const previous = earlier ? spanOf(earlier).to : 0
    const bad = from < previous ? span.from : to <= from ? span.to : undefined
    if (bad === undefined) return []
    const path = ['hours', index, bad === span.from ? 'from' : 'to']
    return [problem(text, path, { code: 'not-permitted', params: { given: bad } })]
  })
}
