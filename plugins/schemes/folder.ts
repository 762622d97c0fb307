import { overlayFolder } from '@space-assistant/core/configuration/overlay'
import type { ConfigSource, OverlaidFile } from '@space-assistant/core/configuration/overlay'
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

/** A scheme as its file says it, or what is wrong with the file. */
export type SchemeFileState = { id: string; text: string } & (
  { ok: true; scheme: Scheme } | { ok: false; problems: readonly string[] }
)

/** What the files of `config/` that this plugin owns say. */
export interface ConfigFolder {
  /** Every text with what `local/` says laid over it, for the plugins that read files of their own. */
  files: readonly OverlaidFile[]
  schemes: readonly SchemeFileState[]
  headers: Headers
  words: QuestionWords
  calendar: SchoolCalendar
}

/** `problems` has those of the scheme files too. */
export type FolderResult = { ok: true; folder: ConfigFolder } | { ok: false; problems: string[] }

/**
 * Reads the files together, by their path below `dir`; every mistake of every file is a sentence. A mistake in a
 * scheme file is one of that scheme only: other rules may be in force.
 */
export function readFolder(
  sources: readonly ConfigSource[],
  { dir, locale = 'zh-CN' }: { dir: string; locale?: ConfigLocale },
): FolderResult {
  const { files, problems } = overlayFolder(sources, dir)
  const reading = new Reading(dir, locale, problems)
  const named = (name: string) => files.find((file) => file.name === name)
  const words = reading.needed('words.yml', named('words.yml'), loadWords)
  const calendar = named('calendar.yml')
  const school = calendar ? reading.needed('calendar.yml', calendar, loadCalendar) : plainCalendar
  const headers = reading.headers(named('headers.yml'))
  const schemes = files
    .filter(({ name }) => /^schemes\/[^/]+\.ya?ml$/.test(name))
    .map((file) => reading.scheme(file, words))
  if (words && headers && school && !problems.length)
    return { ok: true, folder: { files, schemes, headers, words, calendar: school } }
  const wrong = schemes.flatMap((scheme) => (scheme.ok ? [] : scheme.problems))
  return { ok: false, problems: [...wrong, ...reading.problems] }
}

/** Collects the mistakes of the files without which nothing goes. */
class Reading {
  readonly problems: string[]

  constructor(
    private readonly dir: string,
    private readonly locale: ConfigLocale,
    problems: readonly ConfigProblem[],
  ) {
    this.problems = this.sentences(problems)
  }

  scheme({ name, text, file: path }: OverlaidFile, words: QuestionWords | undefined): SchemeFileState {
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
    file: OverlaidFile | undefined,
    load: (text: string, file: string) => ConfigResult<T>,
  ): T | undefined {
    const path = `${this.dir}/${name}`
    const result: ConfigResult<T> = file
      ? load(file.text, file.file)
      : { ok: false, problems: [{ file: path, path: '', code: 'no-such-file', params: {} }] }
    if (result.ok) return result.value
    this.problems.push(...this.sentences(result.problems))
    return undefined
  }

  headers(file: OverlaidFile | undefined): Headers | undefined {
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
