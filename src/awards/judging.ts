import type { Award } from '../scheme/scheme'
import type { PeopleIndex } from '../scoring/people'
import { conflictOf } from './conflict'
import type { JudgedNominee, PanelJudge } from './conflict'
import type { NomineeSheets } from './tally'

/** A submitted sheet as a file states it. */
export interface StatedSheet {
  nominee: string
  judge: string
  affiliation: string
  points: readonly number[]
}

/**
 * The sheets of one award by nominee, those in conflict not among the counted ones. A judge who names several units in
 * the course of the year is of all of them.
 */
export function nomineeSheets(
  nominees: readonly string[],
  sheets: readonly StatedSheet[],
  roster: { people: PeopleIndex; award: Pick<Award, 'subject'> },
): NomineeSheets[] {
  const panel = panelOf(sheets)
  const byNominee = new Map<string, StatedSheet[]>(nominees.map((nominee) => [nominee, []]))
  for (const sheet of sheets) byNominee.get(sheet.nominee)?.push(sheet)
  return [...byNominee].map(([nominee, own]) => {
    const judged = judgedNominee(nominee, roster)
    const counted = own.filter(({ judge }) => {
      const member = panel.get(judge)
      return member !== undefined && conflictOf(member, judged) === undefined
    })
    return { nominee, sheets: own.length, counted }
  })
}

function panelOf(sheets: readonly StatedSheet[]): Map<string, PanelJudge> {
  const affiliations = new Map<string, Set<string>>()
  for (const { judge, affiliation } of sheets) {
    const own = affiliations.get(judge) ?? new Set()
    affiliations.set(judge, own.add(affiliation))
  }
  return new Map([...affiliations].map(([id, units]) => [id, { id, affiliations: [...units] }]))
}

/** A nominee with the school that it is, or that it is of. */
export function judgedNominee(
  code: string,
  { people, award }: { people: PeopleIndex; award: Pick<Award, 'subject'> },
): JudgedNominee {
  const slot = people.slot(code)
  const own = award.subject === 'school' ? code : (people.members[slot ?? -1]?.school ?? '')
  const school = people.school(own)
  return { code, schools: school ? [{ code: school.code, name: school.name }] : [] }
}
