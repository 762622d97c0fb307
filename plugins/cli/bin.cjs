#!/usr/bin/env node
// Starts the command line: what `npm run build` made when it is newer than every source, else the TypeScript
// itself through tsx, which needs a second process because Node takes the condition `development` only at start.
// `score` has a file of its own, which is made anew within moments when it is not up to date.
'use strict'
const { refusePreflight } = require('./preflight.cjs')
const refusal = refusePreflight()
if (refusal) {
  process.stderr.write(`${refusal}\n`)
  process.exit(1)
}

const { realpathSync, readdirSync, statSync } = require('node:fs')
const { join, resolve } = require('node:path')
const { scoreBundle } = require('./bundle.cjs')

const here = realpathSync(__dirname)
const root = resolve(here, '../..')
const built = join(here, 'lib/main.js')
const args = process.argv.slice(2)

const score = args[0] === 'score' ? scoreBundle() : undefined
if (score) require('./built.cjs').load(score).main(args.slice(1))
else if (isFresh()) require(built).main()
else fromSource()

function isFresh() {
  const made = statSync(built, { throwIfNoEntry: false })?.mtimeMs
  return made !== undefined && !['src', 'plugins'].some((folder) => hasNewer(join(root, folder), made))
}

function hasNewer(folder, made) {
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      return !['lib', 'dist', 'node_modules'].includes(entry.name) && hasNewer(path, made)
    }
    return /\.(ts|json)$/.test(entry.name) && statSync(path).mtimeMs > made
  })
}

function fromSource() {
  const { spawn } = require('node:child_process')
  const main = join(here, 'source.cjs')
  const child = spawn(
    process.execPath,
    ['-r', require.resolve('tsx/cjs'), '-C', 'development', main, ...args],
    { stdio: 'inherit' },
  )
  // The terminal sends its interrupt to both; a supervisor sends its signal to this process only.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}
