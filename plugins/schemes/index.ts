import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import type { Headers } from '@space-assistant/core/formats/headers'
import type { SchoolCalendar } from '@space-assistant/core/phases/school-calendar'
import type { QuestionWords } from '@space-assistant/core/ranking/question-words'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { Schema, Service } from 'koishi'
import type { Context } from 'koishi'
import { readFolder } from './folder'
import type { ConfigFile, ConfigFolder } from './folder'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'

export type { ConfigFile, ConfigFolder } from './folder'

declare module 'koishi' {
  interface Context {
    schemes: Schemes
  }
  interface Events {
    /** After `reload` took over what the files of `config/` say now. */
    'space/schemes-changed'(): void
  }
}

/** What is wrong with `config/`: one line for each mistake. */
export class SchemesError extends Error {
  override name = 'SchemesError'
}

export interface Config {
  scheme: string
  dir: string
}

export const Config: Schema<Config> = Schema.object({
  scheme: Schema.string().default('xinzhou-2022'),
  dir: Schema.string().default('config'),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

/** What the files of `config/` say: schemes, column words, words of questions, school calendar. */
export class Schemes extends Service {
  static readonly Config = Config

  // No #private members: the framework hands out proxies of services.
  private folder: ConfigFolder
  private chosen: Scheme

  constructor(
    ctx: Context,
    private readonly options: Config,
  ) {
    super(ctx, 'schemes', true)
    ctx.i18n.define('zh-CN', 'space-schemes', zhCN)
    ctx.i18n.define('en-US', 'space-schemes', enUS)
    this.folder = this.read()
    this.chosen = this.choose(this.folder)
  }

  /** The scheme by which this district is scored. */
  get active(): Scheme {
    return this.chosen
  }

  get headers(): Headers {
    return this.folder.headers
  }

  get words(): QuestionWords {
    return this.folder.words
  }

  get calendar(): SchoolCalendar {
    return this.folder.calendar
  }

  get(id: string): Scheme | undefined {
    return this.folder.schemes.find((scheme) => scheme.id === id)
  }

  /** In order of id. */
  list(): readonly Scheme[] {
    return this.folder.schemes
  }

  /** What the files say now, without taking it over: for a preview. Throws a SchemesError with every mistake. */
  read(): ConfigFolder {
    const dir = resolve(this.ctx.baseDir, this.options.dir)
    if (!existsSync(dir)) throw new SchemesError(this.say('no-folder', { dir }))
    const result = readFolder(filesIn(dir), { dir: this.options.dir })
    if (!result.ok) throw new SchemesError(result.problems.join('\n'))
    return result.folder
  }

  /** Reads the files anew and takes them over; with a mistake it throws and everything stays as it was. */
  reload(): void {
    const folder = this.read()
    this.chosen = this.choose(folder)
    this.folder = folder
    this.ctx.emit('space/schemes-changed')
  }

  private choose({ schemes }: ConfigFolder): Scheme {
    const chosen = schemes.find(({ id }) => id === this.options.scheme)
    if (chosen) return chosen
    const permitted = schemes.map(({ id }) => id).join(', ') || '-'
    throw new SchemesError(this.say('no-scheme', { given: this.options.scheme, permitted }))
  }

  private say(key: 'no-folder' | 'no-scheme', params: Record<string, string>): string {
    return this.ctx.i18n.text(['zh-CN'], [`space-schemes.${key}`], params)
  }
}

/** Every yml file below a folder, in order of name. */
function filesIn(dir: string): ConfigFile[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => ({ name: name.replaceAll(sep, '/'), text: readFileSync(resolve(dir, name), 'utf8') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

export default Schemes
