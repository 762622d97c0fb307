import { formatDay } from '../../calendar/day'
import type { Window } from '../../calendar/day'
import type { QuestionFrame } from '../frame'
import type { Intent, IntentOf } from '../intent'
import nameWords from '../words/names.json'
import talk from '../words/talk.json'
import { isNegated, said } from './rule'
import type { IntentRule } from './rule'

/** Binding a chat account to a person of the roster. */
export const bindRule: IntentRule = (frame) => {
  const code = frame.first('code')?.code
  if (code !== undefined) return { intent: 'bind', ask: 'code', code }
  if (frame.has('new-phone') && frame.has('how', 'how-do', 'bind', 'asking', 'may')) return howToBind()
  if (frame.has('unbind')) return { intent: 'bind', ask: 'remove' }
  if (frame.has('bind-code'))
    return frame.has('bind', 'how', 'how-do', 'where-do', 'contact', 'send-me') ||
      frame.has('bind-code-strong')
      ? howToBind()
      : undefined
  if (!frame.has('bind', 'bound-already')) return introduction(frame)
  if (frame.has('new-phone')) return howToBind()
  if (isNegated(frame) && (frame.has('who', 'which') || frame.subjects.size > 0)) return unbound(frame)
  if (frame.has('who', 'which') && frame.has('not')) return unbound(frame)
  if (
    isNegated(frame) &&
    !frame.scopes.has('self') &&
    frame.context.actor.role !== 'teacher' &&
    !frame.has('how', 'how-do', 'dont')
  )
    return unbound(frame)
  const isOfAll = frame.subjects.has('teacher') && !frame.scopes.has('self') && frame.place !== undefined
  if (isStatus(frame) && isOfAll) return unbound(frame)
  if (frame.has('how-many-people') && !frame.scopes.has('self')) return unbound(frame)
  const isWhich = frame.has('which', 'who') && frame.scopes.has('self')
  if (isStatus(frame) || isWhich) return { intent: 'bind', ask: 'status' }
  return { intent: 'bind', ask: 'start', ...named(frame) }
}

function howToBind(): Intent {
  return { intent: 'how-to', entry: 'binding' }
}

function unbound(frame: QuestionFrame): IntentOf<'bind'> {
  const { place } = frame
  const school = place === 'own-school' || place?.startsWith('school:') ? place : undefined
  return { intent: 'bind', ask: 'unbound', ...(isSchool(school) && { school }) }
}

function isSchool(place: string | undefined): place is NonNullable<IntentOf<'bind'>['school']> {
  return place === 'own-school' || place?.startsWith('school:') === true
}

function isStatus(frame: QuestionFrame): boolean {
  const isAsked =
    frame.has('not', 'bound-already') ||
    (frame.has('solved', 'progress-weak') && frame.has('asking', 'progress-weak'))
  return isAsked && !frame.has('how', 'how-do') && !frame.persons.length
}

const otherQuestions = ['score-ask', 'place', 'rank', 'gap', 'task', 'lagging', 'how-do', 'trouble'] as const

/** "I am so-and-so of such a school." */
function introduction(frame: QuestionFrame): IntentOf<'bind'> | undefined {
  // Who says who they are and asks something wants the answer.
  if (!frame.has('i-am') || frame.has(...otherQuestions)) return undefined
  const parts = named(frame)
  return parts.name !== undefined || parts.school !== undefined
    ? { intent: 'bind', ask: 'start', ...parts }
    : undefined
}

/**
 * A stranger's own name is nobody's that the stranger may know: beside a school the one unknown word is it, with a
 * surname before it and a last sign behind it that mean something else by themselves.
 */
function unknownName({ tokens, unknown, schools }: QuestionFrame): string | undefined {
  if (unknown.length !== 1 || !schools.length) return undefined
  const at = tokens.findIndex(({ senses, text }) => !senses.length && text === unknown[0])
  const [before, token, after] = [tokens[at - 1], tokens[at], tokens[at + 1]]
  if (!token) return undefined
  const surname = before?.to === token.from && nameWords.surnames.includes(before.text) ? before.text : ''
  const rest =
    after?.from === token.to && isLastSign(after.text) && (surname + token.text).length < 3 ? after.text : ''
  const name = surname + token.text + rest
  return /^\p{Script=Han}{2,4}$/u.test(name) ? name : undefined
}

function isLastSign(text: string): boolean {
  return text.length === 1 && !talk.particles.includes(text)
}

function named(frame: QuestionFrame): Pick<IntentOf<'bind'>, 'name' | 'school'> {
  const school = frame.schools[0]?.schools[0]
  return {
    ...said('name', frame.persons[0]?.persons[0]?.name ?? unknownName(frame)),
    ...(school && { school: `school:${school.code}` as const }),
  }
}

/** "For seven days" lies ahead when something is to be left undone. */
function lastQuietDay({ context }: QuestionFrame, { from, to }: Window): number {
  return to === context.today && from < to ? to + (to - from) + 1 : to
}

/** "Is it off or not", as against a wish that is put politely. */
function asksState(frame: QuestionFrame): boolean {
  const last = frame.content.at(-1)?.senses ?? []
  const isNot = last.some((sense) => sense.kind === 'cue' && sense.cue === 'not')
  const isOnlyAsking =
    last.length > 0 && last.every((sense) => sense.kind === 'cue' && sense.cue === 'asking')
  return !frame.has('dont') && (isNot || isOnlyAsking)
}

/** Who sends announcements does not turn them off for the own account. */
function isOrganiserRole({ context }: QuestionFrame): boolean {
  return context.actor.role === 'staff' || context.actor.role === 'support'
}

/** The asker's own reminders. */
export const remindRule: IntentRule = (frame) => {
  const isQuiet = frame.has('off') && frame.has('announce') && !isOrganiserRole(frame)
  if (!frame.has('remind') && !isQuiet && !(frame.has('dont') && frame.has('send-me-word'))) return undefined
  if (frame.has('on', 'off') && asksState(frame)) return { intent: 'remind', ask: 'show' }
  if (frame.has('on')) return { intent: 'remind', ask: 'on' }
  const isOff = frame.has('dont', 'off', 'cancel')
  const last = frame.windows[0]?.last
  const isAhead = last !== undefined && last.to >= frame.context.today
  if (isOff && last && isAhead)
    return { intent: 'remind', ask: 'until', until: formatDay(lastQuietDay(frame, last)) }
  if (isOff) return { intent: 'remind', ask: 'off' }
  const again = frame.windows[0]?.window.from
  if (again !== undefined && again > frame.context.today && frame.has('then'))
    return { intent: 'remind', ask: 'until', until: formatDay(again - 1) }
  // Whom to press for what they have not done is another question.
  if (isNegated(frame) || frame.has('lagging')) return undefined
  if (frame.has('when', 'vacation', 'what') || frame.has('how', 'how-do', 'how-often')) {
    return { intent: 'how-to', entry: 'reminders' }
  }
  return { intent: 'remind', ask: 'show' }
}
