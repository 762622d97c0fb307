// Makes CommonJS for production: src to src/dist, each plugin to its lib, file by file, so that every module is
// one and the same for all who require it; words in .json are put into the file that imports them. The command
// line is one file that carries the core, because a score should not wait for two hundred files to be found.
import { build } from 'esbuild'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import cli from '../plugins/cli/bundle.cjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  sourcemap: 'linked',
  sourcesContent: false,
}

const keepModulesApart = {
  name: 'keep-modules-apart',
  setup(setup) {
    setup.onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'entry-point' || path.endsWith('.json') ? undefined : { external: true },
    )
  },
}

function sources(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/(^|\/)(lib|dist|node_modules|page)\/|\.d\.ts$/.test(path))
    .map((path) => join(folder, path))
}

function apart(folder, out) {
  rmSync(join(root, out), { recursive: true, force: true })
  return build({
    ...common,
    entryPoints: sources(folder),
    outbase: folder,
    outdir: out,
    plugins: [keepModulesApart],
  })
}

function commandLine() {
  rmSync(join(root, 'plugins/cli/lib'), { recursive: true, force: true })
  cli.bundleScore()
  return build({
    ...common,
    entryPoints: ['plugins/cli/main.ts'],
    outfile: 'plugins/cli/lib/main.js',
    conditions: ['development'],
    plugins: [
      // Everything but the core and the command line's own files stays a package.
      {
        name: 'packages-stay-outside',
        setup(setup) {
          setup.onResolve({ filter: /^[^.]/ }, ({ kind, path }) =>
            kind === 'entry-point' || path.startsWith('@space-assistant/core/')
              ? undefined
              : { external: true },
          )
        },
      },
      // The score is in a file of its own.
      {
        name: 'score-stays-outside',
        setup: (setup) =>
          setup.onResolve({ filter: /^\.\/score$/ }, ({ path }) => ({ path, external: true })),
      },
    ],
  })
}

const plugins = readdirSync(join(root, 'plugins')).filter((name) =>
  existsSync(join(root, `plugins/${name}/index.ts`)),
)
const started = Date.now()
await Promise.all([
  apart('src', 'src/dist'),
  ...plugins.map((name) => apart(`plugins/${name}`, `plugins/${name}/lib`)),
  commandLine(),
])
console.log(`built ${plugins.length} plugins, the core and the command line in ${Date.now() - started} ms`)
