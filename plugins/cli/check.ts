import { statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { loadContacts } from '@space-assistant/core/howto/contacts'
import { readHowTo } from '@space-assistant/core/howto/entries'
import { checkHowTo } from '@space-assistant/core/howto/facts'
import { loadCalendar, plainCalendar } from '@space-assistant/core/calendar/school-calendar'
import { checkNamesAgainstWords, loadWords } from '@space-assistant/core/ranking/question-words'
import { readYaml } from '@space-assistant/core/configuration/document'
import type { ConfigProblem, ConfigResult } from '@space-assistant/core/configuration/document'
import { loadSettings } from '@space-assistant/core/configuration/settings-file'
import type { SettingsFileContent } from '@space-assistant/core/configuration/settings-file'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { ConfigError, describeConfigProblem } from '@space-assistant/core/scheme/problem'
import type { SchoolCalendar } from '@space-assistant/core/calendar/school-calendar'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { readCannedAnswers } from '@space-assistant/core/tickets/canned'
import { readTicketRules } from '@space-assistant/core/tickets/rules'
import { loadExtraWords } from '@space-assistant/core/understanding/words-file'
import { root } from './house'
import { DEFAULT_SCHEME } from './installation'
import { readConfigFolder } from './local-config'
import { checkCalendarOf, checkSettingsFile, describeSettings } from './settings'
import type { SettingsReport } from './settings'
import { locale, text } from './text'

/** `space check [config-dir]`: 0 when every file is right, 1 when one has a mistake. */
export function run(args: string[]): number {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
  const folder = positionals[0] === undefined ? resolve(root, 'config') : resolve(positionals[0])
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    process.stderr.write(`${text('check-no-folder', { folder })}\n`)
    return 2
  }
  const { files, rules, fatal, overlaid, inForce } = checkFolder(folder)
  // Settings are those of this installation, whatever folder is looked at; they belong to its own.
  const settings = positionals[0] === undefined ? checkInForce(inForce) : { wrong: [], hints: [] }
  const problems = [...rules, ...fatal, ...settings.wrong]
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  if (inForce.settings) process.stdout.write(`${describeSettings(inForce.settings)}\n`)
  for (const hint of settings.hints) process.stdout.write(`${hint}\n`)
  if (overlaid) process.stdout.write(`${text('check-overlay', { count: overlaid })}\n`)
  const outcome = problems.length ? 'check-wrong' : 'check-right'
  process.stdout.write(`${text(outcome, { files, wrong: problems.length })}\n`)
  return problems.length ? 1 : 0
}

interface Checked {
  files: number
  /** Mistakes of schemes, and of answers that say something else than a scheme: other rules may be in force. */
  rules: string[]
  /** Mistakes without whose correction no bot can start. */
  fatal: string[]
  /** How many files of `local/` were merged. */
  overlaid: number
  inForce: RulesInForce
}

/** What the settings of this installation have to fit. */
interface RulesInForce {
  schemes: readonly Scheme[]
  calendar: SchoolCalendar
  settings: SettingsFileContent | undefined
}

/** The settings file, and whether scheme and calendar belong together. */
function checkInForce({ schemes, calendar }: RulesInForce): SettingsReport {
  const report = checkSettingsFile()
  const given = process.env['SCHEME'] || DEFAULT_SCHEME
  const scheme = schemes.find(({ id }) => id === given)
  const permitted = schemes.map(({ id }) => id).join(', ')
  if (scheme) report.wrong.push(...checkCalendarOf(scheme, calendar))
  else report.wrong.push(text('check-no-such-scheme', { given, permitted }))
  return report
}

/** Every mistake in a configuration folder as a sentence. */
export function checkFolder(folder: string): Checked {
  const { files, problems } = filesIn(folder)
  const { rules, fatal, inForce } = new Checking(files)
  fatal.unshift(...problems.map((problem) => describeConfigProblem(problem, locale)))
  for (const kind of needed) if (!files.some((file) => file.kind === kind)) fatal.push(missing(folder, kind))
  if (!files.some(({ kind }) => kind === 'scheme')) rules.push(text('check-no-scheme', { folder }))
  const overlaid = files.filter(({ file }) => file.includes('local/')).length
  return { files: files.length, rules, fatal, overlaid, inForce }
}

const kinds = {
  scheme: /^schemes\/[^/]+\.ya?ml$/,
  headers: /^headers\.ya?ml$/,
  words: /^words\.ya?ml$/,
  calendar: /^calendar\.ya?ml$/,
  tickets: /^tickets\.ya?ml$/,
  answers: /^answers\.ya?ml$/,
  contacts: /^contacts\.ya?ml$/,
  settings: /^settings\.ya?ml$/,
  howto: /^how-to\/[^/]+\.ya?ml$/,
  other: /./,
} as const

const names = Object.keys(kinds) as (keyof typeof kinds)[]

/** Without these no bot starts; the others may be left out. */
const needed = ['headers', 'words', 'tickets'] as const

function missing(folder: string, kind: (typeof needed)[number]): string {
  const file = shown(resolve(folder, `${kind}.yml`))
  return describeConfigProblem({ file, path: '', code: 'no-such-file', params: {} }, locale)
}

/** A file as messages name it. */
function shown(path: string): string {
  const below = relative(root, path)
  return below.startsWith('..') ? path : below
}

interface ConfigFile {
  kind: keyof typeof kinds
  /** As messages name it. */
  file: string
  content: string
}

function filesIn(folder: string): { files: ConfigFile[]; problems: ConfigProblem[] } {
  const { files, problems } = readConfigFolder(folder, shown(folder))
  const kindOf = (name: string): ConfigFile['kind'] => names.find((kind) => kinds[kind].test(name)) ?? 'other'
  return {
    files: files.map(({ name, file, text: content }) => ({ kind: kindOf(name), file, content })),
    problems,
  }
}

/** Reads the files one by one, then against each other. */
class Checking {
  readonly rules: string[] = []
  readonly fatal: string[] = []
  readonly inForce: RulesInForce

  constructor(private readonly files: readonly ConfigFile[]) {
    const schemes = this.read('scheme', loadScheme, this.rules)
    const words = this.read('words', loadWords)
    const [calendar = plainCalendar] = this.read('calendar', loadCalendar)
    const [settings] = this.read('settings', loadSettings)
    this.inForce = { schemes, calendar, settings }
    this.read('tickets', readTicketRules)
    this.read('answers', readCannedAnswers)
    this.read('contacts', loadContacts)
    this.read('words', loadExtraWords)
    this.read('other', (content, file) => readYaml(content, file))
    for (const { content, file } of this.of('headers')) this.headers(content, file)
    for (const scheme of schemes) {
      const file = this.of('scheme').find((one) => one.file.replace(/\.ya?ml$/, '').endsWith(`/${scheme.id}`))
      for (const one of words)
        this.note(checkNamesAgainstWords(scheme, one, file?.file ?? scheme.id), this.rules)
    }
    const entries = readHowTo(this.of('howto').map(({ file, content }) => ({ file, text: content })))
    const howto = this.take(entries, this.fatal)
    // Of a scheme that could not be read nothing is known, not even that it is there.
    if (howto && schemes.length === this.of('scheme').length)
      this.note(checkHowTo(howto, schemes), this.rules)
  }

  private of(kind: ConfigFile['kind']): ConfigFile[] {
    return this.files.filter((file) => file.kind === kind)
  }

  private read<T>(
    kind: ConfigFile['kind'],
    load: (content: string, file: string) => ConfigResult<T>,
    into = this.fatal,
  ): T[] {
    return this.of(kind).flatMap(({ content, file }) => this.take(load(content, file), into) ?? [])
  }

  private take<T>(result: ConfigResult<T>, into: string[]): T | undefined {
    if (result.ok) return result.value
    this.note(result.problems, into)
    return undefined
  }

  private note(problems: readonly ConfigProblem[], into: string[]): void {
    into.push(...problems.map((problem) => describeConfigProblem(problem, locale)))
  }

  private headers(content: string, file: string): void {
    try {
      parseHeaders(content, file)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      this.note(error.problems, this.fatal)
    }
  }
}
