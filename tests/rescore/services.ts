import { Context, Logger } from 'koishi'
import * as mysql from 'koishi-plugin-space-mysql'
import * as roster from 'koishi-plugin-space-roster'
import Schemes from 'koishi-plugin-space-schemes'
import * as scoreboard from 'koishi-plugin-space-scoreboard'
import * as sqlite from 'koishi-plugin-space-sqlite'

Logger.levels.base = Logger.ERROR

/** An app that scores by the schemes in a folder, on a SQLite file or on MySQL (its settings as JSON). */
export async function openServices(database: string, dir: string): Promise<Context> {
  const app = new Context()
  if (database.startsWith('{')) app.plugin(mysql, JSON.parse(database) as mysql.Config)
  else app.plugin(sqlite, { path: database })
  app.plugin(Schemes, { scheme: 'xinzhou-2022', dir, pollSeconds: 3600 })
  app.plugin(roster, { pollSeconds: 3600 })
  app.plugin(scoreboard, { pollSeconds: 3600 })
  await app.start()
  await new Promise<void>((done) => app.inject(['scoreboard'], () => done()))
  return app
}

export async function closeServices(app: Context): Promise<void> {
  app.registry.delete(mysql as never)
  app.registry.delete(sqlite as never)
  await app.stop()
}
