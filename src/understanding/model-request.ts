import { z } from 'zod'
import { formatDay } from '../calendar/day'
import { mask } from '../text/number-masking'
import type { UnderstandingContext } from './context'
import { intentSchema } from './intent'
import type { Intent, IntentKind } from './intent'
import { tokenizeQuestion } from './lexing/lexer'
import { normaliseQuestion } from './normalise'
import prompt from './words/model.json'
import topics from './words/topics.json'

/** What a language model may answer: questions only. Whatever changes data or reaches others is never taken from it. */
export const modelIntentKinds = [
  'ranking',
  'score',
  'gap',
  'compare',
  'records',
  'tasks',
  'lagging',
  'activation',
  'participation',
  'activity',
  'phases',
  'data-date',
  'awards',
  'how-to',
  'contact',
  'help',
  'greeting',
  'thanks',
  'who-are-you',
  'none',
] as const satisfies readonly IntentKind[]

/** The names that stand behind the placeholders of one request; a school's is its code. */
export type ModelPlaceholders = ReadonlyMap<string, string>

/** One question for an OpenAI-compatible interface. No name of a person, school or town is in it. */
export interface ModelRequest {
  system: string
  user: string
  /** JSON schema of the answer. */
  schema: Record<string, unknown>
  placeholders: ModelPlaceholders
}

/** The shape of an answer, before its placeholders are replaced. */
export const modelAnswerSchema = z.strictObject({ intents: z.array(intentSchema).min(1).max(3) })

/** The JSON schema of answers, with the kinds that may be answered only. */
export function modelAnswerJsonSchema(): Record<string, unknown> {
  const options = intentSchema.options.filter((option) => isModelKind(option.shape.intent.value))
  return z.toJSONSchema(z.strictObject({ intents: z.array(z.union(options)).min(1).max(3) }), { io: 'input' })
}

export function isModelKind(kind: IntentKind): boolean {
  return modelIntentKinds.some((one) => one === kind)
}

/** What to ask a language model about a message that was not understood. */
export function makeModelRequest(given: string, context: UnderstandingContext): ModelRequest {
  const { text, placeholders } = replaceNames(given, context)
  const { scheme, entries, schools } = context.vocabulary
  const stages = new Set(schools.schools.flatMap(({ stage }) => (stage === undefined ? [] : [stage])))
  const lines = [
    prompt.system,
    fillPrompt(prompt.today, { today: formatDay(context.today) }),
    fillPrompt(prompt.indicators, { names: scheme.indicators.map(({ name }) => name).join(', ') }),
    fillPrompt(prompt.phases, { names: scheme.phases.map(({ name }) => name).join(', ') }),
    fillPrompt(prompt.awards, { names: scheme.awards.map(({ name }) => name).join(', ') }),
    fillPrompt(prompt.stages, {
      names: [...stages, ...Object.keys(topics.stages)].filter(isFirst).join(', '),
    }),
    fillPrompt(prompt.entries, { names: [...entries].join(', ') }),
  ]
  const before = withoutNames(context.previous.at(-1))
  const user = [
    ...(before ? [fillPrompt(prompt.before, { intent: JSON.stringify(before) })] : []),
    fillPrompt(prompt.said, { text }),
  ]
  return { system: lines.join('\n'), user: user.join('\n'), schema: modelAnswerJsonSchema(), placeholders }
}

function fillPrompt(text: string, params: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole)
}

function isFirst(value: string, index: number, all: readonly string[]): boolean {
  return all.indexOf(value) === index
}

/** Names of the roster become placeholders, phone and identity numbers are masked. */
function replaceNames(
  given: string,
  context: UnderstandingContext,
): { text: string; placeholders: ModelPlaceholders } {
  const { vocabulary, today } = context
  const placeholders = new Map<string, string>()
  const counts = { PERSON: 0, SCHOOL: 0, TOWN: 0 }
  const placeholderFor = (kind: keyof typeof counts, name: string) => {
    for (const [known, value] of placeholders) if (value === name && known.startsWith(kind)) return known
    const made = `${kind}${++counts[kind]}`
    placeholders.set(made, name)
    return made
  }
  const { text } = normaliseQuestion(given)
  const reading = { today, period: vocabulary.scheme.period, calendar: vocabulary.calendar }
  const parts = tokenizeQuestion(text, vocabulary, reading).map((token) => {
    for (const sense of token.senses) {
      const [person, school, town] = [
        sense.kind === 'person' ? sense.persons[0] : undefined,
        sense.kind === 'school' ? sense.schools[0] : undefined,
        sense.kind === 'town' ? sense.towns[0] : undefined,
      ]
      if (person) return placeholderFor('PERSON', person.name)
      if (school) return placeholderFor('SCHOOL', school.code)
      if (town !== undefined) return placeholderFor('TOWN', town)
    }
    return token.text
  })
  return { text: mask(parts.join('')).text, placeholders }
}

/** The question before, if it names nobody. */
function withoutNames(intent: Intent | undefined): Intent | undefined {
  if (!intent || !isModelKind(intent.intent)) return undefined
  return /"(?:person|school|town):|"(?:persons|schools|towns)"/.test(JSON.stringify(intent))
    ? undefined
    : intent
}
