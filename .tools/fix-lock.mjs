// Completes package-lock.json after `npm install`. npm leaves out optional packages for other platforms when the
// registry in use does not have them, and `npm ci` then refuses the file. Each gets the entry that npm itself
// would write, but for the checksum that only the registry knows.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const file = resolve(
  process.argv[2] ?? resolve(dirname(fileURLToPath(import.meta.url)), '..', 'package-lock.json'),
)
const text = readFileSync(file, 'utf8')
const lock = JSON.parse(text)
const { packages } = lock

const platforms = 'aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32'
const named = new RegExp(`(?:^|[-/])(${platforms})-([a-z0-9_]+)(?:-(gnu|musl|msvc|[a-z]*eabi[a-z]*))?$`)

/** Whether Node would find a package of that name from the owner's folder upwards. */
function isThere(owner, name) {
  for (let at = owner; at; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${at}/node_modules/${name}`]) return true
  }
  return Boolean(packages[`node_modules/${name}`])
}

const added = []
for (const [owner, entry] of Object.entries({ ...packages })) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isThere(owner, name)) continue
    const path = `node_modules/${name}`
    packages[path] = describe(name, range, entry)
    added.push(`${name}@${range}`)
  }
}

function describe(name, range, { dev, license }) {
  const [, os, cpu, kind = ''] = named.exec(name) ?? []
  const libc = kind.startsWith('musl') ? ['musl'] : kind.startsWith('gnu') ? ['glibc'] : undefined
  return {
    version: range.replace(/^[^\d]*/, ''),
    ...(cpu && { cpu: [cpu] }),
    ...(dev && { dev }),
    ...(os === 'linux' && libc && { libc }),
    ...(license && { license }),
    optional: true,
    ...(os && { os: [os] }),
  }
}

if (added.length) {
  const sorted = Object.keys(packages).sort((a, b) => (a < b ? -1 : 1))
  lock.packages = Object.fromEntries(sorted.map((path) => [path, packages[path]]))
  writeFileSync(file, JSON.stringify(lock, null, 2) + '\n')
}
console.log(added.length ? `added ${added.length}: ${added.join(', ')}` : 'nothing is missing')
