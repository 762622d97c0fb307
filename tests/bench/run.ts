// Runs the benchmarks of this folder, or the named ones: npm run bench -- score
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/** The other files of the folder belong to these. */
const benchmarks = [
  'score',
  'board',
  'start',
  'import',
  'reply',
  'outbox',
  'nudges',
  'reports',
  'awards',
  'pictures',
]

const root = resolve(__dirname, '../..')

/** A bundled file still finds what lies beside it. */
const keepFolders: Plugin = {
  name: 'keep-folders',
  setup(setup) {
    setup.onLoad({ filter: /\/tests\/.*\.ts$/ }, ({ path }) => {
      const folder = `const __dirname = ${JSON.stringify(dirname(path))}\n`
      return { contents: folder + readFileSync(path, 'utf8'), loader: 'ts' }
    })
  },
}

/** A benchmark as JavaScript, in a process of its own that loads the built packages: what is measured is what runs. */
async function runBuilt(name: string, options: readonly string[]): Promise<void> {
  const outfile = join(root, `node_modules/.cache/space-bench/${name}.js`)
  await build({
    stdin: {
      contents: `require('./${name}').run(process.argv.slice(2)).catch((error) => { console.error(error); process.exitCode = 1 })`,
      resolveDir: __dirname,
    },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    plugins: [keepFolders],
    logLevel: 'error',
  })
  const { status } = spawnSync(process.execPath, [outfile, ...options], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const names = args.filter((arg) => !arg.startsWith('-'))
  const options = args.filter((arg) => arg.startsWith('-'))
  execFileSync(process.execPath, [join(root, '.tools/build.mjs')], { cwd: root, stdio: 'inherit' })
  console.log(
    `${cpus()[0]?.model ?? '?'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.version}`,
  )
  for (const name of names.length ? names : benchmarks) await runBuilt(name, options)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
