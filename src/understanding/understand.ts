import { splitClauses } from './clauses'
import type { Clause } from './clauses'
import type { ReadName, Understanding, UnderstandingContext } from './context'
import { followUp } from './follow-up'
import { QuestionFrame } from './frame'
import type { Intent, IntentOf } from './intent'
import { tokenizeQuestion } from './lexing/lexer'
import type { Token } from './lexing/sense'
import { normaliseQuestion } from './normalise'
import { isForEverybody } from './overheard'
import { findHowTo } from './rules/how-to'
import { makeUnclear, said } from './rules/rule'
import { findStrangeName } from './names/strange-name'
import { readCommand } from './commands'
import { resolvePronouns } from './pronouns'
import { spreadIntents } from './spread'

/** How many questions of one message are answered. */
const MOST = 3
const nothing: Understanding = { intents: [{ intent: 'none' }], names: [] }

/** What a message asks: up to three intents, or one that says that nothing was understood. Pure, at most a millisecond. */
export function understand(given: string, context: UnderstandingContext): Understanding {
  const { text, toOthers, command, original, isLong } = normaliseQuestion(given)
  if (toOthers || !text || (isLong && context.place === 'overheard')) return nothing
  const { vocabulary, today } = context
  const reading = { today, period: vocabulary.scheme.period, calendar: vocabulary.calendar }
  const tokens = resolvePronouns(tokenizeQuestion(text, vocabulary, reading), context)
  const asked = command ? readCommand(text, tokens, context) : undefined
  const intents = asked ? [asked] : readSentence(tokens, { text, context, original })
  if (
    context.place === 'overheard' &&
    !command &&
    !isForEverybody(intents, new QuestionFrame(tokens, context))
  )
    return nothing
  return { intents, names: namesRead(tokens, intents) }
}

interface Sentence {
  text: string
  original: string
  context: UnderstandingContext
}

function readSentence(tokens: readonly Token[], sentence: Sentence): Intent[] {
  const { context, text } = sentence
  const clauses = splitClauses(tokens, context)
  const intents: Intent[] = []
  for (const [index, clause] of clauses.entries()) {
    const previous = index > 0 ? intents.at(-1) : lastAsked(context.previous)
    const read = readClause(clause, previous)
    intents.push(...(index > 0 ? read.map((intent) => withPlaceOf(intent, previous)) : read))
  }
  const known = distinct(intents.filter(({ intent }) => intent !== 'none' && intent !== 'unclear'))
  const code = known.find((intent) => intent.intent === 'bind' && intent.code !== undefined)
  if (code) return [code]
  const table = known.find((intent) => intent.intent === 'export')
  if (table && known.every(({ intent }) => intent === 'export' || intent === 'score' || intent === 'ranking'))
    return [table]
  const unclear = intents.find((intent) => intent.intent === 'unclear')
  if (unclear && (!known.length || isSerious(unclear)))
    return known.length && !isSerious(unclear) ? known : unclearOrEntry(unclear, { tokens, text, context })
  if (known.length) return known.slice(0, MOST).map((intent) => withText(intent, sentence))
  const entry =
    context.place === 'overheard' ? undefined : findHowTo(new QuestionFrame(tokens, context), text)
  const name = clauses.map(({ frame }) => findStrangeName(frame)).find((one) => one !== undefined)
  if (!entry && name !== undefined && context.place !== 'overheard')
    return [makeUnclear('unknown-name', name)]
  return [
    entry ??
      (clauses.some(({ frame }) => frame.content.length) ? makeUnclear('no-question') : { intent: 'none' }),
  ]
}

function unclearOrEntry(
  unclear: Intent,
  { tokens, text, context }: { tokens: readonly Token[]; text: string; context: UnderstandingContext },
): Intent[] {
  if (unclear.intent === 'unclear' && isOfWords(unclear) && context.place !== 'overheard') {
    const entry = findHowTo(new QuestionFrame(tokens, context), text)
    if (entry) return [entry]
  }
  return [unclear]
}

function isSerious(intent: Intent): boolean {
  return intent.intent === 'unclear' && !isOfWords(intent) && intent.why !== 'no-question'
}

function isOfWords({ why }: IntentOf<'unclear'>): boolean {
  return why === 'unknown-words' || why === 'unknown-name'
}

function readClause({ frame, intent }: Clause, previous: Intent | undefined): Intent[] {
  const leaning = previous && followUp(frame, previous, intent)
  if (leaning) return [leaning]
  return intent ? spreadIntents(frame, intent) : [{ intent: 'none' }]
}

/** A second place asked in the same message is the same organisation's. */
function withPlaceOf(intent: Intent, previous: Intent | undefined): Intent {
  const isBare = intent.intent === 'ranking' && intent.where === undefined && intent.of === undefined
  if (!isBare || intent.show !== 'place' || previous?.intent !== 'ranking') return intent
  return { ...intent, ...said('of', previous.of), ...said('where', previous.where) }
}

/** The last question that something can be added to. */
function lastAsked(previous: readonly Intent[]): Intent | undefined {
  const passing: readonly string[] = [
    'none',
    'page',
    'greeting',
    'thanks',
    'cancel',
    'confirm',
    'help',
    'who-are-you',
  ]
  const asked = previous.findLast(({ intent }) => !passing.includes(intent))
  return asked?.intent === 'unclear' && !asked.candidates ? undefined : asked
}

function distinct(intents: readonly Intent[]): Intent[] {
  const seen = new Set<string>()
  return intents.filter((intent) => {
    const key = JSON.stringify(intent)
    return !seen.has(key) && seen.add(key)
  })
}

/** What is handed on in the words of who said it. */
function withText(intent: Intent, { original }: Sentence): Intent {
  if (intent.intent === 'report' && intent.ask === 'new') return { ...intent, text: original.slice(0, 200) }
  if (intent.intent !== 'announce' || intent.ask !== 'start') return intent
  const after = /[:\uff1a]\s*(?<rest>\S[\s\S]*)$/u.exec(original)?.groups?.['rest']
  return after === undefined ? intent : { ...intent, text: after }
}

/** Names that were read otherwise than written. */
function namesRead(tokens: readonly Token[], intents: readonly Intent[]): ReadName[] {
  if (intents[0]?.intent === 'none' || intents[0]?.intent === 'unclear') return []
  return tokens.flatMap(({ via, senses, text }) => {
    if (via === 'exact') return []
    const sense = senses.find(({ kind }) => kind === 'school' || kind === 'person' || kind === 'town')
    if (sense?.kind === 'school')
      return sense.schools.slice(0, 1).map(({ name }) => ({ said: text, read: name }))
    if (sense?.kind === 'person')
      return sense.persons.slice(0, 1).map(({ name }) => ({ said: text, read: name }))
    return sense?.kind === 'town' ? sense.towns.slice(0, 1).map((name) => ({ said: text, read: name })) : []
  })
}
