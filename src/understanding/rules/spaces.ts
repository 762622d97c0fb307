import { said } from './rule'
import { isNegated } from './rule'
import type { IntentRule } from './rule'

/** How many have opened their space, how many are missing, and which schools stand below what is asked. */
export const activationRule: IntentRule = (frame) => {
  if (!frame.has('activation')) return undefined
  // Who has opened the space and not done something else is another question.
  if (frame.indicators.length > 0 && isNegated(frame)) return undefined
  // How a share is raised is no question about how high it is.
  if (frame.has('fast') || (frame.has('how', 'how-do') && frame.has('rise'))) return undefined
  const where = said('where', frame.place)
  const isOne = frame.scopes.has('own-school') || frame.schools.length > 0
  const asksSchools = frame.has('which', 'who') || frame.subjects.has('school') || frame.has('list')
  if (frame.has('below', 'low') && asksSchools && !isOne)
    return { intent: 'activation', ...where, ask: 'below' }
  const missing = frame.has('missing') || (isNegated(frame) && frame.has('who', 'which', 'what'))
  return { intent: 'activation', ...where, ask: missing && !frame.has('rate') ? 'missing' : 'rate' }
}

/** How many students took part. */
export const participationRule: IntentRule = (frame) => {
  // What an action needs of students is a rule, not their share.
  if (frame.indicators.length && frame.has('need', 'may', 'how', 'how-count', 'counts', 'asking'))
    return undefined
  const students = frame.has('student') && frame.has('took-part', 'participation')
  if (!students && !frame.has('participation-rate')) return undefined
  return { intent: 'participation', ...said('where', frame.place) }
}

/** How many did anything at all in a window. */
export const activityRule: IntentRule = (frame) => {
  if (!frame.has('active') || isNegated(frame)) return undefined
  if (frame.persons.length || frame.scopes.has('self')) return undefined
  return { intent: 'activity', ...said('where', frame.place), ...frame.dates }
}
