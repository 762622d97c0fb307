// Compiles the engine of `space score` (AssemblyScript) to the file that is kept beside its sources, so that nobody who
// runs the project needs the compiler; a test sees to it that the file is what the sources say.
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const folder = 'src/scoring/lines/engine'
const compiler = join(createRequire(import.meta.url).resolve('assemblyscript/package.json'), '../bin/asc.js')
/** The file to write, the one that is kept when left out. */
const out = process.argv[2] ?? `${folder}/engine.wasm`

const options = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--sharedMemory', '--enable', 'threads'],
  // Pages of 64 KB, as `Engine` opens them.
  ...['--initialMemory', '16', '--maximumMemory', '65536'],
]
execFileSync(process.execPath, [compiler, `${folder}/entry.ts`, ...options, '--outFile', out], {
  cwd: root,
  stdio: 'inherit',
})
