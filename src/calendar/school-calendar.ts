import { z } from 'zod'
import { requireDay } from './day'
import type { Day } from './day'
import { formatPath, readConfig } from '../configuration/document'
import type { ConfigProblem, ConfigResult } from '../configuration/document'
import type { Window } from './day'

const date = z.iso.date()
const named = z.strictObject({ name: z.string().min(1).max(40), from: date, to: date })

/** The shape of `config/calendar.yml`. */
export const calendarFile = z.strictObject({
  holidays: z.array(date).optional().describe('Days off beside the public holidays.'),
  workdays: z.array(date).optional().describe('Days of work that would be off.'),
  years: z.array(z.int().min(2000).max(2200)).optional().describe('Years whose holidays are complete above.'),
  vacations: z.array(named).optional(),
  terms: z.array(named).optional().describe('School weeks are counted from the week of the first day.'),
})

export interface NamedWindow {
  name: string
  window: Window
}

/** What a district adds to the public holidays. */
export interface SchoolCalendar {
  holidays: ReadonlySet<Day>
  workdays: ReadonlySet<Day>
  /** Years whose public holidays are given completely by `holidays` and `workdays`. */
  years: ReadonlySet<number>
  vacations: readonly NamedWindow[]
  terms: readonly NamedWindow[]
}

export const plainCalendar: SchoolCalendar = {
  holidays: new Set(),
  workdays: new Set(),
  years: new Set(),
  vacations: [],
  terms: [],
}

/** Reads the text of `config/calendar.yml`; `file` is only named in problems. */
export function loadCalendar(text: string, file: string): ConfigResult<SchoolCalendar> {
  const read = readConfig(text, file, calendarFile)
  if (!read.ok) return read
  const { value, text: source } = read.value
  const problems: ConfigProblem[] = []
  const report = (path: (string | number)[], code: string, params: Record<string, string>) =>
    problems.push({ file, path: formatPath(path), line: source.lineAt(path), code, params })
  for (const list of ['vacations', 'terms'] as const) {
    value[list]?.forEach(({ from, to }, index) => {
      if (to < from) report([list, index, 'to'], 'ends-before-it-begins', { from, to })
    })
  }
  const holidays = new Set(value.holidays)
  value.workdays?.forEach((given, index) => {
    if (holidays.has(given)) report(['workdays', index], 'word-twice', { given, other: 'holidays' })
  })
  return problems.length ? { ok: false, problems } : { ok: true, value: makeCalendar(value) }
}

function makeCalendar(value: z.infer<typeof calendarFile>): SchoolCalendar {
  const days = (list: string[] = []) => new Set(list.map(requireDay))
  const windows = (list: z.infer<typeof named>[] = []) =>
    list.map(({ name, from, to }) => ({ name, window: { from: requireDay(from), to: requireDay(to) } }))
  return {
    holidays: days(value.holidays),
    workdays: days(value.workdays),
    years: new Set(value.years),
    vacations: windows(value.vacations),
    terms: windows(value.terms),
  }
}
