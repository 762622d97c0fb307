import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { renewScheme } from '@space-assistant/core/scheme/renew'
import { root } from './house'
import { text } from './text'

const options = { from: { type: 'string' }, years: { type: 'string', default: '1' } } as const

/** `space new-scheme ID --from OLD [--years N]`: next year's scheme in config/local, with the dates moved. */
export function run(args: string[]): number {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const [id = ''] = positionals
  const years = Number(values.years)
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(id) || values.from === undefined || !Number.isInteger(years) || !years) {
    process.stderr.write(`${text('new-scheme-usage')}\n`)
    return 2
  }
  const source = ['local/schemes', 'schemes']
    .map((folder) => join(root, 'config', folder, `${values.from}.yml`))
    .find((path) => existsSync(path))
  const target = join(root, 'config/local/schemes', `${id}.yml`)
  const refusal = source
    ? existsSync(target) && text('new-scheme-there', { target })
    : text('demo-no-scheme', { given: values.from })
  if (!source || refusal) {
    process.stderr.write(`${refusal}\n`)
    return 1
  }
  mkdirSync(dirname(target), { recursive: true })
  // One folder further down than those of the project.
  const moved = renewScheme(readFileSync(source, 'utf8'), years)
  writeFileSync(target, moved.replace('$schema=../scheme.schema.json', '$schema=../../scheme.schema.json'))
  process.stdout.write(`${text('new-scheme-done', { target, id })}\n`)
  return 0
}
