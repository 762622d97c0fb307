import { parseDay } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'

export const formats = ['json', 'csv', 'table'] as const
export type Format = (typeof formats)[number]

export interface ScoreArguments {
  scheme: string
  roster: string[]
  records: string[]
  schools: string[]
  from?: Day
  to?: Day
  format: Format
  out?: string
}

/** A mistake in the arguments: a key of the locale with its parameters. */
export interface Mistake {
  mistake: string
  params: Record<string, string>
}

const single = ['scheme', 'from', 'to', 'format', 'out']
const several = ['roster', 'records', 'schools']

/** Reads the arguments of `space score`; an option takes every value up to the next option. */
export function readArguments(args: readonly string[]): ScoreArguments | Mistake {
  const values = collect(args)
  if ('mistake' in values) return values
  const one = (name: string) => values.given.get(name)?.[0]
  const needed = ['scheme', 'roster', 'records'].find((name) => !values.given.has(name))
  if (needed) return { mistake: 'missing-option', params: { option: `--${needed}` } }
  const days: { from?: Day; to?: Day } = {}
  for (const name of ['from', 'to'] as const) {
    const text = one(name)
    if (text === undefined) continue
    const day = parseDay(text)
    if (day === undefined) return { mistake: 'bad-day', params: { option: `--${name}`, value: text } }
    days[name] = day
  }
  if (days.from !== undefined && days.to !== undefined && days.from > days.to) {
    return { mistake: 'from-after-to', params: { from: one('from') ?? '', to: one('to') ?? '' } }
  }
  const format = one('format') ?? 'json'
  if (!isFormat(format))
    return { mistake: 'bad-format', params: { value: format, permitted: formats.join(' ') } }
  const out = one('out')
  return {
    scheme: one('scheme') ?? '',
    roster: values.given.get('roster') ?? [],
    records: values.given.get('records') ?? [],
    schools: values.given.get('schools') ?? [],
    ...days,
    format,
    ...(out !== undefined && { out }),
  }
}

function collect(args: readonly string[]): { given: Map<string, string[]> } | Mistake {
  const given = new Map<string, string[]>()
  let current: string[] | undefined
  for (const arg of args) {
    const option = /^--([a-z-]+)(?:=(.*))?$/s.exec(arg)
    if (!option) {
      if (current === undefined) return { mistake: 'stray-value', params: { value: arg } }
      current.push(arg)
      continue
    }
    const [, name = '', value] = option
    if (![...single, ...several].includes(name)) return { mistake: 'unknown-option', params: { option: arg } }
    current = given.get(name) ?? []
    given.set(name, current)
    if (value !== undefined) current.push(value)
  }
  for (const [name, values] of given) {
    const params = { option: `--${name}` }
    if (!values.length) return { mistake: 'no-value', params }
    if (values.length > 1 && single.includes(name)) return { mistake: 'several-values', params }
  }
  return { given }
}

function isFormat(text: string): text is Format {
  return (formats as readonly string[]).includes(text)
}
