import type { QuestionFrame } from './frame'
import type { Intent, IntentOf } from './intent'
import type { Cue, Sense } from './lexing/sense'
import { indicatorsOf, said } from './rules/rule'
import { partiesOf } from './rules/gap'
import { showOf } from './rules/ranking'

const slotKinds: readonly Sense['kind'][] = [
  'scope',
  'subject',
  'stage',
  'indicators',
  'school',
  'town',
  'person',
  'window',
  'whole-period',
  'top',
  'bottom',
  'nth',
  'award',
  'phase',
]
/** Kinds that a place in a list changes. */
const listed: readonly Intent['intent'][] = ['ranking', 'gap', 'score', 'records', 'compare']

const leaning: readonly Cue[] = [
  'then',
  'tail',
  'only',
  'and',
  'correction',
  'what',
  'which',
  'who',
  'than',
  'compare',
  'best',
  'worst',
]

/**
 * What a short remark asks after what the same person asked before: the earlier question with what the remark changes.
 * `fresh` is what the remark asks by itself. Undefined when it does not lean on what was before.
 */
export function followUp(
  frame: QuestionFrame,
  previous: Intent,
  fresh: Intent | undefined,
): Intent | undefined {
  if (previous.intent === 'unclear') return chooseCandidate(frame, previous)
  // Who has not done something is a whole question, however few its words are.
  const isBelow = previous.intent === 'activation' && frame.has('below')
  if (fresh?.intent === 'lagging' && previous.intent !== 'lagging' && !isBelow) return undefined
  if (frame.first('bad-date') || frame.unknownLength > 0) return undefined
  // Ends of lists are no words of questions that have none.
  const hasEnd = frame.first('top') ?? frame.first('bottom') ?? frame.first('nth')
  if (hasEnd && fresh?.intent === 'ranking' && !listed.includes(previous.intent)) return undefined
  switch (previous.intent) {
    case 'ranking':
      return afterRanking(frame, previous, fresh)
    case 'score':
    case 'records':
      return afterFigures(frame, previous, fresh)
    case 'gap':
      return afterGap(frame, previous, fresh)
    case 'compare':
      return afterCompare(frame, previous)
    case 'phases':
      return (
        afterPhases(previous, fresh) ??
        otherEnd(frame, previous) ??
        (isSlots(frame) ? { ...previous, ...said('phase', frame.first('phase')?.phase) } : undefined)
      )
    case 'how-to':
      return afterHowTo(frame, previous, fresh)
    case 'awards':
      return afterAwards(frame, previous, fresh)
    case 'activation':
      return afterActivation(frame, previous)
    case 'lagging':
      return isSlots(frame)
        ? {
            ...previous,
            ...said('where', frame.place),
            ...indicatorsOf(frame),
            ...datesAnew(frame, previous),
          }
        : undefined
    case 'activity':
      return isSlots(frame)
        ? { ...previous, ...said('where', frame.place), ...datesAnew(frame, previous) }
        : undefined
    case 'participation':
    case 'data-date':
      return isSlots(frame) ? { ...previous, ...said('where', frame.place) } : undefined
    case 'tasks':
      return isSlots(frame) ? { ...previous, ...said('whom', frame.whom) } : undefined
    default:
      return undefined
  }
}

/** Whether nothing but organisations, people, windows and the like was said. */
export function isSlots(frame: QuestionFrame): boolean {
  const { content } = frame
  return (
    content.some(({ senses }) => senses.some(({ kind }) => slotKinds.includes(kind))) &&
    content.every(({ senses }) =>
      senses.some(
        (sense) =>
          slotKinds.includes(sense.kind) ||
          sense.kind === 'filler' ||
          (sense.kind === 'cue' && leaning.includes(sense.cue)),
      ),
    )
  )
}

function datesAnew(frame: QuestionFrame, previous: { from?: string | undefined; to?: string | undefined }) {
  if (frame.first('whole-period')) return { from: undefined, to: undefined }
  return frame.windows.length ? frame.dates : { ...said('from', previous.from), ...said('to', previous.to) }
}

function afterRanking(
  frame: QuestionFrame,
  previous: IntentOf<'ranking'>,
  fresh: Intent | undefined,
): Intent | undefined {
  const isEnd =
    fresh?.intent === 'ranking' &&
    fresh.where === undefined &&
    (frame.first('nth') ||
      frame.first('top') ||
      frame.first('bottom') ||
      frame.has('best', 'worst', 'rise', 'fall'))
  if (frame.has('why') && (!fresh || fresh.intent === 'score') && frame.whom === undefined) {
    const whom = previous.where ?? (previous.of === 'teacher' ? 'self' : undefined)
    return whom === undefined
      ? undefined
      : {
          intent: 'score',
          whom,
          ...indicatorsOf(previous),
          ...said('from', previous.from),
          ...said('to', previous.to),
          why: true,
        }
  }
  if (!isSlots(frame) && !isEnd) return undefined
  const person = frame.persons[0]?.persons[0]
  if (person) return { intent: 'score', whom: `person:${person.name}`, ...datesAnew(frame, previous) }
  return changedRanking(frame, previous, isEnd === true || frame.first('nth') !== undefined)
}

function changedRanking(frame: QuestionFrame, previous: IntentOf<'ranking'>, isEnd: boolean): Intent {
  const subject = [...frame.subjects][0]
  const isOne = previous.where === 'own-school' || previous.where?.startsWith('school:') === true
  const isOwnPlace = previous.of === 'school' && isOne
  // Another stage, or an end of a list, is not about the one school of before.
  const widened = (frame.stages.length > 0 || isEnd) && isOwnPlace && frame.place === undefined
  const leftPlace = widened || (frame.place === 'district' && previous.show === 'place')
  return {
    intent: 'ranking',
    ...said('of', subject ?? (frame.schools.length && previous.of !== 'teacher' ? 'school' : previous.of)),
    ...said('where', widened ? undefined : (frame.place ?? previous.where)),
    ...said('stage', frame.stages[0] ?? previous.stage),
    ...indicatorsOf(frame.indicators.length ? frame : previous),
    ...datesAnew(frame, previous),
    ...said('show', showOf(frame) ?? (leftPlace ? undefined : previous.show)),
  }
}

function afterFigures(
  frame: QuestionFrame,
  previous: IntentOf<'score' | 'records'>,
  fresh: Intent | undefined,
): Intent | undefined {
  const placed = placeOf(frame, previous, fresh)
  if (placed) return placed
  const asksWhy = frame.has('why') || frame.has('how-count')
  if (
    previous.intent === 'score' &&
    asksWhy &&
    (!fresh || fresh.intent === 'score') &&
    frame.whom === undefined
  ) {
    return { ...previous, ...datesAnew(frame, previous), why: true }
  }
  if (!isSlots(frame)) return undefined
  return {
    ...previous,
    ...said('whom', frame.whom ?? previous.whom),
    ...indicatorsOf(frame),
    ...datesAnew(frame, previous),
  }
}

/** "And which place?" of whose figures were asked. */
function placeOf(
  frame: QuestionFrame,
  { intent, whom }: IntentOf<'score' | 'records'>,
  fresh: Intent | undefined,
): Intent | undefined {
  const isBare = frame.whom === undefined && !frame.subjects.size && !frame.stages.length
  if (intent !== 'score' || fresh?.intent !== 'ranking' || fresh.show !== 'place' || !isBare) return undefined
  if (whom?.startsWith('person:')) return { intent: 'score', whom, ...frame.dates }
  if (whom !== 'own-school' && !whom?.startsWith('school:')) return undefined
  const where = whom === 'own-school' ? whom : (`school:${whom.slice('school:'.length)}` as const)
  return { ...fresh, of: 'school', where }
}

function afterGap(
  frame: QuestionFrame,
  previous: IntentOf<'gap'>,
  fresh: Intent | undefined,
): Intent | undefined {
  if (fresh?.intent === 'gap') return fresh.whom === undefined ? { ...previous, to: fresh.to } : undefined
  if (!isSlots(frame) && !frame.has('previous-one', 'next-one', 'best')) return undefined
  const nth = frame.first('nth')?.count ?? frame.first('top')?.count
  if (nth !== undefined) return { ...previous, to: nth === 1 ? 'first' : `rank:${nth}` }
  if (frame.has('best')) return { ...previous, to: 'first' }
  if (frame.has('previous-one')) return { ...previous, to: 'previous' }
  if (frame.has('next-one')) return { ...previous, to: 'next' }
  const school = frame.schools[0]?.schools[0]
  if (school) return { ...previous, to: `school:${school.code}` }
  const person = frame.persons[0]?.persons[0]
  if (person) return { ...previous, to: `person:${person.name}` }
  const { from, to } = frame.dates
  return from === undefined ? undefined : { ...previous, since: from, ...said('until', to) }
}

function afterCompare(frame: QuestionFrame, previous: IntentOf<'compare'>): Intent | undefined {
  if (!isSlots(frame)) return undefined
  const dates = datesAnew(frame, previous)
  const parties = partiesOf(frame)
  const schools = parties.flatMap((party) =>
    party.startsWith('school:') ? [party.slice('school:'.length)] : [],
  )
  if (schools[0] !== undefined && previous.schools) {
    return {
      ...previous,
      schools: schools.length > 1 ? schools : [...previous.schools.slice(0, 1), schools[0]],
      ...dates,
    }
  }
  const person = frame.persons[0]?.persons[0]
  if (person && previous.persons)
    return { ...previous, persons: [...previous.persons.slice(0, 1), person.name], ...dates }
  return frame.windows.length || frame.indicators.length
    ? { ...previous, ...indicatorsOf(frame), ...dates }
    : undefined
}

function afterPhases(previous: IntentOf<'phases'>, fresh: Intent | undefined): Intent | undefined {
  if (fresh?.intent !== 'phases' || fresh.phase !== undefined || previous.phase === undefined)
    return undefined
  return { ...fresh, phase: previous.phase }
}

/** "And its end?" of the phase that was asked about. */
function otherEnd(frame: QuestionFrame, previous: IntentOf<'phases'>): Intent | undefined {
  if (frame.content.length > 2 || !frame.has('tail')) return undefined
  if (frame.has('end')) return { ...previous, ask: 'end' }
  return frame.has('start') ? { ...previous, ask: 'start' } : undefined
}

function afterHowTo(
  frame: QuestionFrame,
  previous: IntentOf<'how-to'>,
  fresh: Intent | undefined,
): Intent | undefined {
  // How the share of opened spaces is counted is a question of its own.
  if (fresh?.intent === 'how-to' && frame.has('activation')) return undefined
  // What names its own subject is a question of its own too.
  if (fresh?.intent === 'how-to' && fresh.entry !== previous.entry && !frame.indicators.length)
    return undefined
  const { vocabulary } = frame.context
  const indicator = frame.indicators[0]
  if (indicator !== undefined) {
    const entry = isSlots(frame) ? vocabulary.entryOf.get(indicator) : undefined
    return entry === undefined ? undefined : { intent: 'how-to', entry }
  }
  const asks = frame.has(
    'limit',
    'need',
    'times-ask',
    'counts',
    'where-do',
    'score-ask',
    'how-count',
    'how-do',
  )
  return asks && frame.whom === undefined && !frame.has('rank', 'place') ? previous : undefined
}

function afterAwards(
  frame: QuestionFrame,
  previous: IntentOf<'awards'>,
  fresh: Intent | undefined,
): Intent | undefined {
  if (fresh?.intent === 'awards')
    return fresh.award === undefined ? { ...fresh, ...said('award', previous.award) } : undefined
  if (frame.has('when') && frame.content.length <= 2 && !frame.first('phase'))
    return { intent: 'awards', ...said('award', previous.award), ask: 'schedule' }
  if (frame.has('eligible') && frame.whom !== undefined)
    return { intent: 'awards', ...said('award', previous.award), whom: frame.whom, ask: 'conditions' }
  return isSlots(frame)
    ? {
        ...previous,
        ...said('award', frame.first('award')?.award ?? previous.award),
        ...said('whom', frame.whom ?? previous.whom),
      }
    : undefined
}

function afterActivation(frame: QuestionFrame, previous: IntentOf<'activation'>): Intent | undefined {
  if (frame.has('below') && frame.has('which', 'who')) {
    const where = frame.place ?? previous.where
    return { intent: 'activation', ...said('where', where), ask: 'below' }
  }
  if (frame.has('missing') && !frame.has('rank', 'previous-one'))
    return { ...previous, ...said('where', frame.place ?? previous.where), ask: 'missing' }
  return isSlots(frame) ? { ...previous, ...said('where', frame.place ?? previous.where) } : undefined
}

/** The number, town, school or person that was said picks one of what may have been meant. */
function chooseCandidate(frame: QuestionFrame, { candidates = [] }: IntentOf<'unclear'>): Intent | undefined {
  const number =
    frame.first('nth')?.count ?? (frame.content.length === 1 ? frame.first('number')?.value : undefined)
  if (number !== undefined) return candidates[number - 1]
  const codes = new Set(frame.schools.flatMap(({ schools }) => schools.map(({ code }) => code)))
  const stages = new Set(frame.stages)
  const towns = new Set(frame.towns.flatMap(({ towns: named }) => named))
  const fitting = candidates.filter((candidate) => {
    const school = schoolMeant(candidate)
    const known = school === undefined ? undefined : frame.context.vocabulary.schools.byCode(school)
    if (!known) return false
    return codes.has(known.code) || towns.has(known.town ?? '') || stages.has(known.stage ?? '')
  })
  return fitting.length === 1 ? fitting[0] : undefined
}

function schoolMeant(intent: Intent): string | undefined {
  const named = 'where' in intent ? intent.where : 'whom' in intent ? intent.whom : undefined
  return named?.startsWith('school:') ? named.slice('school:'.length) : undefined
}
