// Makes the dumps of the present version: node -r tsx/cjs -C development tests/upgrade/make.ts
// Run once when the schema gets a new number; what is there of earlier versions is never made again.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { schemaVersion } from '@space-assistant/core/storage/migrations'
import { launchMariaDB } from '../database/mariadb'
import { askInstallation, createBot, makeInstallation } from './installation'

async function make(): Promise<void> {
  const folder = resolve('tests/upgrade', `v${schemaVersion}`)
  if (existsSync(folder)) throw new Error(`${folder} is there already`)
  mkdirSync(folder)
  const samples = mkdtempSync(join(tmpdir(), 'space-upgrade-'))
  const server = await launchMariaDB()
  for (const name of ['sqlite', 'mariadb'] as const) {
    const bot = await createBot(name === 'mariadb' ? await server.database() : undefined)
    await makeInstallation(bot, samples)
    writeFileSync(
      join(folder, `${name}.json`),
      `${JSON.stringify(await askInstallation(bot, 100_000), null, 2)}\n`,
    )
    await bot.stop()
    const made = await bot.space('backup', join(folder, `${name}.tar.gz`))
    if (made.code) throw new Error(made.stderr)
    await bot.close()
  }
  await server.stop()
  rmSync(samples, { recursive: true })
}

void make()
