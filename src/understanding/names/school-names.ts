import type { School } from '../../roster/member'
import { soundOf, typedForms } from '../lexing/sounds'
import { questionKey } from '../../text/normalise'
import nameWords from '../words/names.json'

export type CalledSchool = Pick<School, 'code' | 'name' | 'town' | 'stage'>

const shortForms = Object.entries(nameWords['school-short']).sort(([a], [b]) => b.length - a.length)

/** The shortest name that is compared by its sound or with one sign wrong. */
const SHORTEST_SOUND = 3
const SHORTEST_WRONG = 4

/** How schools are called: whole and short names, by sound, by initials, with one wrong sign. Built once per roster. */
export class SchoolNameIndex {
  readonly exact = new Map<string, CalledSchool[]>()
  readonly #sounds = new Map<string, CalledSchool[]>()
  readonly #typed = new Map<string, CalledSchool[]>()
  readonly #short = new Map<string, CalledSchool[]>()
  readonly #wrong = new Map<string, CalledSchool[]>()
  readonly #prefixes = new Set<string>()
  readonly #soundPrefixes = new Set<string>()
  readonly #ends = new Set<string>()
  readonly #byCode = new Map<string, CalledSchool>()
  readonly longest: number

  constructor(
    readonly schools: readonly CalledSchool[],
    townStems: ReadonlySet<string>,
  ) {
    const loose: [string, CalledSchool][] = []
    for (const school of schools) {
      const key = questionKey(school.name)
      this.#byCode.set(school.code, school)
      add(this.exact, key, school)
      if (school.code.length >= 4) add(this.exact, questionKey(school.code), school)
      const called = callsOf(key, { school, townStems })
      for (const name of called.sure) add(this.exact, name, school)
      for (const name of called.loose) loose.push([name, school])
      this.#addLetters(key, school)
      for (const name of [key, ...called.sure]) this.#addSound(name, school)
      for (const name of called.loose) {
        if (name.length < SHORTEST_WRONG) continue
        add(this.#sounds, soundOf(name), school)
        add(this.#short, typedForms(name).initials, school)
      }
    }
    // What could be any school of its kind gives way to the name that a school really has.
    const real = new Set(this.exact.keys())
    for (const [name, school] of loose) if (!real.has(name)) add(this.exact, name, school)
    for (const name of this.exact.keys()) {
      this.#ends.add(name.at(-1) ?? '')
      for (let end = 1; end <= name.length; end++) this.#prefixes.add(name.slice(0, end))
    }
    for (const sound of this.#sounds.keys()) {
      for (let end = sound.indexOf(' '); end >= 0; end = sound.indexOf(' ', end + 1))
        this.#soundPrefixes.add(sound.slice(0, end + 1))
    }
    this.longest = Math.max(2, ...[...this.exact.keys()].map((name) => name.length))
  }

  /** Whether any name begins so. */
  begins(part: string): boolean {
    return this.#prefixes.has(part)
  }

  soundBegins(sound: string): boolean {
    return this.#soundPrefixes.has(sound)
  }

  byCode(code: string): CalledSchool | undefined {
    return this.#byCode.get(code)
  }

  /** By the sound of a text as `soundOf` tells it. */
  bySound(sound: string): readonly CalledSchool[] {
    return this.#sounds.get(sound) ?? []
  }

  /** By letters: the whole pinyin or the initials, of whole names before those of short ones. */
  byLetters(letters: string): readonly CalledSchool[] {
    return this.#typed.get(letters) ?? this.#short.get(letters) ?? []
  }

  /** By a text of the same length with one other sign in it. */
  byOneWrong(text: string): readonly CalledSchool[] {
    if (text.length < SHORTEST_WRONG || !this.#ends.has(text.at(-1) ?? '')) return []
    for (let place = text.length - 1; place >= 0; place--) {
      const found = this.#wrong.get(`${text.slice(0, place)}?${text.slice(place + 1)}`)
      if (found) return found
    }
    return []
  }

  #addLetters(name: string, school: CalledSchool): void {
    const { whole, initials } = typedForms(name)
    add(this.#typed, whole, school)
    add(this.#typed, initials, school)
  }

  #addSound(name: string, school: CalledSchool): void {
    if (name.length < SHORTEST_SOUND) return
    add(this.#sounds, soundOf(name), school)
    const { whole, initials } = typedForms(name)
    add(this.#short, whole, school)
    add(this.#short, initials, school)
    if (name.length < SHORTEST_WRONG) return
    for (let place = 0; place < name.length; place++) {
      add(this.#wrong, `${name.slice(0, place)}?${name.slice(place + 1)}`, school)
    }
  }
}

interface Calling {
  school: CalledSchool
  townStems: ReadonlySet<string>
}

/** What people call a school: its kind shortened, its town left out or put before it, its town by one sign. */
function callsOf(key: string, { school, townStems }: Calling): { sure: string[]; loose: string[] } {
  const stem = stemOf(key, { school, townStems })
  const rest = key.slice(stem.length)
  const form = shortForms.find(([kind]) => rest.endsWith(kind))
  const own = rest.slice(0, rest.length - (form?.[0].length ?? 0))
  const kinds = form ? form[1].map((kind) => own + kind) : [rest]
  const town = school.town === undefined ? '' : questionKey(school.town)
  const fronts = [...new Set([stem, stem && town, town])].filter((front) => front !== '')
  // "The schools of the town" are all of them.
  const isAny = (front: string, kind: string) =>
    front === town && front !== stem && nameWords['any-school'].includes(kind)
  const sure = fronts.flatMap((front) =>
    kinds.filter((kind) => !isAny(front, kind)).map((kind) => front + kind),
  )
  const bare = kinds.filter(
    (kind) => kind.length >= (own ? 2 : 3) || (form && kind.length === 2 && !isStage(kind)),
  )
  const first =
    stem.length > 1 ? kinds.filter((kind) => kind.length <= 2).map((kind) => `${stem[0] ?? ''}${kind}`) : []
  const generic = nameWords.generic.filter((kind) => rest.endsWith(kind)).map((kind) => stem + kind)
  const loose = [...(stem ? bare.filter((kind) => !isStage(kind)) : []), ...first, ...(stem ? generic : [])]
  return { sure: sure.filter((name) => name.length > 2), loose: loose.filter((name) => name.length >= 2) }
}

/** The part of a name that is its town's, without the town's ending. */
function stemOf(key: string, { school, townStems }: Calling): string {
  const own = school.town === undefined ? '' : townStem(school.town)
  if (own && key.startsWith(own)) return own
  for (let length = Math.min(4, key.length - 1); length >= 2; length--) {
    if (townStems.has(key.slice(0, length))) return key.slice(0, length)
  }
  return ''
}

const stages = new Set(nameWords.stages)
function isStage(kind: string): boolean {
  return stages.has(kind)
}

/** A town's name without the word for what it is. */
export function townStem(name: string): string {
  const key = questionKey(name)
  const ending = nameWords['town-endings'].find((word) => key.endsWith(word) && key.length - word.length >= 2)
  return ending ? key.slice(0, -ending.length) : key
}

function add(index: Map<string, CalledSchool[]>, key: string, school: CalledSchool): void {
  const known = index.get(key)
  if (!known) index.set(key, [school])
  else if (!known.includes(school)) known.push(school)
}
