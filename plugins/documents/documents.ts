import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { writeTables } from '@space-assistant/core/documents/table'
import type { PrintedTable } from '@space-assistant/core/documents/table'
import { fillTemplate } from '@space-assistant/core/documents/template'
import type { TemplateProblem, TemplateValues } from '@space-assistant/core/documents/template'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context } from 'koishi'
import words from './words.json'

export type TemplateName = keyof typeof words.templates

/** `ctx.documents`: Word documents by the templates that staff keep, and tables as workbooks. */
export class Documents {
  constructor(
    private readonly ctx: Context,
    private readonly options: { dir: string; locale: string },
  ) {}

  /** A document by its template; refused with every wrong tag named. Tags stand in the language of the templates. */
  async fill(template: TemplateName, values: TemplateValues): Promise<Outcome<Uint8Array>> {
    const file = words.templates[template]
    const path = join(resolve(this.ctx.baseDir, this.options.dir), file)
    const bytes = await readFile(path).catch(() => undefined)
    if (!bytes) return refused('no-template', { file })
    const filled = fillTemplate(bytes, tagged(values))
    if (filled.ok) return done(filled.bytes)
    const problems = filled.problems.map((problem) => this.describe(problem)).join(this.say('and'))
    return refused('template', { file, problems })
  }

  /** Tables as the sheets of one workbook. */
  async tables(tables: readonly PrintedTable[]): Promise<Uint8Array> {
    return writeTables(tables)
  }

  /** The sentence of a refusal of this service. */
  explain({ code, params }: { code: string; params: object }): string {
    return this.say(`refusal.${code}`, params)
  }

  private describe({ code, tag }: TemplateProblem): string {
    return this.say(`problem.${code}`, { tag: `{${tag}}` })
  }

  private readonly say: Translate = (key, params = {}) =>
    h.unescape(this.ctx.i18n.text([this.options.locale], [`space-documents.${key}`], params))
}

/** The same values under the names by which templates call them. */
function tagged(values: TemplateValues): TemplateValues {
  const known: Record<string, string> = words.tags
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      known[key] ?? key,
      typeof value === 'object' ? value.map(tagged) : value,
    ]),
  )
}
