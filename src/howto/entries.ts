import { z } from 'zod'
import { formatPath, readConfig } from '../configuration/document'
import type { ConfigPath, ConfigProblem, ConfigResult, ConfigText } from '../configuration/document'
import { attributes } from '../scheme/scheme'
import { buckets } from '../calendar/bucket'

const word = z.string().min(1).max(30)
const name = z.string().min(1).max(40)
const cap = z.strictObject({ times: z.int().min(1), per: z.enum(buckets) })
const bound = z.strictObject({ min: z.number().optional(), max: z.number().optional() })
const bounds = z.partialRecord(z.enum(attributes), bound)

const facts = z.strictObject({
  points: z.number().optional(),
  streak: z.array(z.strictObject({ from: z.int().min(1), points: z.number() })).optional(),
  cap: cap.optional(),
  target: cap.optional(),
  requirement: z.strictObject({ all: bounds.optional(), any: bounds.optional() }).optional(),
})

const entriesFile = z.strictObject({
  scheme: z.string().min(1).optional(),
  entries: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][a-z0-9-]{1,49}$/),
        indicator: name.optional(),
        facts: facts.optional(),
        questions: z.array(z.string().min(2).max(60)).min(1).max(50),
        answer: z.string().min(10).max(600),
      }),
    )
    .min(1)
    .max(500),
})

const searchFile = z.strictObject({
  threshold: z.number().positive().max(1),
  closest: z.number().positive().max(1),
  synonyms: z.array(z.array(word).min(2).max(50)).max(1000),
  stopwords: z.array(word).max(1000),
  person: z.array(word).max(1000),
})

/** What the answer says of an indicator's rule, so that it can be compared with the scheme. */
export type Facts = z.infer<typeof facts>

export interface HowToEntry {
  id: string
  /** Id of the scheme that it belongs to; undefined for all. */
  scheme?: string | undefined
  /** Name of the indicator that it is about. */
  indicator?: string | undefined
  facts?: Facts | undefined
  questions: readonly string[]
  answer: string
  /** Where it is written, for messages. */
  source: { file: string; path: string; line?: number | undefined }
}

/** config/how-to/search.yml: how questions are compared with entries. */
export type SearchRules = z.infer<typeof searchFile>

export interface HowTo {
  entries: readonly HowToEntry[]
  rules: SearchRules
}

/** One file of config/how-to; the one named search.yml holds the rules of searching. */
export interface HowToFile {
  file: string
  text: string
}

const isRules = ({ file }: HowToFile) => /(^|[/\\])search\.ya?ml$/.test(file)

/** Without any entries every question goes to a person. */
const silent: HowTo = {
  entries: [],
  rules: { threshold: 1, closest: 1, synonyms: [], stopwords: [], person: [] },
}

/** Reads all files of config/how-to; every problem of every file at once. No file at all is no mistake. */
export function readHowTo(files: readonly HowToFile[]): ConfigResult<HowTo> {
  if (!files.length) return { ok: true, value: silent }
  const rulesFile = files.find(isRules)
  const rules = rulesFile && readConfig(rulesFile.text, rulesFile.file, searchFile)
  const read = files.filter((file) => !isRules(file)).map(readEntries)
  const problems = [
    ...(rules ? [] : [{ file: 'config/how-to/search.yml', path: '', code: 'no-such-file', params: {} }]),
    ...[...(rules ? [rules] : []), ...read].flatMap((result) => (result.ok ? [] : result.problems)),
  ]
  if (problems.length || !rules?.ok) return { ok: false, problems }
  const entries = read.flatMap((result) => (result.ok ? result.value : []))
  const twice = [...doubles(entries), ...synonymsTwice(rules.value.value, rules.value.text)]
  if (twice.length) return { ok: false, problems: twice }
  return { ok: true, value: { entries, rules: rules.value.value } }
}

function readEntries({ file, text }: HowToFile): ConfigResult<HowToEntry[]> {
  const read = readConfig(text, file, entriesFile)
  if (!read.ok) return read
  const { value, text: source } = read.value
  const entries = value.entries.map((entry, index): HowToEntry => {
    const path: ConfigPath = ['entries', index]
    return {
      ...entry,
      answer: entry.answer.trim(),
      ...(value.scheme && { scheme: value.scheme }),
      source: { file, path: formatPath(path), line: source.lineAt([...path, 'id']) },
    }
  })
  return { ok: true, value: entries }
}

function doubles(entries: readonly HowToEntry[]): ConfigProblem[] {
  return entries.flatMap((entry, index) => {
    const first = entries.slice(0, index).find(({ id }) => id === entry.id)
    if (!first) return []
    const { file, path } = first.source
    const params = { given: entry.id, other: `${file} ${path}` }
    return [{ ...entry.source, path: `${entry.source.path}.id`, code: 'duplicate-name', params }]
  })
}

/** A word in two lists would stand for two things. */
function synonymsTwice({ synonyms }: SearchRules, text: ConfigText): ConfigProblem[] {
  const places = new Map<string, string>()
  return synonyms.flatMap((list, row) =>
    list.flatMap((given, column) => {
      const path: ConfigPath = ['synonyms', row, column]
      const other = places.get(given)
      places.set(given, formatPath(path))
      if (other === undefined) return []
      const at = { file: text.file, path: formatPath(path), line: text.lineAt(path) }
      return [{ ...at, code: 'word-twice', params: { given, other } }]
    }),
  )
}
