// Makes the file that `space score` runs from: the command, the core and what they need of packages in one, because
// a score should not wait for hundreds of files to be found. Used by the build, and by the command itself when its
// sources are newer than what was built.
'use strict'
const { createHash } = require('node:crypto')
const { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs')
const { dirname, join, relative, resolve } = require('node:path')

const root = resolve(__dirname, '../..')
const lib = join(__dirname, 'lib/score')
const bundle = join(lib, 'index.js')
/** Which files the bundle was made of, with their times and sizes. */
const stamp = join(lib, 'sources.json')

/** What every bundle of the command line has in common. */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  conditions: ['development'],
  logLevel: 'warning',
}

/** Where the bundle is, made anew if it has to be; undefined when that cannot be done. */
function scoreBundle() {
  try {
    if (!isFresh()) bundleScore()
    return bundle
  } catch (error) {
    if (process.env.SPACE_DEBUG) console.error(error)
  }
}

function isFresh() {
  try {
    const sources = JSON.parse(readFileSync(stamp, 'utf8'))
    return Object.entries(sources).every(([path, state]) => stateOf(path) === state) && !!statSync(bundle)
  } catch {
    return false
  }
}

function stateOf(path) {
  const { mtimeMs, size } = statSync(join(root, path))
  return `${mtimeMs} ${size}`
}

function bundleScore() {
  const { buildSync } = require('esbuild')
  const { outputFiles, metafile } = buildSync({
    ...common,
    entryPoints: { index: 'plugins/cli/score/main.ts', parsers: 'plugins/cli/score/parsers.ts' },
    outdir: lib,
    minify: true,
    mainFields: ['module', 'main'],
    external: ['@e965/xlsx', 'tsx/cjs'],
    metafile: true,
    write: false,
  })
  const own = Object.keys(metafile.inputs).filter((path) => !path.startsWith('node_modules/'))
  const sources = [...own, 'package-lock.json', relative(root, __filename)].map((path) => [
    path,
    stateOf(path),
  ])
  mkdirSync(lib, { recursive: true })
  // Whoever runs at the same moment finds the old files or the new ones; the stamp comes last.
  rmSync(stamp, { force: true })
  const hash = createHash('sha1')
  for (const { contents } of outputFiles) hash.update(contents)
  const head = Buffer.from(`'use strict';const bundleHash='${hash.digest('hex')}';\n`)
  for (const { path, contents } of outputFiles) replace(path, Buffer.concat([head, contents]))
  replace(stamp, JSON.stringify(Object.fromEntries(sources)))
}

function replace(path, content) {
  mkdirSync(dirname(path), { recursive: true })
  const fresh = `${path}.${process.pid}`
  writeFileSync(fresh, content)
  renameSync(fresh, path)
}

module.exports = { bundleScore, common, replace, scoreBundle }
