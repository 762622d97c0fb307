import type { QuestionFrame } from '../frame'
import type { IntentOf, IntentWhom } from '../intent'
import nameWords from '../words/names.json'
import { indicatorsOf, isNegated, makeUnclear, said } from './rule'
import type { IntentRule } from './rule'

type GapTarget = IntentOf<'gap'>['to']

/** How far somebody is from the place, school, person or award that was named. */
export const gapRule: IntentRule = (frame) => {
  if (!frame.has('gap', 'more', 'less') && !asksToGetInto(frame)) return undefined
  // Days until a phase, and how many of a school's people have not done something, are no distances.
  if (frame.has('days-left') && frame.first('phase')) return undefined
  if (isNegated(frame) && (frame.subjects.size > 0 || frame.has('who'))) return undefined
  const target = placeTarget(frame) ?? awardTarget(frame)
  if (frame.has('what') && !frame.has('more', 'less') && target === undefined) return undefined
  const parties = partiesOf(frame)
  if (target !== undefined) {
    return parties.length > 1 ? undefined : makeGap(frame, target, parties[0])
  }
  if (!parties.length) return undefined
  const to = parties.at(-1)
  if (to === undefined || !isTarget(to)) {
    const other = parties.find(isTarget)
    return (
      other &&
      makeGap(
        frame,
        other,
        parties.find((party) => party !== other),
      )
    )
  }
  return parties.length > 2
    ? makeUnclear('incomplete')
    : makeGap(frame, to, parties.length === 2 ? parties[0] : undefined)
}

/** "How many points to get into the first twenty". */
function asksToGetInto(frame: QuestionFrame): boolean {
  const place = frame.first('top') ?? frame.first('nth')
  return frame.has('into') && place !== undefined && frame.has('score-ask', 'limit', 'need')
}

function makeGap(frame: QuestionFrame, to: GapTarget, whom: IntentWhom | undefined): IntentOf<'gap'> {
  const { from, to: until } = frame.dates
  return {
    intent: 'gap',
    ...said('whom', whom ?? ownParty(frame)),
    to,
    ...indicatorsOf(frame),
    ...said('since', from),
    ...said('until', until),
  }
}

/** Whose distance it is when nobody was named. */
function ownParty({ context }: QuestionFrame): IntentWhom | undefined {
  if (context.actor.role === 'teacher') return 'self'
  return context.actor.role === 'administrator' ? 'own-school' : undefined
}

function placeTarget(frame: QuestionFrame): GapTarget | undefined {
  const nth = frame.first('nth')?.count ?? frame.first('top')?.count
  if (nth !== undefined) return nth === 1 ? 'first' : `rank:${nth}`
  if (frame.has('best')) return 'first'
  if (frame.has('previous-one')) return 'previous'
  return frame.has('next-one') ? 'next' : undefined
}

function awardTarget(frame: QuestionFrame): GapTarget | undefined {
  const named = frame.first('award')?.award
  if (named !== undefined) return `award:${named}`
  if (!frame.has('award')) return undefined
  const own = ownAward(frame)
  return own === undefined ? undefined : `award:${own}`
}

/** The award that a teacher, or an administrator for the school, may get by rank. */
export function ownAward({ context }: QuestionFrame): string | undefined {
  const subject = context.actor.role === 'teacher' ? 'teacher' : 'school'
  return context.vocabulary.scheme.awards.find((award) => award.subject === subject)?.name
}

function isTarget(party: IntentWhom): party is GapTarget & IntentWhom {
  return party.startsWith('school:') || party.startsWith('person:')
}

/** Everybody named, in order of saying. */
export function partiesOf(frame: QuestionFrame): IntentWhom[] {
  const parties: IntentWhom[] = []
  for (const { senses, text } of frame.tokens) {
    for (const sense of senses) {
      const party = partyOf(sense, { frame, text })
      if (party !== undefined && !parties.includes(party)) parties.push(party)
    }
  }
  return parties
}

function partyOf(
  sense: QuestionFrame['tokens'][number]['senses'][number],
  { frame, text }: { frame: QuestionFrame; text: string },
): IntentWhom | undefined {
  switch (sense.kind) {
    case 'school':
      return frame.schoolIn(text, sense.schools)
    case 'person':
      return sense.persons[0] && `person:${sense.persons[0].name}`
    case 'scope':
      if (sense.scope === 'self') return 'self'
      if (sense.scope === 'own-school') return ownSchoolParty(frame, text)
      return sense.scope === 'own-town' ? 'own-town' : undefined
    default:
      return undefined
  }
}

/** "Of the whole school" is the list that somebody stands in, not a party. */
function ownSchoolParty(frame: QuestionFrame, text: string): IntentWhom | undefined {
  if (nameWords.inside.includes(text)) return undefined
  return frame.saysWe() ? frame.we : 'own-school'
}

/** Who of two or more stands higher. */
export const compareRule: IntentRule = (frame) => {
  const isAsked = frame.has('compare', 'high', 'ahead', 'best', 'than-strong') || frame.has('who', 'which')
  if (!isAsked) return undefined
  const parties = partiesOf(frame)
  const towns = frame.towns.flatMap(({ towns: named }) => named.slice(0, 1))
  if (frame.scopes.has('own-town') && frame.context.actor.town !== undefined)
    towns.unshift(frame.context.actor.town)
  const rest = { ...indicatorsOf(frame), ...frame.dates }
  if (towns.length > 1 && !frame.schools.length)
    return { intent: 'compare', towns: [...new Set(towns)], ...rest }
  const people = parties.flatMap((party) => personOf(frame, party))
  if (people.length > 1) return { intent: 'compare', persons: people, ...rest }
  const schools = parties.flatMap((party) => schoolOf(frame, party))
  return schools.length > 1 ? { intent: 'compare', schools, ...rest } : undefined
}

function personOf({ context }: QuestionFrame, party: IntentWhom): string[] {
  if (party.startsWith('person:')) return [party.slice('person:'.length)]
  return party === 'self' && context.actor.name !== undefined ? [context.actor.name] : []
}

function schoolOf({ context }: QuestionFrame, party: IntentWhom): string[] {
  if (party.startsWith('school:')) return [party.slice('school:'.length)]
  const isOwn = party === 'own-school' || party === 'self'
  return isOwn && context.actor.school !== undefined ? [context.actor.school] : []
}
