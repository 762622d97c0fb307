import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { overlayConfig } from '@space-assistant/core/configuration/overlay'
import { loadSettings, pluginSettings } from '@space-assistant/core/configuration/settings-file'
import { describe, expect, it } from 'vitest'
import { Config as OutboxConfig } from '../../plugins/outbox/config'
import { Config as RemindersConfig } from 'koishi-plugin-space-reminders'
import { Config as TicketsConfig } from 'koishi-plugin-space-tickets'

const shipped = readFileSync(resolve('config/settings.yml'), 'utf8')

/** The shipped file with a text of `config/local/settings.yml` laid over it. */
function withLocal(text: string) {
  const merged = overlayConfig({ file: 'settings.yml', text: shipped }, { file: 'local/settings.yml', text })
  if (!merged.ok || !merged.value) throw new Error('not merged')
  return loadSettings(merged.value.text, merged.value.file)
}

describe('config/settings.yml', () => {
  it('says what the plugins do when nothing is set', () => {
    const loaded = loadSettings(shipped, 'settings.yml')
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
    const given = pluginSettings(loaded.value)
    for (const [name, config] of Object.entries({
      'space-reminders': RemindersConfig({} as never),
      'space-outbox': OutboxConfig({} as never),
    })) {
      expect(config, name).toMatchObject(given[name] ?? {})
    }
    const { maxMegabytes, maxFiles, retentionDays } = TicketsConfig({} as never)
    expect(given['space-tickets']).toMatchObject({ maxMegabytes, maxFiles, retentionDays })
    expect(() => TicketsConfig(given['space-tickets'] as never)).not.toThrow()
  })

  it('is changed by a few words in config/local', () => {
    const loaded = withLocal('reminders: { time: "9:05" }\ntickets: { keepDays: 90 }\n')
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
    const given = pluginSettings(loaded.value)
    expect(given['space-reminders']).toEqual({ weekday: 1, time: '09:05', until: '20:00', welcome: true })
    expect(given['space-tickets']).toMatchObject({ retentionDays: 90, maxFiles: 9 })
  })

  it.each([
    ['reminders: { time: "25:00" }', 'reminders.time', 'not-permitted'],
    ['reminders: { weekday: 8 }', 'reminders.weekday', 'not-permitted'],
    ['reminders: { until: "8:00" }', 'reminders.until', 'until-before-time'],
    ['reminder: { time: "10:00" }', 'reminder', 'unknown-key'],
    ['tickets: { keepDays: 0 }', 'tickets.keepDays', 'not-permitted'],
  ])('%s is refused at its place', (text, path, code) => {
    const loaded = withLocal(text)
    expect(loaded.ok ? [] : loaded.problems.map((one) => [one.path, one.code])).toEqual([[path, code]])
  })
})
