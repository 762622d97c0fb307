import type { QuestionFrame } from './frame'
import type { Intent } from './intent'
import { partiesOf } from './rules/gap'

/** A ranking or score asked of several at once is one question for each. */
export function spreadIntents(frame: QuestionFrame, intent: Intent): Intent[] {
  if (intent.intent === 'ranking') {
    const places = partiesOf(frame).filter((party) => party.startsWith('school:') || party === 'own-school')
    if (places.length > 1) {
      return places.flatMap((where) =>
        where === 'own-school' || where.startsWith('school:') ? [{ ...intent, where: asPlace(where) }] : [],
      )
    }
    if (frame.stages.length > 1) return frame.stages.map((stage) => ({ ...intent, stage }))
    if (frame.towns.length > 1) {
      return frame.towns.flatMap(({ towns }) =>
        towns.slice(0, 1).map((town) => ({ ...intent, where: `town:${town}` as const })),
      )
    }
  }
  if (intent.intent === 'score' || intent.intent === 'records') {
    const parties = partiesOf(frame)
    if (parties.length > 1 && !parties.includes('self') && !isPersonAtSchool(frame))
      return parties.map((whom) => ({ ...intent, whom }))
  }
  return [intent]
}

/** A school beside a name only says where the person is. */
function isPersonAtSchool({ persons, schools }: QuestionFrame): boolean {
  const [person] = persons[0]?.persons ?? []
  if (!person || persons.length > 1 || !schools.length) return false
  return schools.every(({ schools: named }) => named.some(({ code }) => person.schools.includes(code)))
}

function asPlace(where: string): 'own-school' | `school:${string}` {
  return where === 'own-school' ? where : `school:${where.slice('school:'.length)}`
}
