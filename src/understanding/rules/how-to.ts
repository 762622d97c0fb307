import type { QuestionFrame } from '../frame'
import type { Intent } from '../intent'
import type { IntentRule } from './rule'
import { isNegated } from './rule'
import { asksWhy } from './score'

/** Words that ask how something is done, what counts, how much is given. */
const asks = ['how', 'how-do', 'how-count', 'counts', 'limit', 'need', 'where-do', 'meaning'] as const

/** The entry of the indicator that was named, when how or how much is asked and not whose. */
export const indicatorHowToRule: IntentRule = (frame) => {
  if (!frame.indicators.length || isAboutSomebody(frame)) return undefined
  // Something done on a day and not counted is a matter for a person.
  if (frame.windows.length && frame.has('score-wrong')) return undefined
  if (isNegated(frame) && frame.has('how-many-people') && !frame.has('counts', 'may')) return undefined
  const ofStudents = frame.has('student') && frame.has('took-part', 'may', 'asking')
  const isAsked =
    frame.has(...asks, 'conditions') ||
    ofStudents ||
    (frame.has('score-ask', 'times-ask') && !frame.windows.length)
  if (!isAsked && !asksForTerms(frame)) return undefined
  const { vocabulary } = frame.context
  const named = frame.tokens.flatMap(({ senses }) =>
    senses.flatMap((sense) => (sense.kind === 'indicators' ? [sense] : [])),
  )
  const best =
    named.find(({ whole, names }) => whole && names.length === 1) ??
    named.find(({ names }) => names.length === 1)
  const entry = best?.names[0] === undefined ? undefined : vocabulary.entryOf.get(best.names[0])
  return entry === undefined ? undefined : { intent: 'how-to', entry }
}

/** "May I", "which parts must be filled in": asked of the rules, not of what has been done. */
function asksForTerms(frame: QuestionFrame): boolean {
  if (frame.has('may') && frame.has('score', 'do')) return true
  const isFigure = frame.has('score', 'records', 'list', 'not', 'still', 'who', 'task', 'mismatch')
  return frame.has('may', 'what') && !isFigure && !frame.windows.length
}

function isAboutSomebody(frame: QuestionFrame): boolean {
  const { whom } = frame
  if (frame.has('rank', 'place') || (frame.has('who', 'which') && frame.subjects.size > 0)) return true
  if (whom?.startsWith('person:') || whom?.startsWith('school:')) return true
  if (whom === undefined) return false
  if (asksWhy(frame) || frame.subjects.has('teacher')) return true
  // "How do I" asks how; "how many have I" asks for a figure.
  return !frame.has('how', 'how-do', 'where-do', 'need', 'counts')
}

/** Whatever else the entries answer; a sentence that tells of trouble goes to a person. */
export function findHowTo(frame: QuestionFrame, text: string): Intent | undefined {
  // A question that names somebody is about them, not about the rules.
  if (frame.persons.length || frame.schools.length) return undefined
  if (text.length > LONGEST || !isRuleQuestion(frame)) return undefined
  const answer = frame.context.vocabulary.search.ask(text)
  return answer.kind === 'answer' && answer.match.score >= NEAR
    ? { intent: 'how-to', entry: answer.match.entry.id }
    : undefined
}

function isRuleQuestion(frame: QuestionFrame): boolean {
  const isAbout = frame.indicators.length > 0 || frame.has('streak')
  return frame.has(...questions) || (isAbout && frame.has('asking', 'what'))
}

/** Without one of these a text is no question about the rules. */
const questions = [...asks, 'may', 'why', 'when'] as const

/** Nearer than the search itself asks for: it is only asked about what no rule knows. */
const NEAR = 0.72

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
  if (frame.has('week-rule')) return 'week'
  if (frame.has('who') && frame.has('visible') && frame.scopes.has('self')) return 'privacy'
  if (frame.has('how-often') && !frame.has('remind')) return 'data-delay'
  if (frame.has('when') && frame.has('visible', 'publish') && frame.has('score', 'data', 'do') && !isAward)
    return 'data-delay'
  if (frame.has('which-period') && isAward && (!frame.first('phase') || frame.has('score')))
    return `${prefix}-window`
  if (frame.has('mismatch') && !frame.indicators.length && frame.has('platform', 'score'))
    return 'platform-figure'
  if (frame.has('reset') && frame.has('score', 'asking', 'may') && !frame.has('password'))
    return `${prefix}-score`
  if (
    frame.has('period-word') &&
    frame.has('score', 'what', 'when', 'period-word') &&
    !frame.first('phase') &&
    !frame.windows.length &&
    frame.whom === undefined
  )
    return `${prefix}-period`
  if (frame.has('beyond') && frame.has('counts', 'score')) return beyondEntry(frame, prefix)
  if (
    frame.has('judges') &&
    frame.has('how', 'how-count', 'how-do', 'score', 'conditions', 'may', 'asking', 'judges') &&
    !frame.has('when')
  )
    return `${prefix}-judging`
  if (asksForNamedWindow(frame)) return `${prefix}-window`
  if (frame.has('certificate') && !frame.has('when')) return 'certificate'
  if (
    frame.has('vacation') &&
    frame.has('counts', 'score', 'limit', 'do', 'task') &&
    frame.whom === undefined
  )
    return 'vacations'
  if (frame.has('platform') && frame.has('where-do', 'how') && frame.has('score') && !frame.has('contact'))
    return 'platform-scores'
  if (frame.has('tie') && frame.has('how', 'how-count', 'how-do', 'rank-verb', 'what')) return 'ranking'
  if (frame.has('privacy') && !frame.has('rank') && !frame.indicators.length) return 'privacy'
  if (asksForStreak(frame)) return `${prefix}-streak`
  const space = frame.first('award') ?? frame.first('phase')
  if (frame.has('space-rules') && !frame.has('place', 'rank')) return `${prefix}-rubric-school`
  if (space && isRubric(frame) && frame.has('need', 'limit', 'score-ask', 'how-do'))
    return rubricEntry(frame, prefix)
  if (frame.has('indicator-word') && frame.has('best', 'fast') && frame.whom === undefined)
    return `${prefix}-week`
  if (frame.has('roles-both')) return 'two-roles'
  if (frame.has('fast') && !frame.has('who', 'which', 'most', 'activation')) return `${prefix}-week`
  return peopleEntry(frame) ?? scoreEntry(frame, prefix)
}

/** What is done over the task counts where tasks are no caps. */
function beyondEntry(frame: QuestionFrame, prefix: string): string {
  const target = `${prefix}-target`
  return frame.context.vocabulary.entries.has(target) && !frame.has('limit') ? target : 'not-counted'
}

/** When a window of the scheme is, and nothing else. */
function asksForNamedWindow(frame: QuestionFrame): boolean {
  const window = frame.windows[0]?.window
  const { windows } = frame.context.vocabulary.scheme
  const isNamed = windows.some(({ window: { from, to } }) => from === window?.from && to === window.to)
  return isNamed && frame.content.length <= 2 && frame.has('when', 'which-period', 'what', 'end', 'start')
}

/** Runs of days as the rules have them; somebody's own run is a figure. */
function asksForStreak(frame: QuestionFrame): boolean {
  const asks =
    frame.has('how', 'how-do', 'how-count', 'limit', 'may', 'counts', 'need', 'what', 'when') ||
    frame.first('stars') !== undefined
  return frame.has('streak') && frame.whom === undefined && asks
}

function isRubric(frame: QuestionFrame): boolean {
  const award = frame.first('award')?.award
  return frame.context.vocabulary.scheme.rubrics.some(({ name }) => name === award)
}

function rubricEntry(frame: QuestionFrame, prefix: string): string {
  const award = frame.context.vocabulary.scheme.awards.find(
    ({ name }) => name === frame.first('award')?.award,
  )
  return `${prefix}-rubric-${award?.subject === 'school' ? 'school' : 'teacher'}`
}

/** Who counts, and what becomes of points when people move. */
function peopleEntry(frame: QuestionFrame): string | undefined {
  if (
    frame.has('lagging') &&
    !frame.has('still') &&
    frame.has('average', 'counts') &&
    frame.has('counts', 'may', 'average')
  )
    return 'zero-counts'
  return frame.has('transferred') && !frame.has('bind', 'import', 'undo') ? 'transfer' : undefined
}

/** How points are added up, asked of nobody in particular. */
function scoreEntry(frame: QuestionFrame, prefix: string): string | undefined {
  if (frame.whom !== undefined || frame.indicators.length) return undefined
  if (frame.has('activation') && frame.has('how-count', 'need', 'goal')) return `${prefix}-activation`
  const isScore = frame.has('how-count', 'meaning') && frame.has('score', 'average') && !frame.has('award')
  const isMean = frame.has('or') && frame.has('average') && frame.has('score')
  return isScore || isMean ? `${prefix}-score` : undefined
}
