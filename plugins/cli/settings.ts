import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { Window } from '@space-assistant/core/calendar/day'
import type { SchoolCalendar } from '@space-assistant/core/calendar/school-calendar'
import { unknownYears } from '@space-assistant/core/calendar/workday'
import { checkEnvironment, readSettingNames } from '@space-assistant/core/configuration/environment'
import type { SettingsFileContent } from '@space-assistant/core/configuration/settings-file'
import { readEnvironment, root } from './house'
import { text } from './text'
import type { TextKey } from './text'

/** Sentences about the settings: what is wrong, and what is allowed but may not be meant. */
export interface SettingsReport {
  wrong: string[]
  hints: string[]
}

/** What `.env` and the environment say, looked at together. */
export function checkSettingsFile(): SettingsReport {
  const read = (name: string) => {
    const file = join(root, name)
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }
  readEnvironment()
  const source = { text: read('.env'), settings: process.env, known: readSettingNames(read('.env.example')) }
  const report: SettingsReport = { wrong: [], hints: [] }
  for (const { code, line, hint, params } of checkEnvironment(source)) {
    const near = params['near'] ? text('env-near', { near: params['near'] }) : ''
    const place = line === undefined ? '.env' : text('env-line', { line })
    const sentence = text('env-problem', { place, sentence: text(`env-${code}`, { ...params, near }) })
    ;(hint ? report.hints : report.wrong).push(sentence)
  }
  return report
}

/** Whether the calendar speaks of the days in which the scheme in force scores. */
export function checkCalendarOf(
  scheme: { name: string; period: Window },
  { terms, vacations, ...rest }: SchoolCalendar,
): string[] {
  const { name, period } = scheme
  const days = { name, from: formatDay(period.from), to: formatDay(period.to) }
  const meets = ({ window }: { window: Window }) => window.from <= period.to && window.to >= period.from
  const found: string[] = []
  if (!terms.some(meets)) found.push(text('calendar-no-term', days))
  // A term's activity has no vacation; a longer one has.
  const isOneTerm = terms.some(({ window }) => window.from <= period.from && window.to >= period.to)
  if (!isOneTerm && !vacations.some(meets)) found.push(text('calendar-no-vacation', days))
  const years = unknownYears(period, { terms, vacations, ...rest })
  if (years.length) found.push(text('calendar-unknown-years', { years: years.join(', ') }))
  return found
}

/** What the bot does by itself at which times, in a sentence. */
export function describeSettings({ reminders, quiet, tickets }: SettingsFileContent): string {
  return text('settings-shown', {
    ...{ day: text(`weekday-${reminders.weekday}` as TextKey), time: reminders.time, until: reminders.until },
    ...{
      from: quiet.from,
      to: quiet.to,
      digest: tickets.digest.join(text('list-join')),
      weekly: tickets.weekly,
    },
    ...{ megabytes: tickets.megabytes, files: tickets.files, days: tickets.keepDays },
  })
}
