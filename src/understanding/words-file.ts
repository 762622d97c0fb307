import { z } from 'zod'
import { formatPath, readConfig } from '../configuration/document'
import type { ConfigPath, ConfigProblem, ConfigResult } from '../configuration/document'
import type { ExtraWords } from './vocabulary'
import cueWords from './words/cues.json'

const word = z.string().min(1).max(20)
const lists = z.record(z.string().min(1), z.array(word))

/** The keys of `config/words.yml` that understanding reads; the others are left to their own readers. */
export const extraWordsFile = z.looseObject({
  indicators: lists.optional().describe('Colloquial names by the name of the indicator in a scheme.'),
  schools: lists.optional().describe('Other names of a school by its code.'),
  words: lists.optional().describe('More words for a kind of word of the built-in lists.'),
  plain: z.array(word).optional().describe('More words that change nothing.'),
})

/** Reads the text of `config/words.yml`; `file` is only named in problems. */
export function loadExtraWords(text: string, file: string): ConfigResult<ExtraWords> {
  const read = readConfig(text, file, extraWordsFile)
  if (!read.ok) return read
  const { value, text: source } = read.value
  const kinds = Object.keys(cueWords.cues)
  const problems = Object.keys(value.words ?? {})
    .filter((kind) => !kinds.includes(kind))
    .map((given): ConfigProblem => {
      const path: ConfigPath = ['words', given]
      const at = { file, path: formatPath(path), line: source.lineAt(path) }
      return { ...at, code: 'unknown-key', params: { given }, permitted: { kind: 'one-of', values: kinds } }
    })
  if (problems.length) return { ok: false, problems }
  const { indicators = {}, schools = {}, words = {}, plain = [] } = value
  return { ok: true, value: { indicators, schools, cues: words, filler: plain } }
}
