import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

it('the demo loads nothing of the framework before its environment is set, or .env would win', () => {
  const folder = resolve(import.meta.dirname, '../../plugins/cli')
  const seen = new Set<string>()
  const visit = (file: string) => {
    if (seen.has(file)) return
    seen.add(file)
    const source = readFileSync(`${folder}/${file}.ts`, 'utf8')
    for (const [, from] of source.matchAll(/^import (?!type)[^;]*? from '(.+)'/gm)) {
      expect(from).not.toMatch(/koishi/)
      if (from?.startsWith('./') && !from.endsWith('.json')) visit(from.slice(2))
    }
  }
  visit('demo')
  expect(seen.size).toBeGreaterThan(4)
})
