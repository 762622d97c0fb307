// A bureau's bot in a process of its own that can be killed: everything that bulletins need, on a database that stays.
import { createRequire } from 'node:module'
import { operator } from '@space-assistant/core/access/viewer'
import { Context, Logger } from 'koishi'
import type { Plugin } from 'koishi'
import type {} from 'koishi-plugin-space-imports'
import type {} from 'koishi-plugin-space-access'
import * as mysql from 'koishi-plugin-space-mysql'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { setClock } from '../../plugins/cli/clock'
import type { Settings } from '../database/mariadb'

export interface BureauJob {
  store: { path: string } | { settings: Settings }
  /** Of the adapter of OneBot. */
  onebot: object & { selfId: string }
  now: string
  folder: string
  staff: readonly string[]
  groups: readonly string[]
  /** Names and contents in base64 of the files that are imported first. */
  files: readonly (readonly [name: string, content: string])[]
}

Logger.levels.base = Logger.SILENT

const before = ['schemes', 'roster', 'scoreboard', 'access', 'imports', 'conversation', 'outbox'] as const
const after = ['documents', 'pictures', 'bulletins', 'onebot'] as const

async function main(job: BureauJob): Promise<void> {
  setClock(new Date(job.now))
  const app = new Context({ prefix: ['/'], i18n: { locales: ['zh-CN'] } })
  const settings: Record<string, object> = {
    schemes: { scheme: 'xinzhou-2022', dir: 'config' },
    outbox: { tickMs: 50, digestDelayMs: 400, gapMinMs: 10, gapMaxMs: 30, calmMs: 300, leaseMs: 3000 },
    bulletins: { tickMs: 50, dir: job.folder },
    onebot: job.onebot,
  }
  const load = (name: string) => {
    loadPlugin(app, `koishi-plugin-space-${name}`, settings[name])
  }
  loadPlugin(app, '@koishijs/plugin-http')
  if ('path' in job.store) app.plugin(sqlite, { path: job.store.path })
  else app.plugin(mysql, job.store.settings as never)
  for (const name of before) load(name)
  await app.start()
  await new Promise<void>((resolve) => app.inject(['imports', 'access', 'outbox'], () => resolve()))
  await app.model.prepared()
  if (job.files.length) await prepare(app, job)
  for (const name of after) load(name)
  await new Promise<void>((resolve) => app.inject(['bulletins'], () => resolve()))
  await app.model.prepared()
  process.stdout.write('ready\n')
}

/** Loads a plugin by name, as Koishi's own loader does. */
function loadPlugin(app: Context, name: string, config: object = {}): void {
  const exported = createRequire(__filename)(name) as { default?: object }
  app.plugin((exported.default ?? exported) as Plugin, config as never)
}

async function prepare(
  { imports, access }: Context,
  { files, staff, groups, onebot }: BureauJob,
): Promise<void> {
  for (const [name, content] of files) {
    const preview = await imports.preview({ name, bytes: Buffer.from(content, 'base64') }, operator)
    if (!preview.ok) throw new Error(preview.code)
    const stored = await imports.confirm(preview.value.id, operator)
    if (!stored.ok) throw new Error(stored.code)
  }
  const ref = { platform: 'onebot', selfId: onebot.selfId }
  for (const userId of staff) await access.grants.give({ ...ref, userId }, { kind: 'staff', label: userId })
  for (const channelId of groups)
    await access.groups.set({ ...ref, channelId }, { purpose: 'exchange' }, operator)
}

void main(JSON.parse(process.argv[2] ?? '') as BureauJob)
