import type { QuestionFrame } from '../frame'
import type { Intent } from '../intent'
import type { IntentRule } from './rule'

/** Words that ask how something is done, what counts, how much is given. */
const asks = ['how', 'how-do', 'how-count', 'counts', 'limit', 'need', 'where-do'] as const

/** The entry of the indicator that was named, when how or how much is asked and not whose. */
export const indicatorHowToRule: IntentRule = (frame) => {
  if (!frame.indicators.length || isAboutSomebody(frame)) return undefined
  const isAsked = frame.has(...asks) || (frame.has('score-ask', 'times-ask') && !frame.windows.length)
  if (!isAsked && !(frame.has('may') && frame.has('score', 'do'))) return undefined
  const { vocabulary } = frame.context
  if (frame.has('streak') && vocabulary.entries.has(streakEntry))
    return { intent: 'how-to', entry: streakEntry }
  const named = frame.tokens.flatMap(({ senses }) =>
    senses.flatMap((sense) => (sense.kind === 'indicators' ? [sense] : [])),
  )
  const best =
    named.find(({ whole, names }) => whole && names.length === 1) ??
    named.find(({ names }) => names.length === 1)
  const entry = best?.names[0] === undefined ? undefined : vocabulary.entryOf.get(best.names[0])
  return entry === undefined ? undefined : { intent: 'how-to', entry }
}

const streakEntry = 'xinzhou-streak'

function isAboutSomebody(frame: QuestionFrame): boolean {
  const { whom } = frame
  if (frame.has('rank', 'place')) return true
  if (whom?.startsWith('person:') || whom?.startsWith('school:')) return true
  if (whom === undefined) return false
  // "How do I" asks how; "how many have I" asks for a figure.
  return !frame.has('how', 'how-do', 'where-do', 'need', 'counts')
}

/** Whatever else the entries answer; a sentence that tells of trouble goes to a person. */
export function findHowTo(frame: QuestionFrame, text: string): Intent | undefined {
  if (text.length > LONGEST) return undefined
  const answer = frame.context.vocabulary.search.ask(text)
  return answer.kind === 'answer' ? { intent: 'how-to', entry: answer.match.entry.id } : undefined
}

/** Longer texts tell something; they are not compared. */
const LONGEST = 60

/** Questions about the rules that no indicator is named in, by what they speak of. */
export const topicHowToRule: IntentRule = (frame) => {
  const entry = topicEntry(frame)
  return entry !== undefined && frame.context.vocabulary.entries.has(entry)
    ? { intent: 'how-to', entry }
    : undefined
}

function topicEntry(frame: QuestionFrame): string | undefined {
  if (frame.has('how-often') && !frame.has('remind')) return 'data-delay'
  if (frame.has('which-period') && frame.has('award')) return 'xinzhou-window'
  return undefined
}
