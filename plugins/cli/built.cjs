// Loads a built file like `require`, with the compiled code that an earlier run left beside it; also what the second
// thread of `space score` starts with.
'use strict'
const { createHash } = require('node:crypto')
const { readFileSync, renameSync, writeFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { dirname } = require('node:path')
const { Script } = require('node:vm')
const { isMainThread, parentPort, workerData } = require('node:worker_threads')

const HASH_BYTES = 20

function load(path) {
  const source = readFileSync(path)
  const hash = createHash('sha1').update(source).digest()
  const cachedData = compiled(path, hash)
  const text = `(function (exports, require, module, __filename, __dirname) {${source.toString()}\n})`
  const script = new Script(text, { filename: path, cachedData })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path))
  // At the end, because only what has run is compiled.
  if (isMainThread && (!cachedData || script.cachedDataRejected)) {
    process.once('exit', () => keep(path, [hash, script.createCachedData()]))
  }
  return module.exports
}

/** The code compiled from exactly this source. */
function compiled(path, hash) {
  try {
    const kept = readFileSync(`${path}.cache`)
    if (hash.equals(kept.subarray(0, HASH_BYTES))) return kept.subarray(HASH_BYTES)
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

if (!isMainThread && workerData?.bundle) load(workerData.bundle).serve(parentPort, workerData.headers)

module.exports = { load }
