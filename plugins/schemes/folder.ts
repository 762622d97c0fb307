import { parseHeaders } from '@space-assistant/core/formats/headers'
import type { Headers } from '@space-assistant/core/formats/headers'
import { loadCalendar, plainCalendar } from '@space-assistant/core/calendar/school-calendar'
import type { SchoolCalendar } from '@space-assistant/core/calendar/school-calendar'
import { checkNamesAgainstWords, loadWords } from '@space-assistant/core/ranking/question-words'
import type { QuestionWords } from '@space-assistant/core/ranking/question-words'
import type { ConfigProblem, ConfigResult } from '@space-assistant/core/configuration/document'
import { loadScheme, schemeId } from '@space-assistant/core/scheme/loader'
import { ConfigError, describeConfigProblem } from '@space-assistant/core/scheme/problem'
import type { ConfigLocale } from '@space-assistant/core/scheme/problem'
import type { Scheme } from '@space-assistant/core/scheme/scheme'

/** A yml file of the folder `config/`: its name below that folder, with forward slashes, and its text. */
export interface ConfigFile {
  name: string
  text: string
}

/** A scheme as its file says it, or what is wrong with the file. */
export type SchemeFileState = { id: string; text: string } & (
  { ok: true; scheme: Scheme } | { ok: false; problems: readonly string[] }
)

/** What the files of `config/` that this plugin owns say. */
export interface ConfigFolder {
  schemes: readonly SchemeFileState[]
  headers: Headers
  words: QuestionWords
  calendar: SchoolCalendar
}

/** `problems` has those of the scheme files too. */
export type FolderResult = { ok: true; folder: ConfigFolder } | { ok: false; problems: string[] }

/**
 * Reads the files together; every mistake of every file is a sentence. Names are shown below `dir`. A mistake in a
 * scheme file is one of that scheme only: other rules may be in force.
 */
export function readFolder(
  files: readonly ConfigFile[],
  { dir, locale = 'zh-CN' }: { dir: string; locale?: ConfigLocale },
): FolderResult {
  const reading = new Reading(dir, locale)
  const named = (name: string) => files.find((file) => file.name === name)
  const words = reading.needed('words.yml', named('words.yml'), loadWords)
  const calendar = named('calendar.yml')
  const school = calendar ? reading.needed('calendar.yml', calendar, loadCalendar) : plainCalendar
  const headers = reading.headers(named('headers.yml'))
  const schemes = files
    .filter(({ name }) => /^schemes\/[^/]+\.ya?ml$/.test(name))
    .map((file) => reading.scheme(file, words))
  if (words && headers && school) return { ok: true, folder: { schemes, headers, words, calendar: school } }
  const wrong = schemes.flatMap((scheme) => (scheme.ok ? [] : scheme.problems))
  return { ok: false, problems: [...wrong, ...reading.problems] }
}

/** Collects the mistakes of the files without which nothing goes. */
class Reading {
  readonly problems: string[] = []

  constructor(
    private readonly dir: string,
    private readonly locale: ConfigLocale,
  ) {}

  scheme({ name, text }: ConfigFile, words: QuestionWords | undefined): SchemeFileState {
    const path = `${this.dir}/${name}`
    const file = { id: schemeId(name), text }
    const loaded = loadScheme(text, path)
    const problems = loaded.ok
      ? words
        ? checkNamesAgainstWords(loaded.value, words, path)
        : []
      : loaded.problems
    if (loaded.ok && !problems.length) return { ...file, ok: true, scheme: loaded.value }
    return { ...file, ok: false, problems: this.sentences(problems) }
  }

  needed<T>(
    name: string,
    file: ConfigFile | undefined,
    load: (text: string, file: string) => ConfigResult<T>,
  ): T | undefined {
    const path = `${this.dir}/${name}`
    const result: ConfigResult<T> = file
      ? load(file.text, path)
      : { ok: false, problems: [{ file: path, path: '', code: 'no-such-file', params: {} }] }
    if (result.ok) return result.value
    this.problems.push(...this.sentences(result.problems))
    return undefined
  }

  headers(file: ConfigFile | undefined): Headers | undefined {
    try {
      return this.needed('headers.yml', file, (text, path) => ({ ok: true, value: parseHeaders(text, path) }))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      this.problems.push(...this.sentences(error.problems))
      return undefined
    }
  }

  private sentences(problems: readonly ConfigProblem[]): string[] {
    return problems.map((problem) => describeConfigProblem(problem, this.locale))
  }
}
