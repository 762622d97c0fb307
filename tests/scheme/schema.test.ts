import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { format } from 'prettier'
import { expect, it } from 'vitest'
import fieldNotes from '../../src/scheme/field-notes.json'
import { schemeJsonSchema } from '@space-assistant/core/scheme/file'

it('config/scheme.schema.json is current (renew it with vitest -u)', async () => {
  const text = await format(JSON.stringify(schemeJsonSchema(), null, 2), { parser: 'json', printWidth: 110 })
  await expect(text).toMatchFileSnapshot(resolve('config/scheme.schema.json'))
})

it.each(readdirSync('config/schemes').filter((file) => file.endsWith('.yml')))(
  '%s tells the editor where its schema is',
  (file) => {
    const [first] = readFileSync(`config/schemes/${file}`, 'utf8').split('\n')
    expect(first).toBe('# yaml-language-server: $schema=../scheme.schema.json')
  },
)

/** Every field of the schema, by the names of the fields around it. */
function fieldsOf(node: unknown, path = ''): { path: string; description: unknown }[] {
  if (typeof node !== 'object' || node === null) return []
  const {
    properties = {},
    items,
    anyOf = [],
  } = node as {
    properties?: Record<string, { description?: unknown }>
    items?: unknown
    anyOf?: unknown[]
  }
  const own = Object.entries(properties).flatMap(([name, field]) => [
    { path: `${path}.${name}`, description: field.description },
    ...fieldsOf(field, `${path}.${name}`),
  ])
  return [...own, ...fieldsOf(items, path), ...anyOf.flatMap((each) => fieldsOf(each, path))]
}

const fields = fieldsOf(schemeJsonSchema())

it('every field has a description in Chinese', () => {
  expect(fields.length).toBeGreaterThan(100)
  const without = fields.filter(({ description }) => !/\p{Script=Han}/u.test(String(description)))
  expect(without.map(({ path }) => path)).toEqual([])
})

it('every note is of a field that there is', () => {
  const names = new Set(
    fields.flatMap(({ path }) => [path.split('.').at(-1), path.split('.').slice(-2).join('.')]),
  )
  expect(Object.keys(fieldNotes).filter((name) => !names.has(name))).toEqual([])
})

it('docs/scheme.md has every field, and no field in its tables that there is not', () => {
  const page = readFileSync('docs/scheme.md', 'utf8')
  const names = new Set(fields.map(({ path }) => path.split('.').at(-1) ?? ''))
  expect([...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([])
  const rows = [...page.matchAll(/^\| ((?:`[A-Za-z]+`(?:, )?)+) \|/gm)].flatMap(
    ([, cell = '']) => cell.match(/[A-Za-z]+/g) ?? [],
  )
  expect(rows.length).toBeGreaterThan(30)
  expect(rows.filter((name) => !names.has(name))).toEqual([])
})
