import { pinyin } from 'pinyin-pro'
import type { School } from './member'
import { questionKey } from '../text/normalise'

export type NamedSchool = Pick<School, 'code' | 'name' | 'town'>

/** The shortest end of a school's name that stands for it inside a question. */
const SHORTEST_END = 3

/** Names by which people call schools. Built once per roster, asked for every question. */
export class SchoolNames {
  /** By code, whole name, and every end of a name (a name without its town in front). */
  readonly #exact = new Map<string, NamedSchool[]>()
  readonly #ends = new Map<string, NamedSchool[]>()
  readonly #keys: readonly string[]
  #sounds: Map<string, NamedSchool[]> | undefined

  constructor(
    readonly schools: readonly NamedSchool[],
    generic: (key: string) => boolean = () => false,
  ) {
    this.#keys = schools.map(({ name }) => questionKey(name))
    for (const school of schools) {
      add(this.#exact, questionKey(school.code), school)
      add(this.#exact, questionKey(school.name), school)
      for (const end of endsOf(school.name)) if (!generic(end)) add(this.#ends, end, school)
    }
  }

  get longest(): number {
    return Math.max(0, ...[...this.#exact.keys()].map((key) => key.length))
  }

  /** Schools with this code or name, else those whose name ends so. `key` is a `wordKey`. */
  exact(key: string): readonly NamedSchool[] {
    return this.#exact.get(key) ?? this.#ends.get(key) ?? []
  }

  /** Schools meant by a text that is nothing but a school: part of a name, letters left out, or pinyin. */
  find(key: string): readonly NamedSchool[] {
    const exact = this.exact(key)
    if (exact.length || key.length < 2) return exact
    const parts = this.schools.filter((_, index) => this.#keys[index]?.includes(key))
    if (parts.length) return parts
    if (/^[a-z]+$/.test(key)) return this.#bySound(key)
    return this.schools.filter((_, index) => isSubsequence(key, this.#keys[index] ?? ''))
  }

  #bySound(key: string): readonly NamedSchool[] {
    if (!this.#sounds) {
      this.#sounds = new Map()
      for (const school of this.schools) {
        const syllables = syllablesOf(questionKey(school.name))
        for (let start = 0; start <= syllables.length - SHORTEST_END; start++) {
          const rest = syllables.slice(start)
          add(this.#sounds, rest.join(''), school)
          add(this.#sounds, rest.map((syllable) => syllable[0] ?? '').join(''), school)
        }
      }
    }
    return this.#sounds.get(key) ?? []
  }
}

/** The sound of each character, without tones; a letter or digit is its own sound. */
export function syllablesOf(key: string): string[] {
  const syllables = pinyin(key, { toneType: 'none', type: 'array', v: true })
  const characters = [...key]
  return syllables.length === characters.length ? syllables : characters
}

/** The ends of a name that are shorter than the whole, longest first. */
export function endsOf(name: string): string[] {
  const characters = [...questionKey(name)]
  const count = Math.max(0, characters.length - SHORTEST_END)
  return Array.from({ length: count }, (_, index) => characters.slice(index + 1).join(''))
}

function add(index: Map<string, NamedSchool[]>, key: string, school: NamedSchool): void {
  const known = index.get(key)
  if (!known) index.set(key, [school])
  else if (!known.includes(school)) known.push(school)
}

function isSubsequence(part: string, whole: string): boolean {
  let at = 0
  for (const character of part) {
    at = whole.indexOf(character, at) + 1
    if (at === 0) return false
  }
  return true
}
