import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { closeDataFolder } from '../../plugins/cli/closed-files'

let folder: string
const put = (path: string, mode: number) => {
  writeFileSync(join(folder, path), 'x')
  chmodSync(join(folder, path), mode)
}
const modeOf = (path: string) => (statSync(join(folder, path)).mode & 0o777).toString(8)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'space-closed-'))
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'exports'), { mode: 0o755 })
  put('exports/list.xlsx', 0o644)
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('what others on the machine could read in the data folder', () => {
  it('is closed to them, down to the files in its folders', () => {
    put('space.db', 0o644)
    closeDataFolder(folder)
    expect(['.', 'space.db', 'exports', 'exports/list.xlsx'].map(modeOf)).toEqual([
      '700',
      '600',
      '700',
      '600',
    ])
  })

  it('is left as it is where no database of the bot lies', () => {
    closeDataFolder(folder)
    expect(['.', 'exports', 'exports/list.xlsx'].map(modeOf)).toEqual(['755', '755', '644'])
  })

  it('is not followed out of the folder', () => {
    const outside = mkdtempSync(join(tmpdir(), 'space-outside-'))
    chmodSync(outside, 0o755)
    put('space.db', 0o644)
    symlinkSync(outside, join(folder, 'link'))
    closeDataFolder(folder)
    expect((statSync(outside).mode & 0o777).toString(8)).toBe('755')
    rmSync(outside, { recursive: true })
  })
})
