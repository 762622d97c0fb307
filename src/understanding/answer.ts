import type { QuestionFrame } from './frame'
import type { Intent, IntentKind, IntentOf } from './intent'
import { bindRule, remindRule } from './rules/account'
import { awardsRule } from './rules/awards'
import { dataDateRule, phasesRule } from './rules/calendar'
import { compareRule, gapRule } from './rules/gap'
import { indicatorHowToRule, topicHowToRule } from './rules/how-to'
import {
  announceRule,
  bulletinRule,
  exportRule,
  importRule,
  materialsRule,
  noticeRule,
  operateRule,
} from './rules/organise'
import { rankingRule } from './rules/ranking'
import { contactRule, reportRule } from './rules/report'
import { makeUnclear } from './rules/rule'
import { isComplete } from './completeness'
import { findStrangeName } from './names/strange-name'
import { isAccountedFor, mayHaveUnknown, unexplainedWord } from './explained'
import type { IntentRule } from './rules/rule'
import { recordsRule, scoreRule } from './rules/score'
import { activationRule, activityRule, participationRule } from './rules/spaces'
import { readSmallTalk } from './rules/talk'
import { laggingRule, tasksRule } from './rules/work'
import dates from './words/dates.json'

/** Asked in this order: what is unmistakable first, what many words could mean last. */
const rules: readonly IntentRule[] = [
  readSmallTalk,
  noticeRule,
  remindRule,
  bindRule,
  topicHowToRule,
  exportRule,
  bulletinRule,
  importRule,
  announceRule,
  operateRule,
  contactRule,
  reportRule,
  dataDateRule,
  gapRule,
  compareRule,
  phasesRule,
  awardsRule,
  activationRule,
  participationRule,
  indicatorHowToRule,
  laggingRule,
  recordsRule,
  rankingRule,
  tasksRule,
  activityRule,
  scoreRule,
  materialsRule,
]

/** Kinds whose answer is a figure or a name: nothing about them may be guessed. */
const exact: readonly IntentKind[] = [
  'ranking',
  'score',
  'gap',
  'compare',
  'records',
  'tasks',
  'lagging',
  'activation',
  'participation',
  'activity',
  'data-date',
]

/** Kinds of questions that may be about a person. */
const ofPersons: readonly IntentKind[] = ['score', 'records', 'tasks', 'gap', 'compare']

/** Other kinds that a date may be part of. */
const dated: readonly IntentKind[] = ['remind', 'awards', 'phases']

/** How many signs may stay unknown in a question about something else than figures, as a share of all. */
const LOOSE = 0.34

/** What one question asks; undefined when no rule knows it. */
export function answerFrame(frame: QuestionFrame): Intent | undefined {
  for (const rule of rules) {
    const intent = rule(frame)
    if (intent) return checked(frame, intent)
  }
  return undefined
}

/** The intent, or what about it is not sure enough. */
function checked(frame: QuestionFrame, intent: Intent): Intent {
  if (intent.intent === 'unclear' || intent.intent === 'none') return intent
  if (exact.includes(intent.intent) || dated.includes(intent.intent)) {
    const date = frame.first('bad-date')
    if (date) return makeUnclear(date.why)
  }
  const name = ofPersons.includes(intent.intent) ? findStrangeName(frame) : undefined
  if (name !== undefined) return makeUnclear('unknown-name', name)
  if (exact.includes(intent.intent)) return uncertain(frame, intent) ?? intent
  const isNamed = intent.intent === 'bind' && intent.name !== undefined
  if (!isNamed && isTooUnknown(frame)) return makeUnclear('unknown-words', frame.unknown[0])
  return (isAccountedFor(intent) ? unexplained(frame, intent) : undefined) ?? intent
}

/** Words that stay unknown or that the intent does not account for; it is offered then and not answered. */
function unexplained(frame: QuestionFrame, intent: Intent): IntentOf<'unclear'> | undefined {
  const isUnknown = frame.unknownLength > 1 && !mayHaveUnknown(intent)
  const word = unexplainedWord(frame, intent) ?? (isUnknown ? frame.unknown[0] : undefined)
  if (word === undefined) return undefined
  // The rest of what is left out is the contrary of what was meant.
  return frame.has('except')
    ? makeUnclear('unexplained', word)
    : { ...makeUnclear('unexplained', word), candidates: [intent] }
}

function uncertain(frame: QuestionFrame, intent: Intent): IntentOf<'unclear'> | undefined {
  const vague = frame.vaguePerson
  if (vague !== undefined) return makeUnclear('person', vague)
  const several = frame.schools.find(({ schools }) => schools.length > 1)
  if (several) {
    const candidates = several.schools.slice(0, 5).map(({ code }) => withSchool(intent, `school:${code}`))
    return { ...makeUnclear('several-schools', several.text), candidates }
  }
  const namesakes = frame.persons.find(({ persons }) => persons.length > 1)
  if (namesakes) return makeUnclear('several-persons', namesakes.text)
  const places = frame.towns.find(({ towns }) => towns.length > 1)
  if (places) return makeUnclear('several-towns', places.text)
  if (frame.has('neighbour') && !frame.schools.length && !frame.persons.length)
    return makeUnclear('incomplete')
  if (frame.windows.length > 1 || frame.hasStrayNumber || isHalfDate(frame)) return makeUnclear('date')
  const compared = frame.comparedWindow
  if (compared !== undefined && !('why' in intent)) return makeUnclear('unexplained', compared)
  if (frame.hasSeveralEnds) return makeUnclear('incomplete')
  const ours = frame.strangeOurs
  if (ours !== undefined) return makeUnclear('unknown-words', ours)
  if (!isComplete(frame, intent)) return makeUnclear('incomplete')
  if (frame.lacksStage) return makeUnclear('school', frame.towns[0]?.text)
  const stranger = frame.strangeSchool
  if (stranger !== undefined) return makeUnclear('school', stranger)
  if (frame.windows.some(({ window }) => window.from > window.to)) return makeUnclear('date')
  if (frame.unknownLength > 1) return makeUnclear('unknown-words', frame.unknown[0])
  // One strange sign before points that are nobody's in particular may be whose or of what they are.
  if (intent.intent === 'score' && frame.whom === undefined && frame.unknownLength > 0)
    return { ...makeUnclear('unexplained', frame.unknown[0]), candidates: [intent] }
  return unexplained(frame, intent)
}

/** A unit of dates that nothing belongs to, or two windows of which each is asked. */
function isHalfDate(frame: QuestionFrame): boolean {
  if (frame.unknown.some((text) => dates['units-alone'].includes(text))) return true
  return (
    frame.has('each') &&
    frame.tokens.some(
      ({ senses, text }) =>
        senses.some(({ kind }) => kind === 'window') && dates.joins.some((join) => text.includes(join)),
    )
  )
}

function isTooUnknown(frame: QuestionFrame): boolean {
  const free: readonly IntentKind[] = ['announce', 'report']
  return (
    !free.some((kind) => frame.has(kind === 'announce' ? 'announce' : 'trouble')) &&
    frame.unknownLength > 1 &&
    frame.unknownLength > frame.text.length * LOOSE
  )
}

/** The same question about another school. */
export function withSchool(intent: Intent, school: `school:${string}`): Intent {
  switch (intent.intent) {
    case 'ranking':
    case 'lagging':
    case 'activation':
    case 'participation':
    case 'activity':
    case 'data-date':
      return { ...intent, where: school }
    case 'score':
    case 'records':
    case 'tasks':
      return { ...intent, whom: school }
    case 'gap':
      return { ...intent, to: school }
    default:
      return intent
  }
}
