import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { schemaVersion } from '@space-assistant/core/storage/migrations'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchMariaDB } from '../database/mariadb'
import type { MariaDB } from '../database/mariadb'
import { askInstallation, createBot } from './installation'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

const versions = readdirSync(import.meta.dirname).filter((name) => /^v\d+$/.test(name))
let server: MariaDB
beforeAll(async () => {
  server = await launchMariaDB()
})
afterAll(() => server.stop())

it('there is a dump of the present version (make it with tests/upgrade/make.ts)', () => {
  expect(versions).toContain(`v${schemaVersion}`)
})

describe.each(versions)('a database of %s', (version) => {
  it.each(['sqlite', 'mariadb'] as const)('in %s is opened and answers as it did', async (kind) => {
    const file = (end: string) => join(import.meta.dirname, version, `${kind}.${end}`)
    const bot = await createBot(kind === 'mariadb' ? await server.database() : undefined)
    const restored = await bot.space('restore', file('tar.gz'))
    expect(restored.stderr).toBe('')
    await bot.start()
    const answers = await askInstallation(bot, 200_000)
    await bot.close()
    const before = JSON.parse(readFileSync(file('json'), 'utf8')) as Record<string, string>
    expect(Object.keys(before).length).toBeGreaterThan(5)
    for (const [question, answer] of Object.entries(before)) expect(answers[question], question).toBe(answer)
  })
})
