import Docxtemplater from 'docxtemplater'
import PizZip from 'pizzip'
import { z } from 'zod'

/** Values of a template's tags; a list repeats the part between a tag and its end. */
export interface TemplateValues {
  [tag: string]: string | number | boolean | readonly TemplateValues[]
}

export const templateProblems = ['no-document', 'broken-tag', 'unknown-tag', 'no-tag'] as const

/** What is wrong with a template, with the tag as it stands in it. */
export interface TemplateProblem {
  /** `unknown-tag`: nothing is known by that name; `broken-tag`: not closed or opened; `no-tag`: it has none at all. */
  code: (typeof templateProblems)[number]
  tag: string
}

export type FilledTemplate = { ok: true; bytes: Uint8Array } | { ok: false; problems: TemplateProblem[] }

/**
 * Fills a Word document that staff have made: `{tag}` becomes a value, `{#tag}...{/tag}` is repeated for each entry. A
 * tag without a value refuses the whole document, because it would be printed as a gap or as "undefined".
 */
export function fillTemplate(template: Uint8Array, values: TemplateValues): FilledTemplate {
  const missing: TemplateProblem[] = []
  try {
    const zip = new PizZip(template)
    const document = new Docxtemplater(zip, {
      paragraphLoop: true,
      linebreaks: true,
      errorLogging: false,
      nullGetter: (part: { value?: string }) => {
        missing.push({ code: 'unknown-tag', tag: part.value ?? '' })
        return ''
      },
    })
    document.render(values)
    const tags = new Map(missing.map((problem) => [problem.tag, problem]))
    if (tags.size) return { ok: false, problems: [...tags.values()] }
    return { ok: true, bytes: zip.generate({ type: 'uint8array', compression: 'DEFLATE' }) }
  } catch (error) {
    return { ok: false, problems: problemsOf(error) }
  }
}

const tagError = z.object({ properties: z.object({ xtag: z.string() }) })
const tagErrors = z.object({ properties: z.object({ errors: z.array(z.unknown()) }) })

function problemsOf(error: unknown): TemplateProblem[] {
  const found = (tagErrors.safeParse(error).data?.properties.errors ?? [error]).map(
    (one): TemplateProblem => {
      const tag = tagError.safeParse(one).data?.properties.xtag
      // Whatever is no document at all fails in the reader of the archive, which knows no tags.
      return tag === undefined ? { code: 'no-document', tag: '' } : { code: 'broken-tag', tag }
    },
  )
  return [...new Map(found.map((problem) => [`${problem.code} ${problem.tag}`, problem])).values()]
}
