import { HeadersError, parseHeaders } from '@space-assistant/core/formats/headers'
import type { Headers } from '@space-assistant/core/formats/headers'
import { loadCalendar, plainCalendar } from '@space-assistant/core/phases/school-calendar'
import type { SchoolCalendar } from '@space-assistant/core/phases/school-calendar'
import { checkNamesAgainstWords, loadWords } from '@space-assistant/core/ranking/question-words'
import type { QuestionWords } from '@space-assistant/core/ranking/question-words'
import type { ConfigResult } from '@space-assistant/core/scheme/config'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { describeProblem } from '@space-assistant/core/scheme/problem'
import type { ConfigLocale } from '@space-assistant/core/scheme/problem'
import type { Scheme } from '@space-assistant/core/scheme/scheme'

/** A yml file of the folder `config/`: its name below that folder, with forward slashes, and its text. */
export interface ConfigFile {
  name: string
  text: string
}

/** What the files of `config/` that this plugin owns say. */
export interface ConfigFolder {
  schemes: readonly Scheme[]
  headers: Headers
  words: QuestionWords
  calendar: SchoolCalendar
}

export type FolderResult = { ok: true; folder: ConfigFolder } | { ok: false; problems: string[] }

/** Reads the files together; every mistake of every file is a sentence. Names are shown below `dir`. */
export function readFolder(
  files: readonly ConfigFile[],
  { dir, locale = 'zh-CN' }: { dir: string; locale?: ConfigLocale },
): FolderResult {
  const reading = new Reading(dir, locale)
  const named = (name: string) => files.find((file) => file.name === name)
  const schemes = files
    .filter(({ name }) => /^schemes\/[^/]+\.ya?ml$/.test(name))
    .flatMap((file) => reading.take(loadScheme(file.text, reading.pathOf(file.name))) ?? [])
  const words = reading.needed('words.yml', named('words.yml'), loadWords)
  const calendar = named('calendar.yml')
  const school = calendar ? reading.needed('calendar.yml', calendar, loadCalendar) : plainCalendar
  const headers = reading.headers(named('headers.yml'))
  if (words) for (const scheme of schemes) reading.cross(scheme, words)
  if (reading.problems.length || !words || !headers || !school)
    return { ok: false, problems: reading.problems }
  return { ok: true, folder: { schemes, headers, words, calendar: school } }
}

/** Collects the mistakes of one reading. */
class Reading {
  readonly problems: string[] = []

  constructor(
    private readonly dir: string,
    private readonly locale: ConfigLocale,
  ) {}

  pathOf(name: string): string {
    return `${this.dir}/${name}`
  }

  take<T>(result: ConfigResult<T>): T | undefined {
    if (result.ok) return result.value
    this.problems.push(...result.problems.map((problem) => describeProblem(problem, this.locale)))
    return undefined
  }

  needed<T>(
    name: string,
    file: ConfigFile | undefined,
    load: (text: string, file: string) => ConfigResult<T>,
  ) {
    if (file) return this.take(load(file.text, this.pathOf(name)))
    return this.take<T>({ ok: false, problems: [missing(this.pathOf(name))] })
  }

  headers(file: ConfigFile | undefined): Headers | undefined {
    const path = this.pathOf('headers.yml')
    if (!file) return this.take<Headers>({ ok: false, problems: [missing(path)] })
    try {
      return parseHeaders(file.text, path)
    } catch (error) {
      if (!(error instanceof HeadersError)) throw error
      this.problems.push(error.message)
      return undefined
    }
  }

  cross(scheme: Scheme, words: QuestionWords): void {
    const problems = checkNamesAgainstWords(scheme, words, this.pathOf(`schemes/${scheme.id}.yml`))
    if (problems.length) this.take({ ok: false, problems })
  }
}

function missing(file: string) {
  return { file, path: '', code: 'no-such-file', params: {} }
}
