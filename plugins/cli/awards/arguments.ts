import { parseArgs } from 'node:util'
import { parseDay } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import { text } from '../text'

export const awardFormats = ['json', 'table'] as const
export type AwardFormat = (typeof awardFormats)[number]

export interface AwardArguments {
  scheme: string
  roster: string[]
  records: string[]
  schools: string[]
  snapshot: string[]
  nominations: string[]
  sheets: string[]
  asOf?: Day
  format: AwardFormat
  out?: string
}

/** A mistake in the arguments, as a sentence. */
export class AwardMisuse extends Error {}

const files = { type: 'string', multiple: true, default: [] as string[] } as const
const one = { type: 'string' } as const

/** Reads the arguments of `space awards`; a list of files goes on up to the next option. */
export function readAwardArguments(args: readonly string[]): AwardArguments {
  const { values } = parseArgs({
    args: repeatOptions(args),
    options: {
      ...{ scheme: one, 'as-of': one, format: one, out: one },
      ...{
        roster: files,
        records: files,
        schools: files,
        snapshot: files,
        nominations: files,
        sheets: files,
      },
    },
  })
  const { scheme, roster, records, out } = values
  for (const [option, given] of Object.entries({ scheme, roster: roster[0], records: records[0] })) {
    if (!given) throw new AwardMisuse(text('awards-missing-option', { option: `--${option}` }))
  }
  const asOf = values['as-of']
  const day = asOf === undefined ? undefined : parseDay(asOf)
  if (asOf !== undefined && day === undefined) throw new AwardMisuse(text('awards-bad-day', { given: asOf }))
  const format = awardFormats.find((known) => known === (values.format ?? 'json'))
  if (!format)
    throw new AwardMisuse(
      text('awards-bad-format', { given: values.format ?? '', permitted: awardFormats.join(' ') }),
    )
  return {
    scheme: scheme ?? '',
    roster,
    records,
    schools: values.schools,
    snapshot: values.snapshot,
    nominations: values.nominations,
    sheets: values.sheets,
    ...(day !== undefined && { asOf: day }),
    format,
    ...(out !== undefined && { out }),
  }
}

/** Node's parser takes one value an option: `--roster a b` becomes `--roster=a --roster=b`. */
function repeatOptions(args: readonly string[]): string[] {
  let option: string | undefined
  return args.flatMap((arg, at) => {
    if (!arg.startsWith('--')) return option === undefined ? arg : `${option}=${arg}`
    option = arg.includes('=') ? undefined : arg
    // An option without any value is left for the parser to complain about.
    const hasValue = args[at + 1]?.startsWith('--') === false
    return option !== undefined && hasValue ? [] : arg
  })
}
