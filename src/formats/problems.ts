import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import type { Problem, FileRefusal } from './rows'

const texts = { 'zh-CN': zhCN, 'en-US': enUS }

/** Languages that problems can be put into. */
export type ProblemLocale = keyof typeof texts

/** A problem or refusal as a sentence for the person who brought the file; a problem begins with its row and column. */
export function describeRowProblem(problem: Problem | FileRefusal, locale: ProblemLocale = 'zh-CN'): string {
  const words = texts[locale]
  if ('kind' in problem) return fill(words.refusal[problem.code], problem.params, locale)
  return describePlace(problem, locale) + words.place.colon + describeReason(problem, locale)
}

/** The sentence of a problem without its place. */
export function describeReason({ code, params }: Problem, locale: ProblemLocale = 'zh-CN'): string {
  const words = texts[locale]
  const nearest = params['nearest'] ? fill(words.place.nearest, params, locale) : ''
  return fill(words.problem[code], params, locale) + nearest
}

function describePlace({ row, column, sheet }: Problem, locale: ProblemLocale): string {
  const { place } = texts[locale]
  const parts = [fill(place.row, { row }, locale)]
  if (sheet) parts.unshift(fill(place.sheet, { sheet }, locale))
  if (column) parts.push(fill(place.column, { column }, locale))
  return parts.join(' ')
}

/** Parameters that name a kind of file are put into words; the parts of a list are divided by line ends. */
function fill(text: string, params: Record<string, string | number>, locale: ProblemLocale): string {
  const { kind, place } = texts[locale]
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => {
    const value = params[key]
    if (value === undefined) return whole
    if (['kind', 'found', 'given'].includes(key) && value in kind) return kind[value as keyof typeof kind]
    return String(value).replaceAll('\n', place.join)
  })
}
