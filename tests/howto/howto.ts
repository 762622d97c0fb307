import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { ConfigError } from '../../src/scheme/problem'
import { readHowTo } from '../../src/howto/entries'
import type { HowTo, HowToFile } from '../../src/howto/entries'
import { HowToSearch } from '../../src/howto/search'

const folder = resolve(__dirname, '../../config/how-to')
export const files: HowToFile[] = readdirSync(folder)
  .sort()
  .map((name) => ({ file: `config/how-to/${name}`, text: readFileSync(resolve(folder, name), 'utf8') }))

function load(): HowTo {
  const read = readHowTo(files)
  if (!read.ok) throw new ConfigError(read.problems)
  return read.value
}
export const howTo = load()

export interface Labelled {
  scheme: string
  question: string
  /** Entries that answer it; none: a person has to. */
  entries: string[]
  heldOut: boolean
}

const raw = parse(readFileSync(resolve(__dirname, 'questions.yml'), 'utf8')) as Record<string, string[][]>
/** Odd lines of each list are for tuning, even ones held out. */
export const questions: Labelled[] = Object.values(raw).flatMap((list) =>
  list.map(([scheme = '', question = '', ...entries], index) => ({
    scheme,
    question,
    entries,
    heldOut: index % 2 === 1,
  })),
)

export interface Measured {
  questions: number
  answerable: number
  answered: number
  right: number
  precision: number
  recall: number
}

/** How the set is answered at a threshold (default: the one of the rules). */
export function measure(set: readonly Labelled[], threshold?: number): Measured {
  const searches = new Map<string, HowToSearch>()
  let answered = 0
  let right = 0
  for (const { scheme, question, entries } of set) {
    const search = searches.get(scheme) ?? new HowToSearch(howTo, scheme, { threshold })
    searches.set(scheme, search)
    const answer = search.ask(question)
    if (answer.kind === 'person') continue
    answered++
    if (entries.includes(answer.match.entry.id)) right++
  }
  const answerable = set.filter(({ entries }) => entries.length).length
  return {
    questions: set.length,
    answerable,
    answered,
    right,
    precision: answered ? right / answered : 1,
    recall: answerable ? right / answerable : 1,
  }
}
