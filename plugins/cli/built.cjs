// Loads a built file like `require`, with the compiled code that an earlier run left beside it; also what the second
// thread of `space score` starts with.
'use strict'
const { readFileSync, renameSync, writeFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { dirname } = require('node:path')
const { Script } = require('node:vm')
const { isMainThread, parentPort, workerData } = require('node:worker_threads')

/** The first line, which holds a hash of the rest. */
const HEAD_BYTES = 73

function load(path) {
  const source = readFileSync(path)
  const head = source.subarray(0, HEAD_BYTES)
  const cachedData = compiled(path, head)
  // Only ASCII is in it.
  const text = `(function (exports, require, module, __filename, __dirname) {${source.latin1Slice()}\n})`
  const script = new Script(text, { filename: path, cachedData })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path))
  // At the end, because only what has run is compiled.
  if (isMainThread && (!cachedData || script.cachedDataRejected)) {
    process.once('exit', () => keep(path, [head, script.createCachedData()]))
  }
  return module.exports
}

/** The code compiled from exactly this source. */
function compiled(path, head) {
  try {
    const kept = readFileSync(`${path}.cache`)
    if (head.equals(kept.subarray(0, HEAD_BYTES))) return kept.subarray(HEAD_BYTES)
  } catch {
    // None was kept yet.
  }
}

/** Where nothing can be written every run compiles anew. */
function keep(path, parts) {
  try {
    const fresh = `${path}.${process.pid}.cache`
    writeFileSync(fresh, Buffer.concat(parts))
    renameSync(fresh, `${path}.cache`)
  } catch {
    // Only slower.
  }
}

if (!isMainThread && workerData?.bundle) load(workerData.bundle).serve(parentPort)

module.exports = { load }
