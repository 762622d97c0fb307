import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import type { Headers } from '@space-assistant/core/formats/headers'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { decideAccess } from '@space-assistant/core/access/visibility'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { SchoolCalendar } from '@space-assistant/core/calendar/school-calendar'
import type { QuestionWords } from '@space-assistant/core/ranking/question-words'
import type { ConfigProblem } from '@space-assistant/core/configuration/document'
import type { ConfigSource } from '@space-assistant/core/configuration/overlay'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { describeConfigProblem } from '@space-assistant/core/scheme/problem'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { Context } from 'koishi'
import { Adoptions } from './adoptions'
import { readFolder } from './folder'
import type { ConfigFolder, SchemeFileState } from './folder'
import type { AdoptionRow } from './table'
import { present } from '@space-assistant/core/text/present'

/** What is wrong with `config/`: one line for each mistake. */
export class SchemesError extends Error {
  override name = 'SchemesError'
}

/** What the file of the scheme in force says that nobody has adopted; `key` is another one whenever it says something else. */
export type PendingScheme =
  | { kind: 'nothing' }
  | { kind: 'changed'; key: string; scheme: Scheme }
  | { kind: 'broken'; key: string; problems: readonly string[] }

const HISTORY = 20

/**
 * The rules in force, and what else the files of `config/` say: words of columns and questions, the school calendar.
 * Rules are in force once they are adopted, which the database keeps; the files are what may be adopted next. A plain
 * object rather than a Koishi `Service`, whose tracing proxies cost more than a question.
 */
export class Schemes {
  #folder: ConfigFolder
  #active: { scheme: Scheme; adoption: AdoptionRow } | undefined
  /** Number of the last adoption that was seen, understood or not. */
  #newest = 0
  readonly #adoptions: Adoptions

  constructor(
    private readonly ctx: Context,
    private readonly options: { scheme: string; dir: string },
  ) {
    this.#folder = this.read()
    this.#adoptions = new Adoptions(ctx, options.scheme)
  }

  /** The scheme by which this district is scored. */
  get active(): Scheme {
    if (!this.#active) throw new Error('the rules in force have not been read yet')
    return this.#active.scheme
  }

  /** Number of the adoption that put it in force: figures of one number were made by the same rules. */
  get version(): number {
    return this.#active?.adoption.number ?? 0
  }

  get headers(): Headers {
    return this.#folder.headers
  }

  get words(): QuestionWords {
    return this.#folder.words
  }

  get calendar(): SchoolCalendar {
    return this.#folder.calendar
  }

  /** Texts of `config/`, `config/local/` laid over them, whose path below the folder has this form; in order of name. */
  texts(pattern: RegExp): readonly ConfigSource[] {
    return this.#folder.files.filter(({ name }) => pattern.test(name))
  }

  /** The scheme in force and the others whose files are right, in order of id. */
  list(): readonly Scheme[] {
    const others = this.#folder.schemes.flatMap((file) =>
      file.ok && file.id !== this.active.id ? [file.scheme] : [],
    )
    return [...others, this.active].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** Takes over what was adopted last, or adopts what the file says when nothing was. */
  async start(): Promise<void> {
    if (!(await this.#adoptions.newestNumber())) {
      const { text } = this.#found()
      // Of two processes that start at once one is first, and both go by that one.
      await this.#adoptions.add({ number: 1, sha256: hashOf(text), text, by: '' })
    }
    const problems = await this.#takeNewest()
    if (problems) throw new SchemesError(problems)
    this.#logPending()
  }

  /** What the files say now, without taking it over. Throws a SchemesError with every mistake outside scheme files. */
  read(): ConfigFolder {
    const dir = resolve(this.ctx.baseDir, this.options.dir)
    if (!existsSync(dir)) throw new SchemesError(this.#say('no-folder', { dir }))
    const result = readFolder(filesIn(dir), { dir: this.options.dir })
    if (!result.ok) throw new SchemesError(result.problems.join('\n'))
    return result.folder
  }

  /** What waits to be adopted, by the files as they are now. */
  pending(): PendingScheme {
    return this.#pendingOf(this.#fileIn(this.read()))
  }

  /** Puts in force what waits under this key, provided that it still does; all processes on the database follow. */
  async adopt(key: string, viewer: Viewer, by = ''): Promise<Outcome<AdoptionRow>> {
    const may = decideAccess(viewer, { kind: 'rescore' })
    if (!may.allowed) return refused(may.code, may.params)
    await this.follow()
    const file = this.#fileIn(this.read())
    const pending = this.#pendingOf(file)
    const overtaken = refused('changed-meanwhile')
    if (!file || pending.kind !== 'changed' || pending.key !== key) return overtaken
    const number = this.#newest + 1
    const adoption = { number, sha256: key, text: file.text, by: (viewer.account ?? by).slice(0, 64) }
    const added = await this.#adoptions.add(adoption)
    await this.follow()
    const { adoption: newest } = present(this.#active, 'the scheme in force')
    return added && newest.number === number ? done(newest) : overtaken
  }

  /** The adoptions of the scheme in force, the newest first. */
  async history(viewer: Viewer, limit = HISTORY): Promise<Outcome<AdoptionRow[]>> {
    const may = decideAccess(viewer, { kind: 'rescore' })
    if (!may.allowed) return refused(may.code, may.params)
    return done(await this.#adoptions.list(limit))
  }

  /** Takes over what another process has adopted since. */
  async follow(): Promise<void> {
    if ((await this.#adoptions.newestNumber()) <= this.#newest) return
    const problems = await this.#takeNewest()
    if (problems) return this.#warn(problems)
    this.#reread()
    await this.ctx.parallel('space/schemes-changed')
  }

  /** Takes over the words and the calendar of the files; with a mistake it throws and everything stays as it was. */
  async reload(): Promise<void> {
    this.#folder = this.read()
    await this.ctx.parallel('space/schemes-changed')
  }

  /** A sentence when this version of the program does not understand the text. */
  async #takeNewest(): Promise<string | undefined> {
    const adoption = await this.#adoptions.newest()
    if (!adoption) return
    const { scheme, number, text } = adoption
    this.#newest = number
    const loaded = loadScheme(text, `${scheme}.yml`)
    if (!loaded.ok) return this.#say('unreadable', { number, problems: sentences(loaded.problems) })
    this.#active = { scheme: loaded.value, adoption }
    return undefined
  }

  /** The file of the scheme that is to be in force, when nothing was ever adopted. */
  #found(): SchemeFileState {
    const file = this.#fileIn(this.#folder)
    if (!file) throw new SchemesError(this.#missing())
    if (!file.ok) throw new SchemesError(file.problems.join('\n'))
    return file
  }

  #fileIn({ schemes }: ConfigFolder): SchemeFileState | undefined {
    return schemes.find(({ id }) => id === this.options.scheme)
  }

  #pendingOf(file: SchemeFileState | undefined): PendingScheme {
    if (!file) return { kind: 'broken', key: 'missing', problems: [this.#missing()] }
    const key = hashOf(file.text)
    if (!file.ok) return { kind: 'broken', key, problems: file.problems }
    if (isSame(file.scheme, this.active)) return { kind: 'nothing' }
    return { kind: 'changed', key, scheme: file.scheme }
  }

  #reread(): void {
    try {
      this.#folder = this.read()
    } catch (error) {
      if (!(error instanceof SchemesError)) throw error
      this.#warn(error.message)
    }
  }

  #logPending(): void {
    const pending = this.pending()
    if (pending.kind === 'nothing') return
    const problems = pending.kind === 'broken' ? pending.problems.join('\n') : ''
    this.#warn(this.#say(`waits.${pending.kind}`, { name: this.active.name, problems }))
  }

  #missing(): string {
    const permitted = this.#folder.schemes.map(({ id }) => id).join(', ') || '-'
    return this.#say('no-scheme', { given: this.options.scheme, permitted })
  }

  #warn(text: string): void {
    this.ctx.logger('space-schemes').warn(text)
  }

  #say(key: string, params: Record<string, string | number>): string {
    return this.ctx.i18n.text(['zh-CN'], [`space-schemes.${key}`], params)
  }
}

/** Comments and the way it is written make no other rules. */
function isSame(a: Scheme, b: Scheme): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function sentences(problems: readonly ConfigProblem[]): string {
  return problems.map((problem) => describeConfigProblem(problem)).join('\n')
}

/** Every yml file below a folder, by its path below it with forward slashes. */
function filesIn(dir: string): ConfigSource[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => ({ file: name.replaceAll(sep, '/'), text: readFileSync(resolve(dir, name), 'utf8') }))
}
