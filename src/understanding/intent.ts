import { z } from 'zod'

/** What a ranking compares. */
export const rankedSubjects = ['school', 'teacher', 'administrator', 'town'] as const
export type RankedSubject = (typeof rankedSubjects)[number]

const text = z.string().min(1).max(200)
const name = z.string().min(1).max(60)
const school = z.templateLiteral(['school:', z.string().min(1)])
const town = z.templateLiteral(['town:', z.string().min(1)])
const person = z.templateLiteral(['person:', z.string().min(1)])
const count = z.int().min(1).max(9999)

/** An organisation: the asker's own one, the whole, or one by code or name. */
export const placeSchema = z.union([z.enum(['own-school', 'own-town', 'district', 'city']), school, town])
/** Whose figures: an organisation, the asker, or a member by name as it stands in the roster. */
export const whomSchema = z.union([z.literal('self'), placeSchema, person])

/** A local date, `YYYY-MM-DD`; windows include both ends, and an absent end is that of the whole period until today. */
const day = z.iso.date()
const window = { from: day.optional(), to: day.optional() }
/** Names of indicators as the scheme has them; a group is written as the list of its members or by its own name. */
const indicators = z.array(name).min(1).optional()

const ranking = z.strictObject({
  intent: z.literal('ranking'),
  of: z.enum(rankedSubjects).optional(),
  where: placeSchema.optional(),
  stage: name.optional(),
  indicators,
  ...window,
  show: z
    .union([
      z.enum(['place', 'list', 'risers', 'fallers']),
      z.templateLiteral(['top:', count]),
      z.templateLiteral(['bottom:', count]),
      z.templateLiteral(['nth:', count]),
    ])
    .optional(),
  within: z.union([z.enum(['district', 'own-town']), town, z.templateLiteral(['stage:', name])]).optional(),
  page: count.optional(),
})

const score = z.strictObject({
  intent: z.literal('score'),
  whom: whomSchema.optional(),
  indicators,
  ...window,
  why: z.literal(true).optional(),
})

const gap = z.strictObject({
  intent: z.literal('gap'),
  whom: whomSchema.optional(),
  to: z.union([
    z.enum(['previous', 'next', 'first']),
    z.templateLiteral(['rank:', count]),
    school,
    person,
    z.templateLiteral(['award:', name]),
  ]),
  indicators,
  since: day.optional(),
  until: day.optional(),
})

const compare = z.strictObject({
  intent: z.literal('compare'),
  schools: z.array(name).min(1).optional(),
  towns: z.array(name).min(1).optional(),
  persons: z.array(name).min(1).optional(),
  indicators,
  ...window,
})

const records = z.strictObject({
  intent: z.literal('records'),
  whom: whomSchema.optional(),
  indicators,
  ...window,
  page: count.optional(),
})

const tasks = z.strictObject({ intent: z.literal('tasks'), whom: whomSchema.optional() })

const lagging = z.strictObject({
  intent: z.literal('lagging'),
  where: placeSchema.optional(),
  indicators,
  ...window,
  role: z.enum(['teacher', 'administrator']).optional(),
})

const activation = z.strictObject({
  intent: z.literal('activation'),
  where: placeSchema.optional(),
  ask: z.enum(['rate', 'missing', 'below']).optional(),
})

const participation = z.strictObject({ intent: z.literal('participation'), where: placeSchema.optional() })

const activity = z.strictObject({ intent: z.literal('activity'), where: placeSchema.optional(), ...window })

const phases = z.strictObject({
  intent: z.literal('phases'),
  /** As in the scheme; absent is the one that runs now. */
  phase: name.optional(),
  ask: z.enum(['now', 'start', 'end', 'todo']).optional(),
})

const dataDate = z.strictObject({ intent: z.literal('data-date'), where: placeSchema.optional() })

const awards = z.strictObject({
  intent: z.literal('awards'),
  award: name.optional(),
  whom: whomSchema.optional(),
  ask: z.enum(['conditions', 'nominees', 'results', 'schedule']).optional(),
})

const howTo = z.strictObject({ intent: z.literal('how-to'), entry: name })

const contact = z.strictObject({
  intent: z.literal('contact'),
  what: z.enum(['bureau', 'platform', 'group', 'school']).optional(),
})

const bind = z.strictObject({
  intent: z.literal('bind'),
  ask: z.enum(['start', 'code', 'status', 'remove', 'unbound']).optional(),
  code: z.string().min(4).max(16).optional(),
  name: name.optional(),
  school: z.union([z.literal('own-school'), school]).optional(),
})

const remind = z.strictObject({
  intent: z.literal('remind'),
  ask: z.enum(['show', 'on', 'off', 'until']).optional(),
  /** The last day without reminders. */
  until: day.optional(),
})

const report = z.strictObject({
  intent: z.literal('report'),
  ask: z.enum(['new', 'progress', 'rate', 'solved', 'reopen']).optional(),
  ticket: z.int().min(1).optional(),
  stars: z.int().min(1).max(5).optional(),
  /** What the problem is, in the reporter's words. */
  text: text.optional(),
})

/** Windows of what is started lie under a key of their own, since they belong to the thing and not to the question. */
const about = z.strictObject({ from: day, to: day }).optional()
const started = z.enum(['start', 'list', 'undo', 'show']).optional()

const importing = z.strictObject({
  intent: z.literal('import'),
  ask: started,
  number: z.int().min(1).optional(),
})

const announce = z.strictObject({
  intent: z.literal('announce'),
  ask: started,
  number: z.int().min(1).optional(),
  text: z.string().min(1).max(2000).optional(),
})

const bulletin = z.strictObject({
  intent: z.literal('bulletin'),
  ask: started,
  number: z.int().min(1).optional(),
  window: about,
})

const exporting = z.strictObject({
  intent: z.literal('export'),
  ask: started,
  /** Whose answer the table is to hold. */
  get what() {
    return intentSchema.optional()
  },
})

const groups = z.strictObject({
  intent: z.literal('groups'),
  ask: z.enum(['list', 'set', 'remove']).optional(),
  /** The rest of the command, for its own reader. */
  text: text.optional(),
})

const status = z.strictObject({
  intent: z.literal('status'),
  ask: z.enum(['now', 'not-understood']).optional(),
})

const schemes = z.strictObject({
  intent: z.literal('schemes'),
  ask: z.enum(['list', 'change', 'adopt']).optional(),
})

const materials = z.strictObject({
  intent: z.literal('materials'),
  ask: started,
  /** Part of a material's title, or its number. */
  title: name.optional(),
})

const help = z.strictObject({
  intent: z.literal('help'),
  /** Name of the command to be explained. */
  about: name.optional(),
})

const plain = <Kind extends string>(kind: Kind) => z.strictObject({ intent: z.literal(kind) })

const confirm = z.strictObject({ intent: z.literal('confirm'), number: z.int().min(1).optional() })

const page = z.strictObject({
  intent: z.literal('page'),
  page: z.union([z.enum(['next', 'previous']), count]),
})

/** Why nothing was understood; each is a situation with a sentence of its own. */
export const unclearReasons = [
  'no-question',
  'unknown-words',
  'unknown-name',
  'unexplained',
  'date',
  'lunar-date',
  'person',
  'school',
  'town',
  'several-schools',
  'several-persons',
  'several-towns',
  'several-answers',
  'nothing-before',
  'incomplete',
] as const
export type UnclearReason = (typeof unclearReasons)[number]

const unclear = z.strictObject({
  intent: z.literal('unclear'),
  why: z.enum(unclearReasons),
  /** The part of the text that was not understood. */
  said: z.string().optional(),
  /** What may have been meant, nearest first. */
  get candidates() {
    return z.array(intentSchema).min(1).max(5).optional()
  },
})

/**
 * Everything that can be asked of the assistant, whether as a command, a sentence, a follow-up, a click or on the
 * command line. The order of the keys is the order in which they are written out.
 */
export const intentSchema = z.discriminatedUnion('intent', [
  ranking,
  score,
  gap,
  compare,
  records,
  tasks,
  lagging,
  activation,
  participation,
  activity,
  phases,
  dataDate,
  awards,
  howTo,
  contact,
  bind,
  remind,
  report,
  importing,
  announce,
  bulletin,
  exporting,
  groups,
  status,
  schemes,
  materials,
  help,
  plain('greeting'),
  plain('thanks'),
  plain('who-are-you'),
  plain('cancel'),
  confirm,
  page,
  plain('none'),
  unclear,
])

export type Intent = z.infer<typeof intentSchema>
export type IntentKind = Intent['intent']
export type IntentOf<Kind extends IntentKind> = Extract<Intent, { intent: Kind }>
export type IntentPlace = z.infer<typeof placeSchema>
export type IntentWhom = z.infer<typeof whomSchema>
/** In which list or part of a list a ranking is shown. */
export type RankingShow = NonNullable<IntentOf<'ranking'>['show']>
