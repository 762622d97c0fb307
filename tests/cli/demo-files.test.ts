import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Space } from './space'

const folder = mkdtempSync(join(tmpdir(), 'space-demo-files-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('space demo --files', () => {
  it.each([
    ['xinzhou-2022', 859.269231],
    ['shishou-2021', 27],
  ])('writes exports that space score understands: %s', async (scheme, best) => {
    const dir = join(folder, scheme)
    expect((await new Space(['demo', '--files', dir, '--scheme', scheme]).ended).code).toBe(0)
    const files = readdirSync(dir)
    // The year first: what a town office states later about its own schools replaces what stood there.
    const named = (part: string) =>
      files
        .filter((name) => name.startsWith(part))
        .sort((a, b) => a.length - b.length)
        .map((name) => join(dir, name))
    const score = new Space([
      ...['score', '--scheme', `config/schemes/${scheme}.yml`, '--format', 'json'],
      ...['--roster', ...named('人员名册'), '--schools', ...named('学校'), '--records', ...named('行为明细')],
    ])
    expect((await score.ended).code).toBe(0)
    const { schools, problems } = JSON.parse(score.stdout) as {
      schools: { rank: number; score: number }[]
      problems: unknown[]
    }
    expect(schools).toHaveLength(12)
    expect(schools[0]).toMatchObject({ rank: 1, score: best })
    expect(problems).toHaveLength(7)
  })

  it('says what is wrong with the name of a scheme', async () => {
    const space = new Space(['demo', '--files', folder, '--scheme', '../secret'])
    expect((await space.ended).code).toBe(1)
    expect(space.stderr).toContain('没有“../secret”这个方案')
  })
})
