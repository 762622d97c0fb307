// Adopts what the scheme's file says now; the test kills it in between. Arguments: a SQLite path or MySQL settings, config folder.
import { operator } from '@space-assistant/core/access/viewer'
import { writeSync } from 'node:fs'
import { openServices } from './services'

async function main([database = '', dir = '']: string[]): Promise<void> {
  const app = await openServices(database, dir)
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
