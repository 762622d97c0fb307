// npm run mutate -- FOLDER... [--max=30] [--seed=1] [--tests=tests/a,tests/b] [--only=text]
// Changes one thing at a time in the code of a folder (src/scoring, plugins/access), runs the tests that reach it, and
// prints which changes no test noticed. Works in a copy of the tree; the working tree is only read.
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { importsOf, mutantsOf } from './mutation/mutants.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Folders of tests beside the one of the same name. */
const more = {
  awards: ['award-commands'],
  howto: ['howto-commands'],
  intents: ['understanding'],
  ranking: ['ranking-commands'],
  roster: ['schemes'],
  tasks: ['task-commands'],
  tickets: ['ticket-commands'],
  mysql: ['database'],
  sqlite: ['database'],
}

const { values, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    max: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    tests: { type: 'string' },
    only: { type: 'string', default: '' },
  },
})
if (!folders.length || folders.some((folder) => !existsSync(join(root, folder)))) {
  console.error(
    'npm run mutate -- src/FOLDER | plugins/FOLDER ... [--max=30] [--seed=1] [--tests=tests/a,tests/b]',
  )
  process.exit(2)
}

const copy = copyTree()
const leave = () => rmSync(copy, { recursive: true, force: true })
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    leave()
    process.exit(130)
  })
}
try {
  for (const folder of folders) await mutateFolder(folder)
} finally {
  leave()
}

async function mutateFolder(folder) {
  const all = sourcesIn(folder)
    .filter((path) => path.includes(values.only))
    .flatMap((path) => mutantsOf(path, readFileSync(join(copy, path), 'utf8')))
  const sample = shuffled(all, Number(values.seed)).slice(0, Number(values.max))
  const tests = testsOf(folder)
  const reach = new Map(tests.map((path) => [path, reachedFrom(path)]))
  for (const path of values.tests ? [] : everyTest()) {
    // A test elsewhere that names a file of the folder is about it too.
    const named = importedBy(path).filter((to) => to.startsWith(`${folder}/`))
    if (!reach.has(path) && named.length) reach.set(path, new Set(named))
  }
  console.log(
    `${folder}: ${sample.length} of ${all.length} mutants, seed ${values.seed}, ${tests.length} test files`,
  )
  const begun = Date.now()
  if ((await runTests(tests, 1_800_000)) !== 'survived') {
    console.log(`${folder}: the tests fail without a mutant`)
    process.exitCode = 1
    return
  }
  // A machine that is busy in between is no reason to call a mutant killed.
  const limit = (Date.now() - begun) * 4 + 60_000
  const outcomes = []
  for (const mutant of sample) {
    const related = [...reach.keys()].filter((path) => reach.get(path).has(mutant.path))
    const outcome = await tried(mutant, related, limit)
    outcomes.push(outcome)
    const change = `${short(mutant.was)} -> ${short(mutant.text)}`
    console.log(
      `${outcome.padEnd(9)} ${mutant.at}  ${change}${related.length ? '' : '  (no test reaches it)'}`,
    )
  }
  const killed = outcomes.filter((outcome) => outcome !== 'survived').length
  console.log(`${folder}: ${killed} of ${sample.length} killed\n`)
}

async function tried(mutant, related, limit) {
  if (!related.length) return 'survived'
  const path = join(copy, mutant.path)
  const source = readFileSync(path, 'utf8')
  writeFileSync(path, source.slice(0, mutant.from) + mutant.text + source.slice(mutant.to))
  try {
    return await runTests(related, limit)
  } finally {
    writeFileSync(path, source)
  }
}

/** 'survived' when all tests pass, 'killed' when one fails, 'timeout' when they do not come to an end. */
function runTests(tests, limit) {
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    '.config/vitest.config.mts',
    '--bail=1',
    ...tests,
  ]
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore', detached: true })
    const timer = setTimeout(() => {
      process.kill(-child.pid, 'SIGKILL')
      done('timeout')
    }, limit)
    child.on('exit', (code) => {
      clearTimeout(timer)
      done(code === 0 ? 'survived' : 'killed')
    })
  })
}

function testsOf(folder) {
  if (values.tests) return values.tests.split(',').flatMap(filesIn).filter(isTest)
  const [place, name] = folder.split('/')
  const own = [name, ...(more[name] ?? [])].map((one) => `tests/${one}`)
  const found = own.filter((one) => existsSync(join(copy, one))).flatMap(filesIn)
  // What is pure has its tests in the folder of its name; those of the plugin around it take much longer.
  const pure = found.filter((path) => !/commands?\//.test(path))
  return (place === 'src' && pure.some(isTest) ? pure : found).filter(isTest)
}

function isTest(path) {
  return path.endsWith('.test.ts')
}

/** Everything that a test file imports, and what that imports. */
function reachedFrom(test) {
  const seen = new Set()
  const waiting = [test]
  for (let path = waiting.pop(); path; path = waiting.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    waiting.push(...importedBy(path))
  }
  return seen
}

function importedBy(path) {
  return importsOf(readFileSync(join(copy, path), 'utf8')).flatMap((from) => targetOf(path, from) ?? [])
}

function everyTest() {
  return filesIn('tests').filter((path) => isTest(path) && !/^tests\/(bench|house)\//.test(path))
}

function targetOf(path, from) {
  const core = /^@space-assistant\/core\/(.+)$/.exec(from)?.[1]
  const plugin = /^koishi-plugin-space-([a-z]+)$/.exec(from)?.[1]
  const base = core
    ? `src/${core}`
    : plugin
      ? `plugins/${plugin}/index`
      : from.startsWith('.') && join(dirname(path), from)
  if (!base) return
  return [`${base}.ts`, `${base}/index.ts`].find((one) => existsSync(join(copy, one)))
}

function sourcesIn(folder) {
  return filesIn(folder).filter((path) => path.endsWith('.ts') && !path.includes('/page/'))
}

function filesIn(folder) {
  return readdirSync(join(copy, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => !/(^|\/)(node_modules|lib|dist)\//.test(path))
    .sort()
}

/** Tracked and new files, and all of node_modules, which has to lie inside: its links lead to src and plugins. */
function copyTree() {
  const target = mkdtempSync(join(tmpdir(), 'space-mutate-'))
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
  for (const path of listed.split('\0').filter((path) => path && existsSync(join(root, path)))) {
    cpSync(join(root, path), join(target, path), { recursive: true })
  }
  const installed = ['', 'src', ...readdirSync(join(root, 'plugins')).map((name) => `plugins/${name}`)]
  for (const path of installed.map((folder) => join(folder, 'node_modules'))) {
    if (existsSync(join(root, path))) copyInstalled(join(root, path), join(target, path))
  }
  // What is written there while tests run.
  for (const cache of ['.cache', '.vite', '.vitest']) {
    rmSync(join(target, 'node_modules', cache), { recursive: true, force: true })
  }
  return target
}

/** Nothing in a package is ever written, so links do where the file system has them. */
function copyInstalled(from, to) {
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore' })
  } catch {
    cpSync(from, to, { recursive: true, verbatimSymlinks: true, force: true })
  }
}

function shuffled(list, seed) {
  const all = [...list]
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1))
    ;[all[at], all[other]] = [all[other], all[at]]
  }
  return all
}

function short(text) {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}
