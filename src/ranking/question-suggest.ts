import { editDistance } from '../text/edit-distance'
import { endsOf, syllablesOf } from '../roster/school-names'
import type { NamedSchool } from '../roster/school-names'
import type { Vocabulary } from './question-vocabulary'
import { questionKey } from '../text/normalise'

const COUNT = 3
/** Unlike in more than half of the characters is not a typo. */
const LIMIT = 0.5

export interface Suggestions {
  /** Names of schools and other words, nearest first, at most 3. */
  texts: string[]
  /** Whether the nearest of all is a school. */
  school: boolean
  /** Of the nearest, from 0 (the same) to 1. */
  distance: number
}

/** What a text that nobody knows was probably meant to be, by spelling and by sound. */
export function suggest(given: string, vocabulary: Vocabulary, onlySchools = false): Suggestions {
  const target = form(given.slice(0, 20))
  const ranked: { text: string; distance: number; school: boolean }[] = []
  for (const [key, { text, meanings, part }] of onlySchools ? [] : vocabulary.entries) {
    const kind = meanings[0]?.kind
    if (part || kind === 'filler' || kind === 'until' || key.length < 2) continue
    ranked.push({ text, distance: distanceBetween(target, form(key)), school: false })
  }
  for (const school of vocabulary.schools.schools) {
    ranked.push({ text: school.name, distance: schoolDistance(target, school), school: true })
  }
  const near = ranked.filter(({ distance }) => distance <= LIMIT).sort((a, b) => a.distance - b.distance)
  const texts = [...new Set(near.map(({ text }) => text))].slice(0, COUNT)
  return { texts, school: near[0]?.school ?? false, distance: near[0]?.distance ?? 1 }
}

interface Form {
  characters: string[]
  syllables: string[]
}

const forms = new Map<string, Form>()
const FORMS = 20_000

/** Characters and sounds of a word; sounds are costly to look up and are kept. */
function form(key: string): Form {
  const known = forms.get(key)
  if (known) return known
  const made = { characters: [...key], syllables: syllablesOf(key) }
  if (forms.size >= FORMS) forms.clear()
  forms.set(key, made)
  return made
}

function schoolDistance(target: Form, { name }: NamedSchool): number {
  const key = questionKey(name)
  const { characters, syllables } = form(key)
  const skips = [0, ...endsOf(name).map((_, index) => index + 1)]
  const distances = skips.map((skip) =>
    // The end of a name is compared as if typed alone, a little less likely than the whole.
    Math.min(
      1,
      distanceBetween(target, { characters: characters.slice(skip), syllables: syllables.slice(skip) }) +
        skip / 1000,
    ),
  )
  return Math.min(...distances)
}

/** 0 for the same, 1 for nothing in common; the same sound in other characters is nearly the same. */
function distanceBetween(a: Form, b: Form): number {
  const longest = Math.max(a.characters.length, b.characters.length)
  const shortest = Math.min(a.characters.length, b.characters.length)
  if (longest === 0 || (longest - shortest) / longest > LIMIT) return 1
  const spelled = editDistance(a.characters, b.characters) / longest
  const sounded = 0.05 + editDistance(a.syllables, b.syllables) / longest
  return spelled === 0 ? 0 : Math.min(spelled, sounded)
}
