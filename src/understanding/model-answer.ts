import { parseDay } from '../calendar/day'
import type { UnderstandingContext } from './context'
import type { Intent, IntentOf } from './intent'
import { isModelKind, modelAnswerSchema } from './model-request'
import type { ModelPlaceholders } from './model-request'
import topics from './words/topics.json'

/**
 * The intents of a language model's answer, or undefined when anything about it is not as it was asked for: no JSON,
 * another shape, a kind it may not answer, or a name, date or id that nobody knows.
 */
export function readModelAnswer(
  answer: string,
  placeholders: ModelPlaceholders,
  context: UnderstandingContext,
): readonly Intent[] | undefined {
  const parsed = modelAnswerSchema.safeParse(parseJson(answer))
  if (!parsed.success || !parsed.data.intents.every(({ intent }) => isModelKind(intent))) return undefined
  const named = modelAnswerSchema.safeParse(putNames(parsed.data, placeholders))
  if (!named.success) return undefined
  return named.data.intents.every((intent) => isKnown(intent, context)) ? named.data.intents : undefined
}

/** JSON as models write it, with or without a fence around it. */
function parseJson(answer: string): unknown {
  const bare = answer
    .trim()
    .replace(/^```(?:json)?/i, '')
    .replace(/```$/, '')
  try {
    return JSON.parse(bare) as unknown
  } catch {
    return undefined
  }
}

/** Placeholders stand by themselves or behind `person:`, `school:` and `town:`; one that was not given stays and is refused. */
function putNames(value: unknown, placeholders: ModelPlaceholders): unknown {
  if (typeof value === 'string') {
    return value.replace(
      /^((?:person|school|town):)?((?:PERSON|SCHOOL|TOWN)\d+)$/,
      (whole, kind: string | undefined, name: string) => {
        const known = placeholders.get(name)
        return known === undefined ? whole : `${kind ?? ''}${known}`
      },
    )
  }
  if (Array.isArray(value)) return value.map((part) => putNames(part, placeholders))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, putNames(part, placeholders)]))
}

function isKnown(intent: Intent, context: UnderstandingContext): boolean {
  const { scheme, entries } = context.vocabulary
  const indicators = new Set(scheme.indicators.flatMap(({ name, group }) => [name, group]))
  if ('indicators' in intent && !(intent.indicators ?? []).every((name) => indicators.has(name))) return false
  if ('stage' in intent && intent.stage !== undefined && !isStage(intent.stage, context)) return false
  if (intent.intent === 'how-to' && !entries.has(intent.entry)) return false
  if (intent.intent === 'phases' && !isOneOf(intent.phase, scheme.phases)) return false
  if (intent.intent === 'awards' && !isOneOf(intent.award, scheme.awards)) return false
  return haveNames(intent, context) && isInOrder(intent)
}

function isOneOf(name: string | undefined, known: readonly { name: string }[]): boolean {
  return name === undefined || known.some((one) => one.name === name)
}

function isStage(stage: string, { vocabulary }: UnderstandingContext): boolean {
  return stage in topics.stages || vocabulary.schools.schools.some((school) => school.stage === stage)
}

/** Every organisation and person that is named is one of the roster. */
function haveNames(intent: Intent, { vocabulary }: UnderstandingContext): boolean {
  const { schools, persons } = vocabulary
  const towns = new Set(schools.schools.flatMap(({ town }) => (town === undefined ? [] : [town])))
  const { schools: codes = [], towns: named = [], persons: people = [] } = namesCompared(intent)
  const tagged = Object.values(intent).filter((value): value is string => typeof value === 'string')
  const isTagged = (value: string) => {
    const [kind, ...rest] = value.split(':')
    const name = rest.join(':')
    if (kind === 'school') return schools.byCode(name) !== undefined
    if (kind === 'town') return towns.has(name)
    return kind !== 'person' || persons.exact(name) !== undefined
  }
  return (
    tagged.every(isTagged) &&
    codes.every((code) => schools.byCode(code) !== undefined) &&
    named.every((town) => towns.has(town)) &&
    people.every((name) => persons.exact(name) !== undefined)
  )
}

function namesCompared(intent: Intent): Pick<IntentOf<'compare'>, 'schools' | 'towns' | 'persons'> {
  return intent.intent === 'compare' ? intent : {}
}

function isInOrder(intent: Intent): boolean {
  const [from, to] =
    'since' in intent ? [intent.since, intent.until] : 'from' in intent ? [intent.from, intent.to] : []
  if (from === undefined) return true
  const [first, last] = [parseDay(from), to === undefined ? undefined : parseDay(to)]
  return first !== undefined && (last === undefined || first <= last)
}
