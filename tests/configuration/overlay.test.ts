import { overlayConfig } from '@space-assistant/core/configuration/overlay'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'

const merge = (base: string, local: string) => {
  const result = overlayConfig(
    { file: 'config/x.yml', text: base },
    { file: 'config/local/x.yml', text: local },
  )
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return parse(result.value?.text ?? '') as unknown
}

describe('a local file', () => {
  it.each([
    ['adds a key', 'a: 1', 'b: 2', { a: 1, b: 2 }],
    [
      'changes a value deep inside and leaves its neighbours',
      'a: {b: 1, c: 2}',
      'a: {b: 3}',
      { a: { b: 3, c: 2 } },
    ],
    ['takes a key away with null', 'a: 1\nb: 2', 'b: null', { a: 1 }],
    ['adds words to a list, each once', 'a: [x, y]', 'a: [y, z]', { a: ['x', 'y', 'z'] }],
    [
      'replaces what it says of an entry of the same id',
      'a: [{id: p, n: 1, m: 1}, {id: q}]',
      'a: [{id: p, n: 2}, {id: r}]',
      { a: [{ id: 'p', n: 2, m: 1 }, { id: 'q' }, { id: 'r' }] },
    ],
    [
      'knows an entry by its name, too',
      'a: [{name: p, n: 1}]',
      'a: [{name: p, n: 2}]',
      { a: [{ name: 'p', n: 2 }] },
    ],
    ['takes the place of a list of other things', 'a: [[1], [2]]', 'a: [[3]]', { a: [[3]] }],
    ['takes the place of a value of another kind', 'a: [x]', 'a: text', { a: 'text' }],
    ['is empty and changes nothing', 'a: 1', '{}', { a: 1 }],
  ])('%s', (_, base, local, merged) => {
    expect(merge(base, local)).toEqual(merged)
  })

  it('is used alone where the project has none of that name', () => {
    const local = { file: 'config/local/x.yml', text: 'a: 1' }
    expect(overlayConfig(undefined, local)).toEqual({ ok: true, value: local })
  })

  it('that is not there leaves the text and its lines untouched', () => {
    const base = { file: 'config/x.yml', text: '# remark\na: 1' }
    expect(overlayConfig(base, undefined)).toEqual({ ok: true, value: base })
  })

  it('with a mistake in writing is named with its line', () => {
    const result = overlayConfig(
      { file: 'config/x.yml', text: 'a: 1' },
      { file: 'config/local/x.yml', text: 'b: 1\na: [' },
    )
    expect(result).toMatchObject({ ok: false, problems: [{ file: 'config/local/x.yml', line: 2 }] })
  })
})
