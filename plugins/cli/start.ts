import { interpolate, Loader } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-sqlite'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { checkFolder } from './check'
import { dataDir, readEnvironment, root } from './house'
import { text } from './text'

/** `space start`: the bot with the wiring of koishi.yml, until a signal stops it. */
export function run(args: string[]): number {
  parseArgs({ args, options: {} })
  readEnvironment()
  return startWorker()
}

/**
 * Koishi's own command line keeps a parent that does not pass signals on, so that its worker would live on
 * after SIGTERM. The worker runs in this process instead; it needs somebody to send its reports to.
 */
export function startWorker(): number {
  process.chdir(root)
  const problems = configProblems()
  if (problems.length) {
    const lines = [...problems, text('start-refused', { wrong: problems.length })]
    process.stderr.write(`${lines.join('\n')}\n`)
    return 1
  }
  // The log's times, as the people read them who are asked about it.
  process.env.TZ ??= 'Asia/Shanghai'
  mkdirSync(dataDir(), { recursive: true })
  if (!process.connected) process.send = () => true
  leaveConfigAlone()
  endWithoutDatabase()
  require('koishi/lib/worker')
  return 0
}

/**
 * What is wrong with config/. Koishi would only log it and run on without schemes, deaf to every question.
 */
function configProblems(): string[] {
  const { schemes, problems } = checkFolder(join(root, 'config'))
  const given = chosenScheme()
  if (given === undefined || !schemes.length || schemes.includes(given)) return problems
  return [...problems, text('start-no-scheme', { given, permitted: schemes.join(', ') })]
}

/** The scheme in force, as koishi.yml has it from the environment. */
function chosenScheme(): string | undefined {
  const { plugins } = parse(readFileSync(join(root, 'koishi.yml'), 'utf8')) as {
    plugins: Record<string, { scheme?: string } | null>
  }
  const [, wired] = Object.entries(plugins).find(([key]) => key.startsWith('space-schemes:')) ?? []
  const { scheme } = wired ?? {}
  return scheme && String(interpolate(scheme, { env: process.env }, /\$\{\{(.+?)\}\}/g))
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

/** Koishi would log it and run on without a database, deaf to every question. */
function endWithoutDatabase(): void {
  const loader = Loader.prototype as unknown as { createApp: () => Promise<Context> }
  const create = loader.createApp
  loader.createApp = async function () {
    const app = await create.call(this)
    app.on('space/database-refused', ({ message }) => {
      process.stderr.write(`${message}\n`)
      process.exit(1)
    })
    return app
  }
}
