import { questionKey } from '../text/normalise'
import { z } from 'zod'
import { formatPath, readConfig } from '../configuration/document'
import type { ConfigPath, ConfigProblem, ConfigResult, ConfigText } from '../configuration/document'
import type { Scheme } from '../scheme/scheme'

export const scopeWords = ['own-school', 'own-town', 'district', 'self'] as const
export const subjectWords = ['school', 'teacher', 'administrator'] as const
export const windowWords = [
  'today',
  'yesterday',
  'this-week',
  'last-week',
  'this-month',
  'last-month',
  'period',
] as const

const word = z.string().min(1).max(20)
const words = z.array(word).min(1)
const lists = <K extends string>(keys: readonly K[]) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, words])) as Record<K, typeof words>)

/** The shape of `config/words.yml`. */
export const wordsFile = z.strictObject({
  ask: words,
  filler: z.array(words).min(1),
  scopes: lists(scopeWords),
  subjects: lists(subjectWords),
  windows: lists(windowWords),
  page: lists(['before', 'after', 'next', 'previous']),
  date: lists(['year', 'month', 'day', 'until']),
  numerals: z.record(word, z.int().min(1).max(10)),
  'town-endings': words,
  'school-endings': words,
  indicators: z.unknown().optional().describe('Read by src/understanding.'),
  schools: z.unknown().optional(),
  words: z.unknown().optional(),
  plain: z.unknown().optional(),
  phrases: z.record(word, words).optional().describe('One word that stands for several of the others.'),
})

/** The words of questions, as `config/words.yml` gives them. */
export type QuestionWords = z.infer<typeof wordsFile>

/** Reads the text of `config/words.yml`; `file` is only named in problems. A word may mean one thing only. */
export function loadWords(text: string, file: string): ConfigResult<QuestionWords> {
  const read = readConfig(text, file, wordsFile)
  if (!read.ok) return read
  const problems = checkWords(read.value.value, read.value.text)
  return problems.length ? { ok: false, problems } : { ok: true, value: read.value.value }
}

/** Where each word that means something by itself stands in the file. */
function* places(file: QuestionWords): Generator<[path: ConfigPath, word: string]> {
  for (const [index, text] of file.ask.entries()) yield [['ask', index], text]
  for (const [at, list] of file.filler.entries()) {
    for (const [index, text] of list.entries()) yield [['filler', at, index], text]
  }
  for (const part of ['scopes', 'subjects', 'windows'] as const) {
    for (const [key, list] of Object.entries(file[part])) {
      for (const [index, text] of list.entries()) yield [[part, key, index], text]
    }
  }
  for (const key of ['next', 'previous'] as const) {
    for (const [index, text] of file.page[key].entries()) yield [['page', key, index], text]
  }
  for (const text of Object.keys(file.phrases ?? {})) yield [['phrases', text], text]
}

function checkWords(file: QuestionWords, text: ConfigText): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const at = (path: ConfigPath) => ({ file: text.file, path: formatPath(path), line: text.lineAt(path) })
  const seen = new Map<string, string>()
  for (const [path, given] of places(file)) {
    const other = seen.get(questionKey(given))
    if (other !== undefined) problems.push({ ...at(path), code: 'word-twice', params: { given, other } })
    else seen.set(questionKey(given), formatPath(path))
  }
  for (const [phrase, parts] of Object.entries(file.phrases ?? {})) {
    parts.forEach((given, index) => {
      const place = seen.get(questionKey(given))
      if (place !== undefined && !place.startsWith('phrases')) return
      problems.push({ ...at(['phrases', phrase, index]), code: 'unknown-word', params: { given } })
    })
  }
  return problems
}

/** Names of a scheme that are words too, so that a question with one could mean either. */
export function checkNamesAgainstWords(scheme: Scheme, words: QuestionWords, file: string): ConfigProblem[] {
  const known = new Map([...places(words)].map(([path, text]) => [questionKey(text), formatPath(path)]))
  const names: [string, string][] = [
    ...scheme.indicators.flatMap(({ name, group }, index): [string, string][] => [
      [`indicators[${index}].name`, name],
      [`indicators[${index}].group`, group],
    ]),
    ...scheme.windows.map(({ name }, index): [string, string] => [`windows[${index}].name`, name]),
  ]
  const reported = new Set<string>()
  return names.flatMap(([path, given]) => {
    const other = known.get(questionKey(given))
    if (other === undefined || reported.has(given)) return []
    reported.add(given)
    return [{ file, path, code: 'name-is-a-word', params: { given, other } }]
  })
}
