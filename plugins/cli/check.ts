import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { parseArgs } from 'node:util'
import { HeadersError, parseHeaders } from '@space-assistant/core/formats/headers'
import { readYaml } from '@space-assistant/core/scheme/config'
import type { ConfigProblem } from '@space-assistant/core/scheme/config'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { describeProblem } from '@space-assistant/core/scheme/problem'
import { root } from './house'
import { locale, text } from './text'

/** Reads one kind of file of `config/` and answers a sentence for each mistake. */
type Checker = (content: string, file: string) => string[]

// The first pattern that a path below `config/` matches decides; other files are read as plain YAML.
const checkers: [RegExp, Checker][] = [
  [/^schemes\//, (content, file) => sentences(loadScheme(content, file))],
  [/^headers\.ya?ml$/, checkHeaders],
  [/./, (content, file) => sentences(readYaml(content, file))],
]

/** `space check [config-dir]`: 0 when every file is right, 1 when one has a mistake. */
export function run(args: string[]): number {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
  const folder = positionals[0] === undefined ? resolve(root, 'config') : resolve(positionals[0])
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    process.stderr.write(`${text('check-no-folder', { folder })}\n`)
    return 2
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
  const problems = files.flatMap((name) => checkFile(folder, name))
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  const schemes = files.filter((name) => name.startsWith(`schemes${sep}`))
  if (!schemes.length) process.stderr.write(`${text('check-no-scheme', { folder })}\n`)
  const wrong = problems.length + (schemes.length ? 0 : 1)
  process.stdout.write(`${text(wrong ? 'check-wrong' : 'check-right', { files: files.length, wrong })}\n`)
  return wrong ? 1 : 0
}

function checkFile(folder: string, name: string): string[] {
  const path = resolve(folder, name)
  const shown = existsSync(path) && path.startsWith(root) ? relative(root, path) : path
  const [, checker] = checkers.find(([pattern]) => pattern.test(name.replaceAll(sep, '/')))!
  return checker(readFileSync(path, 'utf8'), shown)
}

function sentences(result: { ok: true } | { ok: false; problems: ConfigProblem[] }): string[] {
  return result.ok ? [] : result.problems.map((problem) => describeProblem(problem, locale))
}

function checkHeaders(content: string, file: string): string[] {
  try {
    parseHeaders(content, file)
    return []
  } catch (error) {
    if (error instanceof HeadersError) return [error.message]
    throw error
  }
}
