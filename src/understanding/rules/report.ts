import type { QuestionFrame } from '../frame'
import type { Intent, IntentOf } from '../intent'
import { said } from './rule'
import { asksWhy } from './score'
import type { IntentRule } from './rule'

/** Problems: new ones, what became of old ones, and what the reporter thinks of the answer. */
export const reportRule: IntentRule = (frame) => {
  const ticket = ticketOf(frame)
  const isProgress =
    frame.has('progress') && (frame.has('my-issue') || frame.has('progress-strong') || ticket !== undefined)
  if (frame.has('my-issue') && frame.has('progress-weak') && !frame.has('how', 'how-do'))
    return about('progress', ticket)
  if (ticket !== undefined && frame.has('solved') && !isQuestion(frame)) return about('solved', ticket)
  if (isProgress || (ticket !== undefined && frame.has('solved'))) return about('progress', ticket)
  if (ticket !== undefined && frame.has('asking') && frame.has('do', 'progress-weak'))
    return about('progress', ticket)
  if (ticket !== undefined && frame.content.length <= 2 && !frame.first('nth') && !frame.indicators.length)
    return about('progress', ticket)
  return rating(frame) ?? outcome(frame) ?? newReport(frame)
}

function about(ask: IntentOf<'report'>['ask'], ticket: number | undefined): IntentOf<'report'> {
  return { intent: 'report', ...said('ask', ask), ...said('ticket', ticket) }
}

function isQuestion(frame: QuestionFrame): boolean {
  return frame.has('asking')
}

/** Numbers of reports have four digits or more and no unit. */
function ticketOf(frame: QuestionFrame): number | undefined {
  for (const { senses } of frame.tokens) {
    for (const sense of senses) {
      if (sense.kind === 'number' && sense.length >= 4 && sense.length <= 7 && sense.value >= 1000)
        return sense.value
    }
  }
  return undefined
}

function rating(frame: QuestionFrame): Intent | undefined {
  const stars = frame.first('stars')?.value
  const isAll = frame.content.every(({ senses }) =>
    senses.some(
      (sense) =>
        sense.kind === 'stars' || (sense.kind === 'cue' && ['satisfied', 'make'].includes(sense.cue)),
    ),
  )
  return stars !== undefined && isAll ? { intent: 'report', ask: 'rate', stars } : undefined
}

/** Said after an answer: it works, or it still does not. */
function outcome(frame: QuestionFrame): Intent | undefined {
  if (frame.has('who', 'which', 'place', 'rank', 'score-ask')) return undefined
  if (frame.has('reopen')) return { intent: 'report', ask: 'reopen' }
  return frame.has('solved') && !isQuestion(frame) && !frame.has('trouble')
    ? { intent: 'report', ask: 'solved' }
    : undefined
}

function newReport(frame: QuestionFrame): Intent | undefined {
  const isEarlier = frame.scopes.has('self') && frame.has('asking') && !frame.has('may', 'how', 'how-do')
  if (frame.has('report') && isEarlier) return about('progress', undefined)
  if (frame.has('report')) {
    return frame.has('how', 'how-do', 'when', 'where-do')
      ? { intent: 'how-to', entry: 'reporting' }
      : { intent: 'report', ask: 'new' }
  }
  if (frame.has('password')) return { intent: 'how-to', entry: 'platform-login' }
  if (frame.has('mismatch') && !frame.indicators.length) return { intent: 'how-to', entry: 'platform-figure' }
  if (frame.has('trouble') && !frame.has('who', 'which', 'times-ask')) {
    const isLogin = frame.has('how', 'how-do', 'contact') && frame.has('login')
    return isLogin ? { intent: 'how-to', entry: 'platform-login' } : { intent: 'report', ask: 'new' }
  }
  const isOwnAction = frame.indicators.length > 0 && frame.windows.length > 0 && frame.persons.length === 0
  if (isOwnAction && frame.has('score-wrong') && !frame.has('who', 'which'))
    return { intent: 'report', ask: 'new' }
  const isMine = frame.scopes.has('self') || frame.scopes.has('own-school')
  const isWrong = frame.has('score-wrong') && frame.has('score', 'score-ask') && isMine && !asksWhy(frame)
  return isWrong ? { intent: 'report', ask: 'new' } : undefined
}

/** How to reach the bureau, the platform, the group, the own school's administrator. */
export const contactRule: IntentRule = (frame) => {
  if (
    frame.has('group') &&
    (frame.has('group-number') || frame.has('contact', 'how', 'how-do', 'send-me', 'which'))
  ) {
    return { intent: 'contact', what: 'group' }
  }
  if (
    frame.has('group') &&
    frame.content.length + frame.unknown.length < 3 &&
    frame.context.actor.role !== 'staff'
  )
    return { intent: 'contact', what: 'group' }
  if (frame.has('find') && frame.has('people-admin')) return { intent: 'contact', what: 'school' }
  if (asksForAdministrator(frame)) return { intent: 'contact', what: 'school' }
  if (!frame.has('contact') || frame.has('bind-code')) return undefined
  if (frame.has('bureau')) return { intent: 'contact', what: 'bureau' }
  if (frame.has('people-admin')) return { intent: 'contact', what: 'school' }
  if (frame.has('platform')) return { intent: 'contact', what: 'platform' }
  return frame.has('contact-strong') ? { intent: 'contact' } : undefined
}

/** "Who is our administrator", and nothing about what that person has done. */
function asksForAdministrator(frame: QuestionFrame): boolean {
  const isBare = frame.content.every(({ senses }) =>
    senses.some(
      (sense) =>
        (sense.kind === 'scope' && sense.scope === 'own-school') ||
        (sense.kind === 'cue' && ['people-admin', 'who', 'which'].includes(sense.cue)),
    ),
  )
  const at = frame.indexOf('people-admin')
  return isBare && at >= 0 && frame.lastIndexOf('who', 'which') > at
}
