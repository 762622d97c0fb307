import type { QuestionFrame } from '../frame'
import type { IntentOf, RankedSubject, RankingShow } from '../intent'
import { indicatorsOf, said } from './rule'
import type { IntentRule } from './rule'
import topics from '../words/topics.json'

type Ranking = IntentOf<'ranking'>

/** Places in rankings: one's own, somebody else's, the list and its ends, who rose and who fell. */
export const rankingRule: IntentRule = (frame) => {
  if (!asksForRanking(frame)) return undefined
  const person = frame.persons[0]?.persons[0]
  // A person's place stands in the answer on the person's score.
  if (person && !frame.first('top') && !frame.first('bottom')) {
    return { intent: 'score', whom: `person:${person.name}`, ...indicatorsOf(frame), ...frame.dates }
  }
  return makeRanking(frame)
}

export function makeRanking(frame: QuestionFrame): Ranking {
  const show = showOf(frame)
  const of = rankedSubjectOf(frame)
  const { where, within } = rankingPlace(frame)
  const only = onlySchool(frame)
  const page = frame.first('page')?.page
  return {
    intent: 'ranking',
    ...said('of', only ? 'school' : of),
    ...said('where', only ?? where),
    ...said('stage', only ? undefined : frame.stages[0]),
    ...indicatorsOf(frame),
    ...frame.dates,
    ...said('show', show ?? (asksOwnPlace(frame) ? 'place' : undefined)),
    ...said('within', within),
    ...said('page', page),
  }
}

/** Somebody who speaks of no list but of oneself asks for the own place. */
function asksOwnPlace(frame: QuestionFrame): boolean {
  return frame.scopes.has('self') && (!frame.has('rank') || frame.place === undefined || frame.isOneselfIn)
}

/** "Are we among the first ten": the place of the one that was named, not the list. */
function asksWhetherInto(frame: QuestionFrame): boolean {
  const isOne = frame.scopes.has('own-school') || frame.schools.length > 0 || frame.scopes.has('self')
  const asks = frame.has('into') || (frame.has('may', 'asking') && !frame.has('not'))
  return isOne && asks && hasEnd(frame) && !frame.has('who', 'which') && !frame.subjects.size
}

function hasEnd(frame: QuestionFrame): boolean {
  const isNumbered = frame.first('top') ?? frame.first('bottom') ?? frame.first('nth')
  return isNumbered !== undefined || frame.has('best', 'worst')
}

function asksForRanking(frame: QuestionFrame): boolean {
  if (frame.has('rank', 'place')) return true
  const asks = frame.has('who', 'which') || frame.subjects.size > 0 || frame.place !== undefined
  if (frame.first('top') || frame.first('bottom')) return true
  if (frame.first('nth')) return true
  if (frame.has('best', 'worst', 'compare') && asks && !frame.has('than-strong')) return true
  if (frame.has('rise', 'fall') && (frame.has('most') || frame.has('who', 'which')) && asks) return true
  if (isHighest(frame) || (frame.has('leads') && frame.has('who', 'which'))) return true
  return frame.has('rank-verb') && asks
}

/** "Which town is high in points." */
function isHighest(frame: QuestionFrame): boolean {
  return (
    frame.has('high') &&
    frame.has('who', 'which') &&
    ((frame.has('score') && frame.subjects.size > 0) || frame.stages.length > 0) &&
    !frame.has('why')
  )
}

/** Which part of the list is shown. */
export function showOf(frame: QuestionFrame): RankingShow | undefined {
  const isOne = frame.scopes.has('own-school') || frame.schools.length > 0 || frame.scopes.has('self')
  const asksWho = frame.has('who', 'which') || frame.subjects.size > 0
  if (frame.has('rise') && (frame.has('most') || asksWho) && !(isOne && frame.has('place'))) {
    return isOne && !frame.has('who', 'which', 'most') ? 'place' : 'risers'
  }
  if (frame.has('fall') && (frame.has('most') || asksWho) && !frame.has('place')) {
    return isOne && !frame.has('who', 'which', 'most') ? 'place' : 'fallers'
  }
  const ends = endOf(frame)
  if (ends) return ends
  const top = frame.first('top')
  const bottom = frame.first('bottom')
  const nth = frame.first('nth')
  if (frame.has('place') || asksWhetherInto(frame)) return 'place'
  if (bottom) return `bottom:${bottom.count}`
  if (top) return `top:${top.count}`
  if (nth) return `nth:${nth.count}`
  if (frame.has('worst') && !frame.has('best')) return 'bottom:1'
  if (frame.has('best', 'leads') || asksWhoOfAll(frame) || isHighest(frame)) return 'nth:1'
  return frame.has('rise', 'fall') && isOne ? 'place' : undefined
}

/** "Who is higher" asks for one of them, "compare them" for all. */
function asksWhoOfAll(frame: QuestionFrame): boolean {
  const word = frame.tokens[frame.indexOf('compare')]?.text ?? ''
  return topics.askers.some((asker) => word.includes(asker))
}

/** "The three lowest": the number stands apart from its end. */
function endOf(frame: QuestionFrame): RankingShow | undefined {
  const count = frame.first('number')?.value ?? 0
  if (count < 2 || count > 100 || !frame.subjects.size) return undefined
  if (frame.has('worst')) return `bottom:${count}`
  return frame.has('best') ? `top:${count}` : undefined
}

/** What is compared: what was named, teachers where one person or one school's people are meant, schools else. */
export function rankedSubjectOf(frame: QuestionFrame): RankedSubject | undefined {
  const { subjects } = frame
  for (const of of ['administrator', 'teacher', 'town'] as const) if (subjects.has(of)) return of
  if (frame.isOneselfIn) return 'teacher'
  if (subjects.has('school')) return 'school'
  if (frame.scopes.has('self') && !frame.scopes.has('own-school') && !frame.schools.length) return 'teacher'
  if (frame.has('inside-school')) return 'teacher'
  if (frame.has('who') && (frame.scopes.has('own-school') || frame.schools.length) && !frame.has('place')) {
    return 'teacher'
  }
  const isTown = frame.towns.length > 0 || frame.scopes.has('own-town')
  const isAmong =
    frame.scopes.has('district') || frame.context.actor.role === 'town' || !frame.scopes.has('own-town')
  if (frame.has('place') && isTown && isAmong && !frame.scopes.has('own-school') && !frame.schools.length)
    return 'town'
  if (frame.scopes.has('own-school') || frame.schools.length) {
    const isList = (frame.first('top') ?? frame.first('bottom')) && !asksWhetherInto(frame)
    return isList ? 'teacher' : 'school'
  }
  if (frame.stages.length) return 'school'
  const isOwn = frame.has('place') && frame.place === undefined
  return isOwn && frame.context.actor.role === 'teacher' ? 'teacher' : undefined
}

/** The one school of a stage that a town has, when its place is asked. */
function onlySchool(frame: QuestionFrame): `school:${string}` | undefined {
  const town = frame.towns[0]?.towns[0]
  const stage = frame.stages[0]
  if (town === undefined || stage === undefined || !frame.has('place') || frame.subjects.has('teacher'))
    return undefined
  const schools = frame.context.vocabulary.schools.schools.filter(
    (school) => school.town === town && school.stage === stage,
  )
  return schools.length === 1 && schools[0] ? `school:${schools[0].code}` : undefined
}

/** Whose place, and in which list: the own school's place in the town is the town's list. */
function rankingPlace(frame: QuestionFrame): { where?: Ranking['where']; within?: Ranking['within'] } {
  const where = frame.place
  if (where === 'own-school' && frame.scopes.has('own-town') && rankedSubjectOf(frame) === 'school') {
    return { where: 'own-town' }
  }
  if (where?.startsWith('school:') && frame.scopes.has('own-town')) return { where, within: 'own-town' }
  const town = frame.towns[0]?.towns[0]
  if (town !== undefined && where === 'own-school') return { where, within: `town:${town}` }
  return said('where', where ?? (isOwnUnsaid(frame) ? 'own-school' : undefined))
}

/** "Where does the school stand", asked by somebody of a school. */
function isOwnUnsaid(frame: QuestionFrame): boolean {
  const { role } = frame.context.actor
  const isOfSchool = role === 'administrator' || role === 'teacher'
  return (
    isOfSchool &&
    frame.has('place') &&
    frame.subjects.has('school') &&
    !frame.has('who', 'which') &&
    !frame.stages.length
  )
}
