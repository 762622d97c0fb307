import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { freePort, root, Space, space } from './space'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000 })

const dataDir = mkdtempSync(join(tmpdir(), 'space-start-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

/** The very library by which Koishi writes its configuration. */
const loader = createRequire(import.meta.url).resolve('@koishijs/loader')
const koishiYaml = createRequire(loader)('js-yaml') as {
  load(text: string): unknown
  dump(value: unknown): string
}

const read = (name: string) => readFileSync(join(root, name), 'utf8')

describe('space start', () => {
  it('serves until SIGTERM, then ends cleanly and has changed no file of the project', async () => {
    const before = [read('koishi.yml'), read('package.json')]
    const port = await freePort()
    const bot = new Space(['start'], { DATA_DIR: dataDir, PORT: String(port) })
    await bot.said(`server listening at http://127.0.0.1:${port}`)
    const second = await space(['staff', '张三'], { DATA_DIR: dataDir })
    expect(second.code).toBe(1)
    expect(second.stderr).toContain('正在被另一个进程使用')
    const other = await space(['start'], { DATA_DIR: dataDir, PORT: String(await freePort()) })
    expect(other.code).toBe(1)
    expect(other.stderr).toContain('正在被另一个进程使用')
    bot.kill('SIGTERM')
    expect((await bot.ended).code).toBe(0)
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
    expect([read('koishi.yml'), read('package.json')]).toEqual(before)
  })

  it('ends with a sentence when the database is none', async () => {
    const folder = join(dataDir, 'broken')
    mkdirSync(folder)
    writeFileSync(join(folder, 'space.db'), 'no database at all '.repeat(1000))
    const { code, stderr } = await space(['start'], { DATA_DIR: folder, PORT: String(await freePort()) })
    expect(code).toBe(1)
    expect(stderr).toContain('space.db cannot be used as a database')
  })

  it('finds every plugin that koishi.yml names', async () => {
    const bot = new Space(['start'], { DATA_DIR: join(dataDir, 'plugins'), PORT: String(await freePort()) })
    await bot.said('server listening')
    bot.kill()
    const { stdout } = await bot.ended
    expect(stdout.match(/cannot resolve plugin.*/g) ?? []).toEqual([])
    expect(stdout.match(/\[[EW]\].*/g) ?? []).toEqual([])
  })
})

describe('space start with a mistake in config/', () => {
  it('says what is wrong with a scheme, in which line and what is permitted, and does not start', () => {
    const house = join(dataDir, 'house')
    mkdirSync(join(house, 'plugins'), { recursive: true })
    for (const name of ['koishi.yml', 'config', 'plugins/cli']) {
      cpSync(join(root, name), join(house, name), { recursive: true })
    }
    rmSync(join(house, 'plugins/cli/lib'), { recursive: true, force: true })
    symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'))
    const scheme = join(house, 'config/schemes/xinzhou-2022.yml')
    writeFileSync(scheme, readFileSync(scheme, 'utf8').replace('to: 2022-05-31', 'to: 2021-05-31'))
    const { status, stdout, stderr } = spawnSync(process.execPath, ['plugins/cli/bin.cjs', 'start'], {
      cwd: house,
      encoding: 'utf8',
      env: { ...process.env, DATA_DIR: join(dataDir, 'refused'), SCHEME: '' },
    })
    expect(stderr).toMatch(
      /config\/schemes\/xinzhou-2022\.yml 第 \d+ 行 .*: 结束日期 2021-05-31 早于开始日期/,
    )
    expect(stderr).toContain('允许的是：与开始同日或更晚')
    expect(stderr).toContain('没有启动：config 里有 1 处需要修改')
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(existsSync(join(dataDir, 'refused'))).toBe(false)
  })

  it('names the schemes there are when another one is to be in force', async () => {
    const { code, stderr } = await space(['start'], { DATA_DIR: dataDir, SCHEME: 'xinzhou-2023' })
    expect(code).toBe(1)
    expect(stderr).toContain('“xinzhou-2023”')
    expect(stderr).toContain('shishou-2021, xinzhou-2022')
  })
})

describe('what the environment turns on', () => {
  const pluginsWith = async (name: string, env: Record<string, string>) => {
    const bot = new Space(['start'], {
      DATA_DIR: join(dataDir, name),
      PORT: String(await freePort()),
      ...env,
    })
    await bot.said('server listening')
    bot.kill()
    const { stdout } = await bot.ended
    return [...stdout.matchAll(/apply plugin space-(\w+)/g)].map((match) => match[1]!)
  }

  it('is SQLite and no platform when nothing is set', async () => {
    const plugins = await pluginsWith('none', {})
    expect(plugins).toContain('sqlite')
    for (const name of ['mysql', 'qq', 'onebot', 'wecom', 'demo']) expect(plugins).not.toContain(name)
  })

  it('is MySQL instead of SQLite, and a platform, when their variables are set', async () => {
    const nobody = 'http://127.0.0.1:9'
    const plugins = await pluginsWith('all', {
      MYSQL_HOST: '127.0.0.1',
      MYSQL_PORT: '9',
      QQ_ID: '1',
      QQ_SECRET: 'x',
      QQ_BASE_URL: nobody,
      ONEBOT_SELF_ID: '10000',
    })
    expect(plugins).toEqual(expect.arrayContaining(['mysql', 'qq', 'onebot']))
    expect(plugins).not.toContain('sqlite')
  })
})

describe('space staff', () => {
  it('prints a code that works once, and what to do with it', async () => {
    const { code, stdout, stderr } = await space(['staff', '张三'], { DATA_DIR: join(dataDir, 'staff') })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^[A-Z0-9]{8}\n$/)
    expect(stderr).toContain(`/绑定 ${stdout.trim()}`)
  })

  it('asks for a name', async () => {
    expect((await space(['staff'])).code).toBe(2)
  })
})

describe('koishi.yml', () => {
  const config = parse(read('koishi.yml')) as { plugins: Record<string, unknown> }

  it('has the form that Koishi itself writes: no comments, an own id for each plugin', () => {
    expect(read('koishi.yml')).not.toMatch(/^\s*#/m)
    const ids = Object.keys(config.plugins).map((key) => key.split(':')[1])
    expect(ids.every(Boolean)).toBe(true)
    expect(new Set(ids).size).toBe(ids.length)
    expect(koishiYaml.dump(koishiYaml.load(read('koishi.yml')))).toBe(read('koishi.yml'))
  })

  it('wires every plugin of the house', () => {
    const names = Object.keys(config.plugins).map((key) => key.split(':')[0])
    const written = readdirSync(join(root, 'plugins')).filter((name) => {
      return existsSync(join(root, 'plugins', name, 'index.ts'))
    })
    expect(written.filter((name) => !names.includes(`space-${name}`))).toEqual([])
  })

  it('holds no secret and no address but the loopback one', () => {
    expect(read('koishi.yml')).not.toMatch(/https?:\/\/|wss?:\/\//)
    expect(read('koishi.yml')).toContain('host: 127.0.0.1')
  })

  it('names the variables that .env.example explains', () => {
    const named = new Set([...read('koishi.yml').matchAll(/env\.([A-Z_]+)/g)].map((match) => match[1]!))
    named.delete('SPACE_DEMO')
    const explained = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]!)
    expect([...named].filter((name) => !explained.includes(name))).toEqual([])
  })
})
