import { loadScheme } from '@space-assistant/core/scheme/loader'
import { renewScheme } from '@space-assistant/core/scheme/renew'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

it.each([
  ['period: { from: 2022-01-01, to: 2022-12-31 }', 1, 'period: { from: 2023-01-01, to: 2023-12-31 }'],
  ['name: 新洲区 2022 年指数 # 2022年', 1, 'name: 新洲区 2023 年指数 # 2023年'],
  ['from: 2024-02-29', 1, 'from: 2025-02-28'],
  ['from: 2023-02-28', 1, 'from: 2024-02-28'],
  ['- { name: 满 2022 分, points: 2022 }', 1, '- { name: 满 2022 分, points: 2022 }'],
  ['to: 2022-13-45', 1, 'to: 2022-13-45'],
  ['from: 2022-05-21', -1, 'from: 2021-05-21'],
])('%j moved by %d years is %j', (text, years, moved) => {
  expect(renewScheme(text, years)).toBe(moved)
})

const dir = resolve('config/schemes')

it.each(readdirSync(dir))('%s of the next year is a scheme with the same rules', (file) => {
  const text = readFileSync(resolve(dir, file), 'utf8')
  const [before, after] = [loadScheme(text, file), loadScheme(renewScheme(text, 1), file)]
  if (!before.ok || !after.ok) throw new Error('not a scheme')
  expect(after.value.indicators).toEqual(before.value.indicators)
  expect(after.value.phases.map(({ name }) => name)).toEqual(before.value.phases.map(({ name }) => name))
  expect(after.value.period.from - before.value.period.from).toBe(365)
})
