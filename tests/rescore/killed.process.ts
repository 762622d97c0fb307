// Adopts what the scheme's file says now; the test kills it in between. Arguments: a SQLite path or MySQL settings, config folder.
import * as mysql from 'koishi-plugin-space-mysql'
import * as roster from 'koishi-plugin-space-roster'
import Schemes from 'koishi-plugin-space-schemes'
import * as scoreboard from 'koishi-plugin-space-scoreboard'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { operator } from '@space-assistant/core/identity/viewer'
import { Context, Logger } from 'koishi'
import { writeSync } from 'node:fs'

Logger.levels.base = Logger.ERROR

async function main([database = '', dir = '']: string[]): Promise<void> {
  const app = new Context()
  if (database.startsWith('{')) app.plugin(mysql, JSON.parse(database) as mysql.Config)
  else app.plugin(sqlite, { path: database })
  app.plugin(Schemes, { scheme: 'xinzhou-2022', dir, pollSeconds: 3600 })
  app.plugin(roster, { pollSeconds: 3600 })
  app.plugin(scoreboard, { pollSeconds: 3600 })
  await app.start()
  await new Promise<void>((done) => app.inject(['scoreboard'], () => done()))
  const pending = app.schemes.pending()
  if (pending.kind !== 'changed') throw new Error(pending.kind)
  writeSync(1, 'adopting\n')
  const adopted = await app.schemes.adopt(pending.key, operator)
  if (!adopted.ok) throw new Error(adopted.code)
  writeSync(1, 'adopted\n')
  setTimeout(() => process.exit(), 1000)
}

main(process.argv.slice(2)).catch((error: unknown) => {
  writeSync(2, String(error))
  process.exit(1)
})
