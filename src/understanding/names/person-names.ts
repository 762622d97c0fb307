import { foldedOf } from '../lexing/sounds'
import { questionKey } from '../../text/normalise'

/** One name of the roster, with the schools in which people of that name are. */
export interface CalledPerson {
  name: string
  schools: readonly string[]
}

/** The longest name that is looked for in a sentence. */
export const LONGEST_PERSON = 6

/** Names of members: exact, by sound, and with one wrong sign. Built once per roster; the sounds when first asked for. */
export class PersonNameIndex {
  readonly #exact = new Map<string, { name: string; schools: string[] }>()
  #sounds: Map<string, CalledPerson[]> | undefined
  #bySurname: Map<string, CalledPerson[]> | undefined

  constructor(members: Iterable<{ name: string; school: string }>) {
    for (const { name, school } of members) {
      const key = questionKey(name)
      const known = this.#exact.get(key)
      if (!known) this.#exact.set(key, { name, schools: [school] })
      else if (!known.schools.includes(school)) known.schools.push(school)
    }
  }

  get size(): number {
    return this.#exact.size
  }

  exact(key: string): CalledPerson | undefined {
    return this.#exact.get(key)
  }

  /** Names that sound like a text. */
  bySound(text: string): readonly CalledPerson[] {
    this.#sounds ??= groupBy(this.#exact, soundKey)
    return this.#sounds.get(soundKey(text)) ?? []
  }

  /** Names of three signs or more with the same surname and one other sign. */
  byOneWrong(text: string): readonly CalledPerson[] {
    if (text.length < 3) return []
    this.#bySurname ??= groupBy(this.#exact, (key) => `${key[0] ?? ''}${key.length}`)
    const bucket = this.#bySurname.get(`${text[0] ?? ''}${text.length}`) ?? []
    return bucket.filter(({ name }) => differences(name, text) === 1)
  }
}

function soundKey(text: string): string {
  let key = ''
  for (const sign of text) key += `${foldedOf(sign)} `
  return key
}

function groupBy(
  names: ReadonlyMap<string, CalledPerson>,
  keyOf: (key: string) => string,
): Map<string, CalledPerson[]> {
  const groups = new Map<string, CalledPerson[]>()
  for (const [key, person] of names) {
    const group = keyOf(key)
    const known = groups.get(group)
    if (known) known.push(person)
    else groups.set(group, [person])
  }
  return groups
}

function differences(name: string, text: string): number {
  let count = 0
  for (let place = 0; place < text.length && count < 2; place++) if (name[place] !== text[place]) count++
  return count
}
