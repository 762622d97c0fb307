// Imports a roster (once) and one day of records into a database file; the test kills it in between.
import * as sqlite from 'koishi-plugin-space-sqlite'
import { Context } from 'koishi'
import { operator } from '@space-assistant/core/access/viewer'
import { loadServices, recordsFile, rosterFile, take, value } from './app'

async function main([path = '', number = '']: string[]): Promise<void> {
  const app = new Context()
  app.plugin(sqlite, { path })
  loadServices(app)
  await app.start()
  await new Promise<void>((done) => app.inject(['imports'], () => done()))
  const accounts = Array.from({ length: 400 }, (_, i) => `t${i}`)
  if (!app.roster.members().length) {
    await take(
      app.imports,
      rosterFile(accounts.map((account) => ['001', '实验小学', '张三', account, '教师', ''])),
    )
  }
  const day = `2022-03-0${number}`
  const bytes = recordsFile(...accounts.map((account) => [account, '资源建设', day, 1]))
  const preview = value(await app.imports.preview({ name: number, bytes }, operator))
  process.stdout.write('storing\n')
  value(await app.imports.confirm(preview.id, operator))
  process.stdout.write('stored\n')
  setTimeout(() => process.exit(), 1000)
}

void main(process.argv.slice(2))
