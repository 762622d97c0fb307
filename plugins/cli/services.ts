import { Loader, Logger } from 'koishi'
import type { Context } from 'koishi'
import { join } from 'node:path'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-database'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { readEnvironment, root } from './house'
import { text } from './text'

/** Whoever may use the machine's shell may do what staff do. */
export const shellViewer: Viewer = { grants: [{ kind: 'staff' }], place: { kind: 'private' } }

const wanted = [
  'sqlite',
  'mysql',
  'schemes',
  'roster',
  'scoreboard',
  'access',
  'imports',
  'documents',
  'exports',
]
const START_MS = 60_000

/** Which plugins of koishi.yml are loaded, by name. */
export type PluginChoice = (name: string) => boolean

const ofServices: PluginChoice = (name) => wanted.includes(name)

/**
 * Runs something with the services and the database as koishi.yml wires them, without any chat platform, and
 * closes the database afterwards. Rejects with the driver's own sentence when a bot holds the database.
 */
export async function withServices<T>(
  services: readonly string[],
  act: (ctx: Context) => Promise<T>,
  plugins: PluginChoice = ofServices,
): Promise<T> {
  readEnvironment()
  process.chdir(root)
  Logger.levels.base = Logger.SILENT
  const loader = new ServicesLoader()
  await loader.init(join(root, 'koishi.yml'))
  await loader.readConfig()
  loader.keepOnly(plugins)
  const app = await loader.createApp()
  try {
    const result = await act(await ready(app, services))
    await app.model.prepared()
    return result
  } finally {
    // Services that were not waited for may still read: what they say of a closed database does not matter.
    process.on('unhandledRejection', () => {})
    await app.parallel('exit', 'SIGTERM')
    loader.entry.scope.dispose()
  }
}

class ServicesLoader extends Loader {
  override async init(file: string): Promise<void> {
    await super.init(file)
    this.writable = false
  }

  /** Leaves only some of the plugins in the configuration; none of them listens. */
  keepOnly(chosen: PluginChoice): void {
    const plugins = Object.entries(this.config.plugins ?? {}) as [string, unknown][]
    const kept = plugins.filter(([key]) => chosen(key.split(':')[0]?.replace(/^space-/, '') ?? ''))
    const silent = kept.map(([key, config]) => [key, key.startsWith('server:') ? {} : config])
    this.config.plugins = Object.fromEntries(silent) as NonNullable<typeof this.config.plugins>
  }

  // Unloading the plugins at the end would otherwise be noted in the file.
  override writeConfig(): Promise<void> {
    return Promise.resolve()
  }
}

/** Waits until the services are there; a plugin that fails before says why. */
function ready(app: Context, services: readonly string[]): Promise<Context> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(text('not-started'))), START_MS)
    const fail = (error: unknown) => {
      clearTimeout(timer)
      reject(error instanceof Error ? error : new Error(String(error)))
    }
    app.on('internal/error', fail)
    app.on('space/config-refused', fail)
    // A bot waits for its database to come back; who has typed a command is told.
    app.on('space/database-away', fail)
    process.once('unhandledRejection', fail)
    app.inject([...services], (ctx) => {
      ctx.on('ready', () => {
        clearTimeout(timer)
        process.off('unhandledRejection', fail)
        resolve(ctx)
      })
    })
    app.start().catch(fail)
  })
}
