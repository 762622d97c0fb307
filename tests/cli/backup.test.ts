import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { isBackupDue } from '../../plugins/cli/backup/nightly'
import { nightlyName, removeOldBackups } from '../../plugins/cli/backup/nightly-files'
import { launchMariaDB } from '../database/mariadb'
import type { MariaDB } from '../database/mariadb'
import { freePort, space, Space } from './space'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const folder = mkdtempSync(join(tmpdir(), 'space-backup-'))
const samples = join(folder, 'samples')
const home = join(folder, 'home')
let server: MariaDB
beforeAll(async () => {
  expect((await space(['demo', '--files', samples])).code).toBe(0)
  const [roster = ''] = readdirSync(samples).filter((name) => name.includes('名册'))
  const imported = await space(['import', '--yes', join(samples, roster)], { DATA_DIR: home })
  expect(imported.stderr).toBe('')
  mkdirSync(join(home, 'tickets'))
  writeFileSync(join(home, 'tickets/1.png'), 'a picture')
  server = await launchMariaDB()
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const historyOf = async (env: Record<string, string>) => (await space(['history'], env)).stdout

describe('a backup of the embedded database', () => {
  const file = join(folder, 'running.tar.gz')

  it('is made while the bot runs, and restores what was there', async () => {
    const env = { DATA_DIR: home, PORT: String(await freePort()) }
    const bot = new Space(['start'], env)
    await bot.said('已就绪')
    const made = await space(['backup', file], env)
    expect(made.stderr).toBe('')
    expect(made.stdout).toMatch(
      /已备份到 .*running\.tar\.gz（\d+\.\d MB）：\d+ 张表，\d+ 行，\d 个文件夹或文件。没有加密/,
    )
    expect(statSync(file).mode & 0o777).toBe(0o600)
    // Nothing of the making is left behind.
    expect(readdirSync(folder).filter((name) => name.includes('running'))).toEqual(['running.tar.gz'])
    const again = await space(['backup', file], env)
    expect([again.code, again.stderr]).toEqual([1, `${file} 已经有了，没有覆盖。请换一个文件名。\n`])
    bot.kill()
    await bot.ended
    const other = { DATA_DIR: join(folder, 'other') }
    const restored = await space(['restore', file], other)
    expect(restored.stderr).toBe('')
    expect(restored.stdout).toMatch(/行，和备份时一样；\d 个文件夹或文件。现在可以启动。/)
    expect(await historyOf(other)).toBe(await historyOf({ DATA_DIR: home }))
    expect(readFileSync(join(folder, 'other/tickets/1.png'), 'utf8')).toBe('a picture')
  })

  it('is never restored over something', async () => {
    const { code, stderr } = await space(['restore', file], { DATA_DIR: home })
    expect(code).toBe(1)
    expect(stderr).toMatch(/里已经有内容（.*space\.db.*），没有恢复，什么也没有改动。.*改名留底/)
  })

  it('that is cut off or something else is refused, and leaves nothing behind', async () => {
    const bytes = readFileSync(file)
    const target = join(folder, 'refused')
    const restore = async (content: Buffer | string) => {
      const path = join(folder, 'wrong.tar.gz')
      writeFileSync(path, content)
      const { code, stderr } = await space(['restore', path], { DATA_DIR: target })
      expect(code).toBe(1)
      expect(existsSync(target) ? readdirSync(target) : []).toEqual([])
      return stderr
    }
    expect(await restore(bytes.subarray(0, bytes.length / 2))).toContain('可能不完整或已损坏')
    expect(await restore('no archive')).toContain('可能不完整或已损坏')
    const { status } = spawnSync('tar', ['-czf', join(folder, 'x.tar.gz'), '-C', samples, '.'])
    expect(status).toBe(0)
    expect(await restore(readFileSync(join(folder, 'x.tar.gz')))).toContain('不是 npx space backup 做的备份')
  })

  it('whose rows are not those that were counted is refused', async () => {
    const parts = join(folder, 'parts')
    mkdirSync(parts)
    spawnSync('tar', ['-xzf', file, '-C', parts])
    const manifest = JSON.parse(readFileSync(join(parts, 'manifest.json'), 'utf8')) as {
      tables: Record<string, number>
    }
    manifest.tables['space_member'] = (manifest.tables['space_member'] ?? 0) + 1
    writeFileSync(join(parts, 'manifest.json'), JSON.stringify(manifest))
    spawnSync('tar', ['-czf', join(folder, 'changed.tar.gz'), '-C', parts, '.'])
    const target = join(folder, 'counted')
    const { code, stderr } = await space(['restore', join(folder, 'changed.tar.gz')], { DATA_DIR: target })
    expect(code).toBe(1)
    expect(stderr).toContain('space_member')
    expect(readdirSync(target)).toEqual([])
  })

  it('is encrypted when there is a passphrase, and opens with that one only', async () => {
    const secret = join(folder, 'secret.tar.gz.age')
    const env = { DATA_DIR: home, BACKUP_PASSPHRASE: '很长的一句口令 2022' }
    const made = await space(['backup', secret], env)
    expect(made.stdout).toContain('已加密备份到')
    expect(readFileSync(secret).includes('space.db')).toBe(false)
    expect(readFileSync(secret, 'latin1').startsWith('age-encryption.org/v1\n-> scrypt ')).toBe(true)
    const target = join(folder, 'decrypted')
    const wrong = await space(['restore', secret], { DATA_DIR: target, BACKUP_PASSPHRASE: 'x' })
    expect([wrong.code, wrong.stderr.includes('口令不对')]).toEqual([1, true])
    const right = await space(['restore', secret], { ...env, DATA_DIR: target })
    expect(right.stderr).toBe('')
    expect(await historyOf({ DATA_DIR: target })).toBe(await historyOf({ DATA_DIR: home }))
    const none = await space(['backup', join(folder, 'none'), '--encrypt'], {
      DATA_DIR: home,
      BACKUP_PASSPHRASE: '',
    })
    expect([none.code, existsSync(join(folder, 'none'))]).toEqual([1, false])
  })

  it('says that there is nothing to back up', async () => {
    const { code, stderr } = await space(['backup', join(folder, 'n')], { DATA_DIR: join(folder, 'nowhere') })
    expect([code, stderr.includes('还没有数据库')]).toEqual([1, true])
  })
})

describe('a backup of MariaDB', () => {
  it('is made by its own tool, restores into an empty database and into no other', async () => {
    const settingsOf = async (data: string) => {
      const { host, port, user, password, database } = await server.database()
      return {
        ...{ DATA_DIR: join(folder, data), MYSQL_HOST: host, MYSQL_PORT: String(port) },
        ...{ MYSQL_USER: user, MYSQL_PASSWORD: password, MYSQL_DATABASE: database },
      }
    }
    const one = await settingsOf('maria-one')
    const [roster = ''] = readdirSync(samples).filter((name) => name.includes('名册'))
    expect((await space(['import', '--yes', join(samples, roster)], one)).stderr).toBe('')
    const file = join(folder, 'maria.tar.gz')
    const made = await space(['backup', file], one)
    expect(made.stderr).toBe('')
    const full = await space(['restore', file], { ...one, DATA_DIR: join(folder, 'maria-x') })
    expect([full.code, /里已经有 \d+ 张表/.test(full.stderr)]).toEqual([1, true])
    const two = await settingsOf('maria-two')
    const restored = await space(['restore', file], two)
    expect(restored.stderr).toBe('')
    expect(await historyOf(two)).toBe(await historyOf(one))
    expect(await historyOf(two)).toContain('名册')
    const other = await space(['restore', file], { DATA_DIR: join(folder, 'maria-y') })
    expect([other.code, other.stderr.includes('来自 MySQL/MariaDB')]).toEqual([1, true])
    const away = await space(['backup', join(folder, 'away')], { ...one, MYSQL_PASSWORD: 'wrong' })
    expect([away.code, away.stderr.includes('数据库没有答应')]).toEqual([1, true])
    expect(away.stderr).not.toContain('wrong')
  })
})

describe('nightly backups', () => {
  it('are one a day, and those of earlier days than asked for are removed with nothing else', async () => {
    const place = join(folder, 'nightly')
    const env = { DATA_DIR: home, BACKUP_DIR: place, BACKUP_DAYS: '3' }
    mkdirSync(place)
    writeFileSync(join(place, 'space-2020-01-01.tar.gz'), 'old')
    writeFileSync(join(place, 'of-my-own.tar.gz'), 'mine')
    const first = await space(['backup', '--nightly'], env)
    expect(first.stderr).toBe('')
    expect(first.stdout).toContain('已删除过期的备份')
    await space(['backup', '--nightly'], env)
    const names = readdirSync(place).sort()
    expect(names).toEqual(['of-my-own.tar.gz', nightlyName(new Date(), false)])
    const doctor = await space(['doctor'], { ...env, PORT: String(await freePort()) })
    expect(doctor.stdout).toMatch(/最近的自动备份：.*space-\d{4}-\d\d-\d\d\.tar\.gz/)
    expect(doctor.stdout).toMatch(/数据库大小：\d+\.\d MB（\d+ 页），磁盘还剩 \d+\.\d MB/)
    cpSync(join(place, names[1]!), join(place, 'space-2020-01-01.tar.gz'))
    rmSync(join(place, names[1]!))
    const late = await space(['doctor'], { ...env, PORT: String(await freePort()) })
    expect([late.code, late.stderr.includes('太旧了')]).toEqual([1, true])
  })

  it('keep so many days, the present one among them', () => {
    const place = join(folder, 'days')
    mkdirSync(place)
    for (const day of ['28', '29', '30']) writeFileSync(join(place, `space-2022-05-${day}.tar.gz`), '')
    const now = new Date('2022-05-30T12:00:00+08:00')
    expect(removeOldBackups(place, { days: 2, now })).toEqual([join(place, 'space-2022-05-28.tar.gz')])
  })

  it.each([
    ['before its time', '03:09', undefined, false],
    ['at its time', '03:10', undefined, true],
    ['once it is made', '03:20', '2022-05-30', false],
    ['in the afternoon when the bot was off at night', '15:00', '2022-05-29', true],
    ['while the clock was set back', '15:00', '2022-05-31', false],
  ])('are due %s: %s', (_when, time, newest, due) => {
    const now = new Date(`2022-05-30T${time}:00+08:00`)
    const day = newest === undefined ? undefined : Math.floor(Date.parse(`${newest}T00:00:00Z`) / 86_400_000)
    expect(isBackupDue(now, day, 190)).toBe(due)
  })
})
