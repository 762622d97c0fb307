// Runs the benchmarks of this folder, or the named ones: npm run bench -- score
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join, resolve } from 'node:path'

/** A benchmark file exports `run`; the other files of the folder belong to one. */
interface Benchmark {
  run?: (args: readonly string[]) => Promise<void>
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
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.ts') && name !== 'run.ts')
  for (const file of files) {
    const name = file.replace(/\.ts$/, '')
    if (names.length && !names.includes(name)) continue
    const { run } = require(join(__dirname, file)) as Benchmark
    if (run) await run(options)
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
