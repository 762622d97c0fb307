import { answerFrame } from './answer'
import type { UnderstandingContext } from './context'
import { QuestionFrame } from './frame'
import type { Intent } from './intent'
import type { Token } from './lexing/sense'
import { isBreak } from './lexing/lexer'
import { makeRanking } from './rules/ranking'
import { indicatorsOf, makeUnclear, said } from './rules/rule'
import { ownFigures } from './rules/score'
import commandWords from './words/commands.json'

type Command = keyof typeof commandWords
const commands = Object.entries(commandWords).flatMap(([command, words]) =>
  words.map((word) => [word, command] as const),
)
commands.sort(([a], [b]) => b.length - a.length)

/** A line that begins with a slash: the command says what is asked, the rest is read as in a sentence. */
export function readCommand(
  text: string,
  tokens: readonly Token[],
  context: UnderstandingContext,
): Intent | undefined {
  const found = commands.find(([word]) => text.startsWith(word))
  if (!found) return undefined
  const [word, command] = found
  const rest = text.slice(word.length).trim()
  const frame = new QuestionFrame(
    tokens.filter(({ to }) => to > word.length),
    context,
  )
  const whole = new QuestionFrame(tokens, context)
  return commandIntent(command as Command, { frame, whole, rest })
}

interface CommandText {
  /** The words behind the command. */
  frame: QuestionFrame
  whole: QuestionFrame
  rest: string
}

function commandIntent(command: Command, { frame, whole, rest }: CommandText): Intent | undefined {
  const sentence = answerFrame(whole)
  if (sentence?.intent === command && sentence.intent !== 'ranking') return sentence
  if (isUnsure(frame) && figures.includes(command))
    return sentence?.intent === 'unclear' ? sentence : makeUnclear('unknown-words', frame.unknown[0])
  switch (command) {
    case 'ranking':
      return sentence?.intent === 'ranking' || sentence?.intent === 'unclear' || sentence?.intent === 'score'
        ? sentence
        : makeRanking(frame)
    case 'score':
      return {
        intent: 'score',
        ...said('whom', frame.whom ?? ownFigures(frame)),
        ...indicatorsOf(frame),
        ...frame.dates,
      }
    case 'records':
      return {
        intent: 'records',
        ...said('whom', frame.whom ?? ownFigures(frame)),
        ...indicatorsOf(frame),
        ...frame.dates,
      }
    case 'tasks':
      return { intent: 'tasks', ...said('whom', frame.whom) }
    case 'lagging':
      return { intent: 'lagging', ...said('where', frame.place), ...indicatorsOf(frame), ...frame.dates }
    case 'activation':
      return { intent: 'activation', ...said('where', frame.place), ask: 'rate' }
    case 'participation':
      return { intent: 'participation', ...said('where', frame.place) }
    case 'activity':
      return { intent: 'activity', ...said('where', frame.place), ...frame.dates }
    case 'phases':
      return { intent: 'phases', ...said('phase', frame.first('phase')?.phase), ask: 'now' }
    case 'data-date':
      return { intent: 'data-date', ...said('where', frame.place) }
    case 'awards':
      return {
        intent: 'awards',
        ...said('award', frame.first('award')?.award),
        ...said('whom', frame.whom),
        ask: 'conditions',
      }
    case 'contact':
      return { intent: 'contact' }
    case 'report':
      return { intent: 'report', ask: 'new', ...(rest && { text: rest.slice(0, 200) }) }
    case 'progress':
      return { intent: 'report', ask: 'progress', ...ticketIn(frame) }
    case 'export':
      return { intent: 'export', ask: 'start' }
    case 'announce':
      return { intent: 'announce', ...startedBy(frame, rest), ...(rest && !isShort(frame) && { text: rest }) }
    case 'import':
      return { intent: 'import', ...startedBy(frame, rest) }
    case 'bulletin':
      return { intent: 'bulletin', ...startedBy(frame, rest) }
    case 'groups':
      return { intent: 'groups', ask: rest ? 'set' : 'list', ...(rest && { text: rest.slice(0, 200) }) }
    case 'status':
      return { intent: 'status', ask: frame.has('not-understood') ? 'not-understood' : 'now' }
    case 'schemes':
      return { intent: 'schemes', ask: 'list' }
    case 'materials':
      return { intent: 'materials', ask: 'list', ...(rest && { title: rest.slice(0, 60) }) }
    case 'help':
      return { intent: 'help', ...(rest && { about: rest.slice(0, 60) }) }
    case 'bind':
      return { intent: 'bind', ask: 'start' }
    case 'remind':
      return { intent: 'remind', ask: 'show' }
    case 'confirm':
      return { intent: 'confirm', ...numberIn(frame) }
    case 'cancel':
      return { intent: 'cancel' }
    case 'next':
    case 'previous':
      return { intent: 'page', page: command }
    default:
      return sentence
  }
}

const figures: readonly Command[] = [
  'ranking',
  'score',
  'records',
  'tasks',
  'lagging',
  'activation',
  'participation',
  'activity',
  'data-date',
]

/** A name or date that was not understood is not left out. */
function isUnsure(frame: QuestionFrame): boolean {
  const several = frame.schools.some(({ schools }) => schools.length > 1)
  return (
    several || frame.unknownLength > 0 || frame.first('bad-date') !== undefined || frame.windows.length > 1
  )
}

function numberIn(frame: QuestionFrame): { number?: number } {
  const number = frame.first('number')?.value
  return number === undefined || number < 1 ? {} : { number }
}

function ticketIn(frame: QuestionFrame): { ticket?: number } {
  const { number } = numberIn(frame)
  return number === undefined ? {} : { ticket: number }
}

/** A bare number shows what has it; "undo" and "list" are said in a word. */
function startedBy(
  frame: QuestionFrame,
  rest: string,
): { ask: 'start' | 'list' | 'undo' | 'show'; number?: number } {
  if (frame.has('undo') && isShort(frame)) return { ask: 'undo', ...numberIn(frame) }
  if (/^\d{1,6}$/.test(rest)) return { ask: 'show', number: Number(rest) }
  return { ask: frame.has('list', 'records') && isShort(frame) ? 'list' : 'start' }
}

function isShort(frame: QuestionFrame): boolean {
  return frame.tokens.filter(({ text }) => !isBreak(text)).length <= 2
}
