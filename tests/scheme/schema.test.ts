import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { format } from 'prettier'
import { expect, it } from 'vitest'
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
