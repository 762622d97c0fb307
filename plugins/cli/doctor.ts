import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkFolder } from './check'
import { askControl } from './control'
import { dataDir, root } from './house'
import { describeInstallation } from './installation'
import { describeLacks, findLacks, lackServices, lacks } from './lacking'
import type { InstallationLack } from './lacking'
import { portOf } from './port'
import { withServices } from './services'
import { checkSettingsFile } from './settings'
import { examineStorage } from './storage'
import { platformName } from './startup-report'
import { text } from './text'

const ANSWER_MS = 5_000

/** `space doctor`: what this installation is, what is wrong with it and what to do; 1 when something is. */
export async function run(args: string[]): Promise<number> {
  parseArgs({ args, options: {} })
  const { rules, fatal, inForce } = checkFolder(join(root, 'config'))
  const settings = checkSettingsFile()
  const bot = await askBot()
  const storage = examineStorage(new Date())
  const found = await (bot ? examineRunning(bot) : examineStopped())
  const wrong = [...fatal, ...rules, ...settings.wrong, ...storage.wrong, ...found.wrong]
  const facts = [
    text('doctor-node', { version: process.version }),
    ...describeInstallation(inForce.schemes),
    text(bot ? 'doctor-running' : 'doctor-stopped', { port: portOf() }),
    ...found.facts,
    ...storage.facts,
    ...settings.hints,
    ...describeLacks(found.lacks),
  ]
  for (const line of facts) process.stdout.write(`${line}\n`)
  for (const line of wrong) process.stderr.write(`${line}\n`)
  process.stdout.write(`${text(wrong.length ? 'doctor-wrong' : 'doctor-right', { wrong: wrong.length })}\n`)
  return wrong.length ? 1 : 0
}

interface Examined {
  facts: string[]
  wrong: string[]
  lacks: InstallationLack[]
}

/** What a bot that runs here says of itself at its health address. */
interface BotHealth {
  status?: string
  connections?: Record<string, { all: number; online: number }>
}

async function examineRunning({ status, connections = {} }: BotHealth): Promise<Examined> {
  const platforms = Object.entries(connections).map(([id, counts]) => ({
    ...{ ...counts, platform: platformName(id) },
  }))
  const down = platforms.filter(({ online }) => !online)
  const asked = await askControl(dataDir(), 'lacks')
  return {
    facts: platforms.map((each) => text('doctor-connections', each)),
    wrong: [
      ...down.map(({ platform }) => text('doctor-connection-down', { platform })),
      ...(status === 'ok' || down.length ? [] : [text('doctor-bot-ill', { port: portOf() })]),
    ],
    lacks: lacks.filter((lack) => Array.isArray(asked?.value) && asked.value.includes(lack)),
  }
}

async function examineStopped(): Promise<Examined> {
  try {
    const found = await withServices(['database', 'schemes', ...lackServices], findLacks)
    return { facts: [], wrong: [], lacks: found }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { facts: [], wrong: [text('doctor-database', { reason })], lacks: [] }
  }
}

/** Undefined when none answers. */
async function askBot(): Promise<BotHealth | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${portOf()}/healthz`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    return (await answer.json()) as BotHealth
  } catch {
    return undefined
  }
}
