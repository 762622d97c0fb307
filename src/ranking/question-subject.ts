import type { NamedSchool } from '../roster/school-names'
import type { Meaning } from './question-vocabulary'
import type { subjectWords } from './question-words'
import { present } from '../text/present'

export type QuestionSubject = (typeof subjectWords)[number]

/** Whose places are asked for. */
export type QuestionScope =
  | { kind: 'self' }
  | { kind: 'own-school' }
  | { kind: 'own-town' }
  | { kind: 'district' }
  | { kind: 'town'; town: string }
  | { kind: 'school'; code: string }

type Ambiguous = { text: string; schools: readonly NamedSchool[] }
type Scoped = { scope: QuestionScope; of?: QuestionSubject } | Ambiguous

/** What is compared; `school` gives way to a role, as in "the school's teachers". */
export function subjectOf(meanings: readonly Meaning[]): QuestionSubject | 'two' | undefined {
  const named = new Set(meanings.flatMap((meaning) => (meaning.kind === 'subject' ? meaning.of : [])))
  if (named.size > 1) named.delete('school')
  return named.size > 1 ? 'two' : [...named][0]
}

export function stagesOf(meanings: readonly Meaning[]): string[] {
  return [...new Set(meanings.flatMap((meaning) => (meaning.kind === 'stage' ? meaning.stage : [])))]
}

/**
 * One scope out of all that were named: a school before the district around it, the own town before the own school
 * in it, and what "I" adds is that teachers are compared. The town chooses between schools of one name.
 */
export function scopeOf(meanings: readonly Meaning[]): Scoped | 'two' | undefined {
  const towns = [...new Set(meanings.flatMap((meaning) => (meaning.kind === 'town' ? meaning.town : [])))]
  const words = new Set(meanings.flatMap((meaning) => (meaning.kind === 'scope' ? meaning.scope : [])))
  const school = schoolOf(meanings, towns)
  if (school === 'two' || towns.length > 1) return 'two'
  if (school) {
    if (words.has('own-school') || words.has('self')) return 'two'
    if (school.schools.length > 1) return school
    return { scope: { kind: 'school', code: present(school.schools[0], 'the school of a question').code } }
  }
  if (towns[0] !== undefined) {
    return words.has('own-town') ? 'two' : { scope: { kind: 'town', town: towns[0] } }
  }
  const self = words.has('self')
  if (words.has('own-town')) return { scope: { kind: 'own-town' }, ...(self && { of: 'teacher' }) }
  if (words.has('own-school')) return { scope: { kind: 'own-school' }, ...(self && { of: 'teacher' }) }
  if (self) return { scope: { kind: 'self' }, of: 'teacher' }
  return words.has('district') ? { scope: { kind: 'district' } } : undefined
}

function schoolOf(meanings: readonly Meaning[], towns: readonly string[]): Ambiguous | 'two' | undefined {
  const named = meanings.filter((meaning) => meaning.kind === 'school')
  if (!named.length) return undefined
  // Schools that every mention allows: a name and a code of the same school are one.
  const common = named
    .map(({ schools }) => schools)
    .reduce((all, some) => all.filter((school) => some.includes(school)))
  if (!common.length) return 'two'
  const inTown = common.filter(({ town }) => town !== undefined && towns.includes(town))
  return { text: named[0]?.text ?? '', schools: inTown.length ? inTown : common }
}
