import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { freePort, root, space } from './space'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'space-operator-'))
const scheme = join(root, 'config/local/schemes/test-of-next-year.yml')
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  rmSync(scheme, { force: true })
})

describe('space service', () => {
  it('prints a unit that starts node itself, restarts, and writes to the data folder only', async () => {
    const { code, stdout, stderr } = await space(['service'], { DATA_DIR: folder })
    expect(code).toBe(0)
    expect(stdout).toContain(`ExecStart=${process.execPath} ${root}/plugins/cli/bin.cjs start\n`)
    expect(stdout).toContain('Restart=always\n')
    expect(stdout).toMatch(new RegExp(`^ReadWritePaths=${folder} `, 'm'))
    expect(stderr).toContain('systemctl enable --now')
  })

  it('lets the bot write its backups to another disk', async () => {
    const { stdout } = await space(['service'], { DATA_DIR: folder, BACKUP_DIR: '/mnt/backups' })
    expect(stdout).toContain(`ReadWritePaths=${folder} /mnt/backups ${root}/plugins/cli\n`)
  })
})

describe('space new-scheme', () => {
  it('copies a scheme with its dates moved, and never over another', async () => {
    const made = await space(['new-scheme', 'test-of-next-year', '--from', 'xinzhou-2022'])
    expect([made.code, made.stderr]).toEqual([0, ''])
    expect(made.stdout).toContain('SCHEME 改成 test-of-next-year')
    expect(readFileSync(scheme, 'utf8')).toContain('period: { from: 2023-01-01, to: 2023-12-31 }')
    const again = await space(['new-scheme', 'test-of-next-year', '--from', 'xinzhou-2022'])
    expect([again.code, again.stderr]).toEqual([
      1,
      `${scheme} 已经有了，没有改动。请换一个名称，或先移走它。\n`,
    ])
  })

  it.each([
    [['new-scheme'], 2, '用法'],
    [['new-scheme', '../x', '--from', 'xinzhou-2022'], 2, '用法'],
    [['new-scheme', 'y', '--from', 'nowhere'], 1, '没有“nowhere”这个方案'],
  ])('%j is answered with what to do', async (args, code, sentence) => {
    const outcome = await space(args)
    expect(outcome.code).toBe(code)
    expect(outcome.stderr).toContain(sentence)
    expect(existsSync(join(root, 'config/local/schemes/y.yml'))).toBe(false)
  })
})

describe('space doctor', () => {
  it('finds nothing wrong with a fresh installation', async () => {
    const { code, stdout, stderr } = await space(['doctor'], {
      DATA_DIR: folder,
      PORT: String(await freePort()),
    })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('没有运行')
    expect(stdout).toContain('一切正常')
  })

  it('tells of a bot that runs and is not well', async () => {
    const ill = createServer((_, answer) => answer.end('{"status":"down"}')).listen(0, '127.0.0.1')
    await once(ill, 'listening')
    const { port } = ill.address() as AddressInfo
    const { code, stderr } = await space(['doctor'], { DATA_DIR: folder, PORT: String(port) })
    ill.close()
    expect(code).toBe(1)
    expect(stderr).toContain(`http://127.0.0.1:${port}/healthz`)
  })
})
