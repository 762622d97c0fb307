// Runs the benchmarks of this folder, or the named ones: npm run bench -- score
import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { join, resolve } from 'node:path'

/** The other files of the folder belong to these. */
const benchmarks = ['score', 'board', 'start', 'import', 'reply', 'outbox', 'reports']

interface Benchmark {
  run: (args: readonly string[]) => Promise<void>
}

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const names = args.filter((arg) => !arg.startsWith('-'))
  const options = args.filter((arg) => arg.startsWith('-'))
  const root = resolve(__dirname, '../..')
  execFileSync(process.execPath, [join(root, '.tools/build.mjs')], { cwd: root, stdio: 'inherit' })
  console.log(
    `${cpus()[0]?.model ?? '?'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.version}`,
  )
  for (const name of names.length ? names : benchmarks) {
    const { run } = require(join(__dirname, `${name}.ts`)) as Benchmark
    await run(options)
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
