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

/** Entries about one thing each, told by the words for it; the first that fits. */
function topicEntry(frame: QuestionFrame): string | undefined {
  const prefix = frame.context.vocabulary.scheme.id.replace(/-.*/, '')
  const isAward = frame.has('award') || frame.first('award') !== undefined
  if (frame.has('how-often') && !frame.has('remind')) return 'data-delay'
  if (frame.has('which-period') && isAward) return `${prefix}-window`
  if (frame.has('mismatch') && frame.has('platform', 'score')) return 'platform-figure'
  if (frame.has('tie') && frame.has('how', 'how-count', 'how-do', 'rank-verb', 'what')) return 'ranking'
  if (frame.has('privacy') && !frame.has('rank')) return 'privacy'
  if (frame.has('week-rule')) return 'week'
  if (frame.has('roles-both')) return 'two-roles'
  if (frame.has('fast') && !frame.has('who', 'which', 'most')) return `${prefix}-week`
  return peopleEntry(frame) ?? scoreEntry(frame, prefix)
}

/** Who counts, and what becomes of points when people move. */
function peopleEntry(frame: QuestionFrame): string | undefined {
  if (frame.has('lagging') && frame.has('average', 'counts') && frame.has('counts', 'may', 'average'))
    return 'zero-counts'
  return frame.has('transferred') && !frame.has('bind', 'import', 'undo') ? 'transfer' : undefined
}

/** How points are added up, asked of nobody in particular. */
function scoreEntry(frame: QuestionFrame, prefix: string): string | undefined {
  if (frame.whom !== undefined || frame.indicators.length) return undefined
  if (frame.has('how-count') && frame.has('score', 'average') && !frame.has('award')) return `${prefix}-score`
  const share = frame.has('activation') && frame.has('how-count', 'need', 'goal')
  return share ? `${prefix}-activation` : undefined
}
