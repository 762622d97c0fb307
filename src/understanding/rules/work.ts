import type { QuestionFrame } from '../frame'
import type { IntentOf } from '../intent'
import dates from '../words/dates.json'
import { ownFigures } from './score'
import { indicatorsOf, isNegated, said } from './rule'
import type { IntentRule } from './rule'

/** Who has not done something. */
export const laggingRule: IntentRule = (frame) => {
  const negated =
    isNegated(frame) && (frame.indicators.length > 0 || frame.has('do', 'task', 'active', 'score'))
  const isShort = frame.indicators.length > 0 && frame.has('who') && frame.has('still', 'gap', 'missing')
  if (!negated && !isShort && !frame.has('lagging')) return undefined
  // One person's own gaps are tasks.
  if (frame.persons.length || isOneself(frame)) return undefined
  if (!asksForPeople(frame)) return undefined
  return makeLagging(frame)
}

function makeLagging(frame: QuestionFrame): IntentOf<'lagging'> {
  return {
    intent: 'lagging',
    ...said('where', frame.place),
    ...indicatorsOf(frame),
    ...frame.dates,
    ...(frame.subjects.has('administrator') && { role: 'administrator' as const }),
  }
}

function isOneself(frame: QuestionFrame): boolean {
  return frame.scopes.has('self') && !frame.has('who') && !frame.subjects.has('teacher')
}

/** "Those who have not logged in", said without a word for people. */
function isNominal(frame: QuestionFrame): boolean {
  const last = frame.tokens.at(-1)
  return frame.indicators.length > 0 && last !== undefined && dates.possessive.includes(last.text)
}

/** "Those who have not finished the tasks", asked by somebody who looks after others. */
function isUndoneNominal(frame: QuestionFrame): boolean {
  if (frame.context.actor.role === 'teacher' || (!isNegated(frame) && !frame.has('lagging'))) return false
  const at = frame.indexOf('task')
  return at >= 0 && dates.possessive.includes(frame.tokens[at + 1]?.text ?? '')
}

function asksForPeople(frame: QuestionFrame): boolean {
  const isNamed = frame.subjects.has('teacher') || frame.subjects.has('administrator')
  return (
    frame.has('who', 'how-many-people') ||
    isNamed ||
    isNominal(frame) ||
    isUndoneNominal(frame) ||
    (isNegated(frame) && frame.indicators.length > 0 && frame.has('which', 'missing')) ||
    (frame.has('which') && frame.subjects.has('school'))
  )
}

/** What is still to be done. */
export const tasksRule: IntentRule = (frame) => {
  const open =
    frame.has('still') &&
    !frame.has('score-ask') &&
    (frame.has('what') || (frame.has('times-ask') && frame.indicators.length > 0))
  const isUndone = isNegated(frame) || (frame.has('lagging') && frame.scopes.has('self'))
  const undone = isUndone && frame.has('what', 'which') && frame.has('do', 'lagging')
  const what = frame.has('todo') && !frame.first('phase') && !frame.has('phase')
  if (!frame.has('task', 'can-earn') && !open && !undone && !what) return undefined
  if (frame.first('phase')) return undefined
  return { intent: 'tasks', ...said('whom', frame.whom ?? ownFigures(frame)) }
}
