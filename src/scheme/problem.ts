import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import type { ConfigProblem } from '../configuration/document'
import type { Permitted } from '../configuration/permitted'

const texts = { 'zh-CN': zhCN, 'en-US': enUS }
export type ConfigLocale = keyof typeof texts

/** Puts a problem into one line: file, line, path, what was found, what is permitted. */
export function describeConfigProblem(problem: ConfigProblem, locale: ConfigLocale = 'zh-CN'): string {
  const { problem: sentences, place, permitted: leadIn } = texts[locale]
  const where = [
    problem.file,
    problem.line === undefined ? '' : fill(place, { line: problem.line }),
    problem.path,
  ]
  const sentence = sentences[problem.code as keyof typeof sentences] ?? problem.code
  const permitted = problem.permitted
    ? fill(leadIn, { permitted: describePermitted(problem.permitted, locale) })
    : ''
  return `${where.filter(Boolean).join(' ')}: ${fill(sentence, problem.params)}${permitted}`
}

/** The error that a mistake in `config/` throws at start: one line for each problem. */
export class ConfigError extends Error {
  override name = 'ConfigError'

  constructor(
    readonly problems: readonly ConfigProblem[],
    locale: ConfigLocale = 'zh-CN',
  ) {
    super(problems.map((problem) => describeConfigProblem(problem, locale)).join('\n'))
  }
}

function describePermitted(permitted: Permitted, locale: ConfigLocale): string {
  const { permit, join } = texts[locale]
  switch (permitted.kind) {
    case 'one-of':
      return permitted.values.join(join)
    case 'keys':
      return fill(permit.keys, { keys: permitted.keys.join(join) })
    case 'number':
      return numberWords(permitted, locale)
    case 'text':
      if (permitted.pattern) return fill(permit.pattern, { pattern: permitted.pattern })
      return fill(permit.text, { min: permitted.min ?? 0, max: permitted.max ?? '∞' })
    case 'list':
      return fill(permit.list, { min: permitted.min ?? 0 })
    case 'date':
      return permit.date
    case 'boolean':
      return permit.boolean
    case 'either':
      return permitted.either.map((one) => describePermitted(one, locale)).join(permit.or)
  }
}

function numberWords(permitted: Extract<Permitted, { kind: 'number' }>, locale: ConfigLocale): string {
  const { permit } = texts[locale]
  const kind = permitted.integer ? permit.integer : permit.number
  const safe = (bound: number | undefined) =>
    bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound
  const above = safe(permitted.above)
  const low = above === undefined ? safe(permitted.min) : above
  const most = safe(permitted.max)
  const bounds = [
    low === undefined ? '' : fill(above === undefined ? permit.from : permit.above, { min: low }),
    most === undefined ? '' : fill(permit.to, { max: most }),
  ]
  return [kind, ...bounds].filter(Boolean).join(permit.bound)
}

function fill(text: string, params: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => String(params[key] ?? whole))
}
