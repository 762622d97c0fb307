import type { QuestionFrame } from '../frame'
import type { IntentOf, IntentWhom } from '../intent'
import { indicatorsOf, isNegated, said } from './rule'
import type { IntentRule } from './rule'

/** Whose figures are meant when nobody was named: a teacher's own, an administrator's school. */
export function ownFigures(frame: QuestionFrame): IntentWhom | undefined {
  const { role } = frame.context.actor
  if (role === 'teacher' || role === 'stranger') return 'self'
  if (role === 'administrator') return 'own-school'
  return role === 'town' ? 'own-town' : undefined
}

/** "Why so little", also asked as "how is it so little". */
export function asksWhy(frame: QuestionFrame): boolean {
  return frame.has('why') || (frame.has('how') && frame.has('low', 'high', 'fall', 'score-wrong', 'lagging'))
}

/** Points of somebody or something, and where they come from. */
export const scoreRule: IntentRule = (frame) => {
  const { whom } = frame
  const about = frame.has('score', 'score-ask', 'average', 'low', 'high') || whom !== undefined
  const why = (asksWhy(frame) || (frame.has('how-count') && whom !== undefined)) && about
  if (!why && !frame.has('score-ask', 'score', 'average')) return undefined
  // What can be had at most is a rule.
  if (whom === undefined && frame.has('limit') && !frame.has('why')) return undefined
  // One sign alone asks nothing.
  if (frame.text.length < 2) return undefined
  // How many points are between whom was not said.
  if (frame.has('gap') && frame.has('score-ask') && !why && !frame.windows.length) return undefined
  // When points come is no question about how many there are.
  if (frame.has('when') && !frame.has('score-ask', 'why')) return undefined
  const asked = whom ?? ownFigures(frame)
  if (asked === undefined) return undefined
  return makeScore(frame, asked, why)
}

function makeScore(frame: QuestionFrame, whom: IntentWhom, why: boolean): IntentOf<'score'> {
  return {
    intent: 'score',
    whom,
    ...indicatorsOf(frame),
    // "Why less than last week" is asked about now.
    ...(frame.comparedWindow === undefined && frame.dates),
    ...(why && { why }),
  }
}

/** Single actions: what was done, how often, and whether it was counted. */
export const recordsRule: IntentRule = (frame) => {
  const { whom } = frame
  const listed = frame.has('records') && (whom !== undefined || frame.indicators.length > 0 || isOnly(frame))
  const counted = frame.has('counted') && (frame.indicators.length > 0 || whom !== undefined)
  const person = whom === 'self' || whom?.startsWith('person:')
  const times = frame.has('times-ask') && (frame.indicators.length > 0 || frame.has('streak')) && person
  // "Did I log in yesterday", "what has somebody done".
  const done =
    person &&
    !frame.first('number') &&
    frame.indicators.length > 0 &&
    frame.has('not', 'asking') &&
    frame.has('not', 'do') &&
    !isNegated(frame)
  const deeds =
    whom?.startsWith('person:') === true && frame.has('do') && frame.has('what') && !isNegated(frame)
  const isAsked = listed || counted || times || done || deeds
  if (!isAsked || frame.has('still', 'gap', 'how-do', 'how')) return undefined
  if (isNegated(frame) && frame.has('who', 'which')) return undefined
  return {
    intent: 'records',
    ...said('whom', whom ?? (ownFigures(frame) === 'self' ? 'self' : undefined)),
    ...recordedIndicators(frame),
    ...frame.dates,
    ...said('page', frame.first('page')?.page),
  }
}

/** A run of days is one of logins, whatever the indicator of the scheme is called. */
function recordedIndicators(frame: QuestionFrame): { indicators?: string[] } {
  if (frame.indicators.length || !frame.has('streak')) return indicatorsOf(frame)
  const { indicators } = frame.context.vocabulary.scheme
  return indicatorsOf({
    indicators: indicators.filter(({ rule }) => rule.kind === 'streak').map(({ name }) => name),
  })
}

function isOnly(frame: QuestionFrame): boolean {
  return frame.content.every(({ senses }) =>
    senses.some(
      (sense) =>
        sense.kind === 'window' ||
        sense.kind === 'whole-period' ||
        (sense.kind === 'cue' && sense.cue === 'records'),
    ),
  )
}
