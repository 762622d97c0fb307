// A process that writes to a SQLite file until it is killed, and says what was acknowledged, one line a commit.
import { Context, Logger } from 'koishi'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { writeSync } from 'node:fs'

Logger.levels.base = Logger.ERROR

async function main(path: string): Promise<void> {
  const app = new Context()
  app.plugin(sqlite, { path })
  app.model.extend(
    'test_line' as never,
    { batch: 'unsigned', line: 'unsigned', text: 'string(50)' } as never,
    {
      primary: ['batch', 'line'],
    },
  )
  app.on('internal/error' as never, ((error: Error) => fail(error)) as never)
  await app.start()
  await new Promise<void>((resolve) => app.inject(['bulk'], () => resolve()))
  await app.model.prepared()
  const [last] = await app.bulk.rows<{ batch: number | null }>('SELECT max(batch) AS batch FROM test_line')
  for (let batch = (last?.batch ?? 0) + 1; ; batch++) {
    // Mostly small transactions, some that fill the log.
    const size = batch % 7 === 0 ? 3000 : 3
    const rows = Array.from({ length: size }, (_, line) => ({
      batch,
      line,
      text: `${batch}.${line}`.padEnd(40, '.'),
    }))
    await app.database.withTransaction(async () => {
      await app.bulk.upsert('test_line', rows.slice(1))
      await app.bulk.upsert('test_line', rows.slice(0, 1))
    })
    writeSync(1, `${batch}\n`)
  }
}

function fail(error: unknown): never {
  writeSync(2, String(error))
  process.exit(1)
}

main(process.argv[2]!).catch(fail)
