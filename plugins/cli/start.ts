import { Loader } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-database'
import { pluginSettings } from '@space-assistant/core/configuration/settings-file'
import type { SettingsFileContent } from '@space-assistant/core/configuration/settings-file'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { attendBot } from './attend'
import { checkFolder } from './check'
import { closeDataFolder, closeFile } from './closed-files'
import { keepHeapTight } from './heap'
import { dataDir, root } from './house'
import { portOf, refuseTakenPort } from './port'
import { describeInstallation } from './installation'
import { checkSettingsFile } from './settings'
import { text } from './text'

/** `space start`: the bot with the wiring of koishi.yml, until a signal stops it. */
export async function run(args: string[]): Promise<number> {
  parseArgs({ args, options: {} })
  const { wrong } = checkSettingsFile()
  const taken = wrong.length ? undefined : await refuseTakenPort(portOf())
  const refused = wrong.length
    ? [...wrong, text('start-settings', { wrong: wrong.length })]
    : taken
      ? [taken]
      : []
  process.stderr.write(refused.map((line) => `${line}\n`).join(''))
  return refused.length ? 1 : startWorker(true)
}

/**
 * Koishi's own command line keeps a parent that does not pass signals on, so that its worker would live on
 * after SIGTERM. The worker runs in this process instead; it needs somebody to send its reports to. An attended one
 * says what it is and what it lacks; the demo has sentences of its own.
 */
export function startWorker(attended = false): number {
  keepHeapTight()
  process.chdir(root)
  const { fatal, inForce } = checkFolder(join(root, 'config'))
  if (fatal.length) {
    process.stderr.write(`${refusal(fatal.join('\n'))}\n`)
    return 1
  }
  // The log's times, as the people read them who are asked about it.
  process.env['TZ'] ??= 'Asia/Shanghai'
  mkdirSync(dataDir(), { recursive: true })
  closeSettingsFiles()
  closeDataFolder(dataDir())
  if (!process.connected) process.send = () => true
  leaveConfigAlone()
  if (attended) for (const line of describeInstallation(inForce.schemes)) process.stdout.write(`${line}\n`)
  takeOverApp({ attended, settings: inForce.settings })
  require('koishi/lib/worker')
  return 0
}

/** The settings hold tokens and passwords; whoever copied them from the example left them open to everybody. */
function closeSettingsFiles(): void {
  for (const name of ['.env', '.env.local']) closeFile(join(root, name))
}

/** Mistakes in config/, one a line, and that nothing goes before they are put right. */
function refusal(problems: string): string {
  return `${problems}\n${text('start-refused', { wrong: problems.split('\n').length })}`
}

/**
 * Koishi writes its configuration anew at every start, through one temporary file, so that of two processes
 * that start at once one fails. Changes made later, in the console, are still written.
 */
function leaveConfigAlone(): void {
  const loader = Loader.prototype as unknown as { writeConfig: (silent?: boolean) => Promise<void> }
  const write = loader.writeConfig
  loader.writeConfig = function (silent) {
    return silent ? Promise.resolve() : write.call(this)
  }
}

/** Koishi would log it and run on without a database or without rules, deaf to every question. */
function takeOverApp(given: { attended: boolean; settings: SettingsFileContent | undefined }): void {
  const loader = Loader.prototype as unknown as {
    config: { plugins?: object }
    createApp: () => Promise<Context>
  }
  const create = loader.createApp
  const end = (sentence: string) => {
    process.stderr.write(`${sentence}\n`)
    process.exit(1)
  }
  loader.createApp = async function () {
    if (given.settings) applySettings(this.config, given.settings)
    const app = await create.call(this)
    app.on('space/database-refused', ({ message }) => end(message))
    app.on('space/config-refused', ({ message }) => end(refusal(message)))
    if (given.attended) attendBot(app)
    return app
  }
}

/** koishi.yml is wiring only: what staff may set is laid over it here. */
function applySettings(config: { plugins?: object }, settings: SettingsFileContent): void {
  const given = pluginSettings(settings)
  for (const [key, own] of Object.entries(config.plugins ?? {})) {
    Object.assign(own as object, given[key.split(':')[0] ?? ''])
  }
}
