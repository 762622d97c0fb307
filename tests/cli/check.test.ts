import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { root, space } from './space'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000 })

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'space-check-')), 'config')
  // What this installation changes for itself is not part of the project.
  cpSync(join(root, 'config'), folder, {
    recursive: true,
    filter: (path) => !path.startsWith(join(root, 'config/local')),
  })
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

describe('space check', () => {
  it('finds nothing wrong with what the project comes with', async () => {
    const { code, stdout, stderr } = await space(['check'])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/\n共 \d+ 个文件，全部正确。\n$/)
    expect(stdout).toContain('没有启用任何聊天平台')
  })

  it('names file, place and what is permitted for a scheme with mistakes', async () => {
    const file = join(folder, 'schemes/xinzhou-2022.yml')
    writeFileSync(file, 'name: 甲\nplatform: 乙\nperiod: { from: 2022-02-30, to: 2022-01-01 }\n')
    const { code, stdout, stderr } = await space(['check', folder])
    expect(code).toBe(1)
    expect(stderr).toContain('schemes/xinzhou-2022.yml')
    expect(stderr).toContain('period.from')
    expect(stdout).toMatch(/\d+ 处需要修改/)
  })

  it('names the line of a tab', async () => {
    writeFileSync(join(folder, 'schemes/third.yml'), 'name: 甲\n\tplatform: 乙\n')
    const { code, stderr } = await space(['check', folder])
    expect(code).toBe(1)
    expect(stderr).toMatch(/third\.yml.*2/)
  })

  it('refuses words of columns that are wrong', async () => {
    writeFileSync(join(folder, 'headers.yml'), 'columns: []\n')
    const { code, stderr } = await space(['check', folder])
    expect(code).toBe(1)
    expect(stderr).toContain('headers.yml')
  })

  it.each(['headers', 'words', 'tickets'])('misses %s.yml, without which no bot starts', async (name) => {
    rmSync(join(folder, `${name}.yml`))
    const { code, stderr } = await space(['check', folder])
    expect(code).toBe(1)
    expect(stderr).toBe(`${join(folder, name)}.yml: 没有这个文件，请放回来（可从原来的 config 里复制）\n`)
  })

  it('lays config/local over the files and says so', async () => {
    mkdirSync(join(folder, 'local'))
    writeFileSync(join(folder, 'local/words.yml'), 'ask: [名次榜]\nnonsense: [甲]\n')
    const { code, stdout, stderr } = await space(['check', folder])
    expect(code).toBe(1)
    expect(stderr).toContain('local/words.yml')
    expect(stderr).toContain('nonsense')
    expect(stdout).toContain('config/local 里的 1 个文件已并入')
  })

  it.each([
    [{ SCHEME: 'xinzhou-2032' }, 'SCHEME 是“xinzhou-2032”'],
    [{ ONEBOT_SELF_ID: '10001' }, 'OneBot 反向连接必须设 ONEBOT_TOKEN'],
    [{ QQ_ID: '1', QQ_SECRET: 's', PORT: '99999' }, 'PORT 要写 1 到 65535 的端口号'],
  ])('finds settings that do not belong together: %j', async (env, sentence) => {
    const { code, stderr } = await space(['check'], env)
    expect(code).toBe(1)
    expect(stderr).toContain(sentence)
  })

  it('says so when there is no such folder, or no scheme in it', async () => {
    expect((await space(['check', join(folder, 'nowhere')])).code).toBe(2)
    rmSync(join(folder, 'schemes'), { recursive: true })
    expect((await space(['check', folder])).stderr).toContain('没有方案文件')
  })
})

describe('the command line', () => {
  it('shows how it is used', async () => {
    const { code, stdout } = await space(['--help'])
    expect(code).toBe(0)
    const names = ['score', 'import', 'history', 'undo', 'adopt', 'check', 'staff', 'start', 'demo']
    for (const name of names) {
      expect(stdout).toMatch(new RegExp(`^  ${name}( |$)`, 'm'))
      expect(await space([name, '--help'])).toEqual({ code: 0, stdout, stderr: '' })
    }
    expect((await space([])).code).toBe(2)
  })

  it('refuses a command or an option that it does not have, with the usage', async () => {
    const unknown = await space(['scroe'])
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('没有“scroe”这个命令')
    const option = await space(['check', '--frobnicate'])
    expect(option.code).toBe(2)
    expect(option.stderr).toMatch(/^没有 --frobnicate 这个参数。\n\n用法/)
    const value = await space(['import', 'x.csv', '--date'])
    expect(value.stderr).toMatch(/^参数 --date 的写法不对/)
    const extra = await space(['adopt', '方案'])
    expect(extra.stderr).toMatch(/^多写了“方案”。/)
    expect([value.code, extra.code]).toEqual([2, 2])
  })

  it('speaks English when asked to', async () => {
    expect((await space(['help'], { SPACE_LOCALE: 'en-US' })).stdout).toContain('Usage')
  })
})
