import { z } from 'zod'
import { readConfig } from './document'
import type { ConfigResult } from './document'

const time = z.string().regex(/^([01]?\d|2[0-3]):[0-5]\d$/)

/** The shape of `config/settings.yml`: times at which the bot speaks by itself, limits of tickets, how long they are kept. */
const settingsFile = z.strictObject({
  reminders: z.strictObject({
    weekday: z.int().min(1).max(7),
    time,
    until: time,
    welcome: z.boolean().default(true),
  }),
  quiet: z.strictObject({ from: time, to: time }),
  tickets: z.strictObject({
    digest: z.array(time).min(1).max(10),
    weekly: time,
    megabytes: z.int().min(1).max(100),
    files: z.int().min(1).max(20),
    keepDays: z.int().min(1).max(3650),
  }),
})
export type SettingsFileContent = z.infer<typeof settingsFile>

/** Reads the text of `settings.yml`; the evening of reminders has to come after their morning. */
export function loadSettings(text: string, file: string): ConfigResult<SettingsFileContent> {
  const read = readConfig(text, file, settingsFile)
  if (!read.ok) return read
  const { value, text: source } = read.value
  const { reminders } = value
  if (padded(reminders.until) > padded(reminders.time)) return { ok: true, value }
  const path = ['reminders', 'until']
  const params = { given: reminders.until, time: reminders.time }
  const problem = { file, path: path.join('.'), line: source.lineAt(path), code: 'until-before-time', params }
  return { ok: false, problems: [problem] }
}

const padded = (given: string) => given.padStart(5, '0')

/** What the plugins of `koishi.yml` are given of the settings, by their names there. */
export function pluginSettings(settings: SettingsFileContent): Record<string, Record<string, unknown>> {
  const { reminders, quiet, tickets } = settings
  const { digest, weekly, megabytes, files, keepDays } = tickets
  return {
    'space-reminders': { ...reminders, time: padded(reminders.time), until: padded(reminders.until) },
    'space-outbox': { quietFrom: quiet.from, quietTo: quiet.to },
    'space-tickets': { digest, weekly, maxMegabytes: megabytes, maxFiles: files, retentionDays: keepDays },
  }
}
