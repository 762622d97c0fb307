import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
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
    expect(stderr).toMatch(
      /^数据库文件 .*space\.db 打不开（file is not a database）。请确认 DATA_DIR 是可以写的文件夹/m,
    )
  })

  it('keeps what it makes to the account that runs it, and finds damaged pages at the next start', async () => {
    const folder = join(dataDir, 'closed')
    expect((await space(['staff', '张三'], { DATA_DIR: folder })).code).toBe(0)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077, name).toBe(0)
    const path = join(folder, 'space.db')
    const bytes = readFileSync(path)
    expect(bytes.length).toBeGreaterThan(3 * 4096)
    // Pages of tables and indexes; the first ones say what there is in it.
    bytes.fill(0xa5, 4096 * Math.floor(bytes.length / 4096 / 2))
    writeFileSync(path, bytes)
    const { code, stderr } = await space(['start'], { DATA_DIR: folder, PORT: String(await freePort()) })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^数据库文件 .*space\.db 已损坏（.+）.*换回最近的备份。$/m)
  })

  it('refuses a reverse connection without a token', async () => {
    const { code, stderr } = await space(['start'], {
      DATA_DIR: join(dataDir, 'door'),
      PORT: String(await freePort()),
      ONEBOT_SELF_ID: '10001',
      ONEBOT_PROTOCOL: 'ws-reverse',
      ONEBOT_TOKEN: '',
    })
    expect(code).toBe(1)
    expect(stderr).toContain('OneBot 反向连接必须设 ONEBOT_TOKEN')
  })

  it('says that DATA_DIR is a file', async () => {
    const file = join(dataDir, 'file')
    writeFileSync(file, '')
    expect(await space(['start'], { DATA_DIR: file })).toEqual({
      code: 1,
      stdout: '',
      stderr: `没有完成：${file} 不是文件夹，请换一个位置或移走这个文件。\n`,
    })
  })

  it('ends with a sentence when another program has the port, and holds no database', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const folder = join(dataDir, 'taken')
    const { code, stderr } = await space(['start'], { DATA_DIR: folder, PORT: String(port) })
    other.close()
    expect([code, existsSync(folder)]).toEqual([1, false])
    expect(stderr).toBe(
      `端口 ${port} 已被别的程序占用，没有启动。请先结束它，或者在 .env 里换一个端口，例如 PORT=${port + 1}。\n`,
    )
  })

  it.each(['abc', '0', '70000', '-1'])('ends with a sentence when PORT is %s', async (port) => {
    const { code, stderr } = await space(['start'], { DATA_DIR: join(dataDir, 'none'), PORT: port })
    expect(code).toBe(1)
    expect(stderr).toContain(`PORT 要写 1 到 65535 的端口号，不能是“${port}”`)
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

/** A house of its own, so that its config/ may be changed. */
function makeHouse(name: string) {
  const house = join(dataDir, name)
  mkdirSync(join(house, 'plugins'), { recursive: true })
  for (const part of ['koishi.yml', 'config', 'plugins/cli']) {
    cpSync(join(root, part), join(house, part), { recursive: true })
  }
  rmSync(join(house, 'plugins/cli/lib'), { recursive: true, force: true })
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'))
  const scheme = join(house, 'config/schemes/xinzhou-2022.yml')
  return {
    change: (from: string, to: string) => {
      const text = readFileSync(scheme, 'utf8')
      expect(text).toContain(from)
      writeFileSync(scheme, text.replace(from, to))
    },
    write: (file: string, text: string) => writeFileSync(join(house, file), text),
    run: async (...args: string[]) => {
      const bin = join(house, 'plugins/cli/bin.cjs')
      return new Space(
        args,
        { DATA_DIR: join(house, 'data'), PORT: String(await freePort()), SCHEME: '' },
        bin,
      )
    },
  }
}

describe('space demo', () => {
  it('does not run on without its page when another program has the port', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const folder = join(dataDir, 'demo')
    expect(await space(['demo', '--dir', folder], { PORT: String(port) })).toEqual({
      code: 1,
      stdout: '',
      stderr: `端口 ${port} 已被别的程序占用。请先结束它，或者换一个端口，例如：PORT=${port + 1} npm run demo\n`,
    })
    expect(existsSync(folder)).toBe(false)
    other.close()
  })
})

describe('space start with a mistake in config/', () => {
  it('says what is wrong with a scheme, in which line and what is permitted, and does not start', async () => {
    const { change, run } = makeHouse('house')
    change('to: 2022-05-31', 'to: 2021-05-31')
    const { code, stderr } = await (await run('start')).ended
    expect(stderr).toMatch(
      /config\/schemes\/xinzhou-2022\.yml 第 \d+ 行 .*: 结束日期 2021-05-31 早于开始日期/,
    )
    expect(stderr).toContain('允许的是：与开始同日或更晚')
    expect(stderr).toContain('没有启动：config 里有 1 处需要修改')
    expect(code).toBe(1)
    const staff = await (await run('staff', '张三')).ended
    expect(staff).toMatchObject({ code: 1, stdout: '' })
    expect(staff.stderr).toContain('早于开始日期')
    change('to: 2021-05-31', 'to: 2022-05-31')
    expect(await (await run('staff', '张三')).ended).toMatchObject({ code: 0 })
  })

  it('goes on by the rules that were adopted before', async () => {
    const { change, run } = makeHouse('adopted')
    expect(await (await run('staff', '张三')).ended).toMatchObject({ code: 0 })
    change('to: 2022-05-31', 'to: 2021-05-31')
    const bot = await run('start')
    await bot.said('server listening')
    await bot.said('config 里的方案有错，仍按原来采用的规则计分')
    bot.kill()
    expect(await bot.ended).toMatchObject({ code: 0 })
    const adopt = await (await run('adopt', '--yes')).ended
    expect(adopt).toMatchObject({ code: 1, stdout: '' })
    expect(adopt.stderr).toContain('早于开始日期')
  })

  it('does not start when anything else in config/ is wrong, and touches no database', async () => {
    const { write, run } = makeHouse('words')
    write('config/words.yml', 'ask: [\n')
    const { code, stdout, stderr } = await (await run('start')).ended
    expect(stderr).toMatch(/config\/words\.yml 第 \d+ 行/)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(existsSync(join(dataDir, 'words/data'))).toBe(false)
  })

  it('names the schemes there are when another one is to be in force', async () => {
    const { code, stderr } = await space(['start'], {
      DATA_DIR: join(dataDir, 'other'),
      PORT: String(await freePort()),
      SCHEME: 'xinzhou-2023',
    })
    expect(code).toBe(1)
    expect(stderr).toContain('“xinzhou-2023”')
    expect(stderr).toContain('shishou-2021, xinzhou-2022')
  })
})

describe('space adopt', () => {
  it('shows what the changed file would change, and adopts it once that is confirmed', async () => {
    const { change, run } = makeHouse('adopt')
    const nothing = await (await run('adopt')).ended
    expect(nothing).toMatchObject({ code: 0, stderr: '' })
    expect(nothing.stdout).toMatch(/^正在使用：.*config 里的方案没有改动。\n$/)
    change('- { from: 8, points: 2 }', '- { from: 8, points: 3 }')
    const dry = await (await run('adopt', '--dry-run')).ended
    expect(dry.stdout).toMatch(
      /^按 config 里现在的方案.*0 人、0 所学校的本期得分会变：\n只是预览，什么也没有改动。\n$/,
    )
    const unasked = await (await run('adopt')).ended
    expect(unasked.code).toBe(1)
    expect(unasked.stderr).toContain('--yes')
    const done = await (await run('adopt', '--yes')).ended
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(done.stdout).toContain('已采用，第 2 次。')
    expect((await (await run('adopt')).ended).stdout).toContain('没有改动')
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
      ONEBOT_TOKEN: 't',
    })
    expect(plugins).toEqual(expect.arrayContaining(['mysql', 'qq', 'onebot']))
    expect(plugins).not.toContain('sqlite')
  })
})

describe('space staff', () => {
  it('prints a code that works once, and what to do with it', async () => {
    const { code, stdout, stderr } = await space(['staff', '张三'], { DATA_DIR: join(dataDir, 'staff') })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}\n$/)
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
      const index = join(root, 'plugins', name, 'index.ts')
      // A contract that others implement has nothing to start.
      return existsSync(index) && /^export (function apply|class|default)/m.test(readFileSync(index, 'utf8'))
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
