// Builds the page into plugins/office/page/dist; with --stale only when a source is newer than what was built.
import { readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const page = join(root, 'plugins/office/page')

function newest(folder, skip) {
  return readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    if (skip.includes(entry.name)) return latest
    const path = join(folder, entry.name)
    return Math.max(latest, entry.isDirectory() ? newest(path, skip) : statSync(path).mtimeMs)
  }, 0)
}

export async function buildPage({ stale = false } = {}) {
  const made = statSync(join(page, 'dist/index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const lock = statSync(join(root, 'package-lock.json')).mtimeMs
  const sources = Math.max(newest(page, ['dist']), newest(join(root, 'src'), ['dist']), lock)
  if (stale && made > sources) return
  const started = Date.now()
  await build({ configFile: join(page, 'vite.config.mjs') })
  console.log(`built the page in ${Date.now() - started} ms`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildPage({ stale: process.argv.includes('--stale') })
}
