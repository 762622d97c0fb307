// What the README tells people to type is typed here, from the clone to the first nudge, by a user who is nobody.
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { appendFileSync, chmodSync, chownSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { readSteps, sectionOf } from './readme'
import type { ReadmeBlock } from './readme'
import { freePort, root } from './space'

// Installing and building take minutes on a machine that has other things to do.
const PATIENCE_MS = 20 * 60_000
vi.setConfig({ testTimeout: PATIENCE_MS })

const page = readFileSync(join(root, 'README.md'), 'utf8')
const steps = readSteps(sectionOf(page, '接入真实的群'))
const account = 'spacereadme'
const TOKEN = 'a-long-token-of-the-test'

/** A home of its own for somebody without rights; removed at the end. */
class Newcomer {
  readonly home = mkdtempSync(join(tmpdir(), 'space-newcomer-'))
  private readonly ids: { uid: number; gid: number } | undefined
  cwd = this.home

  constructor() {
    if (process.getuid?.() !== 0) return
    spawnSync('useradd', ['--system', '--no-create-home', '--home-dir', this.home, account])
    const idOf = (flag: string) => Number(spawnSync('id', [flag, account], { encoding: 'utf8' }).stdout)
    this.ids = { uid: idOf('-u'), gid: idOf('-g') }
    expect(this.ids.uid).toBeGreaterThan(0)
    chownSync(this.home, this.ids.uid, this.ids.gid)
  }

  /** Packages that this machine has fetched before need not be fetched again. */
  givePackages(): void {
    const { stdout } = spawnSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' })
    const cache = join(this.home, '.npm')
    cpSync(join(stdout.trim(), '_cacache'), join(cache, '_cacache'), { recursive: true })
    if (this.ids) spawnSync('chown', ['-R', `${this.ids.uid}:${this.ids.gid}`, cache])
  }

  start(command: string, env: Record<string, string> = {}): ChildProcess {
    const { PATH = '' } = process.env
    return spawn('bash', ['-ec', command], {
      ...this.ids,
      cwd: this.cwd,
      env: { PATH, HOME: this.home, LANG: 'C.UTF-8', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    })
  }

  /** Runs a command to its end, answering `y` to whatever is asked at the terminal that it has. */
  async run(
    command: string,
    env: Record<string, string> = {},
  ): Promise<{ code: number | null; output: string }> {
    const child = this.start(`script -qec ${quote(`bash -ec ${quote(command)}`)} /dev/null`, env)
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (output += data.toString()))
    const asked = setInterval(() => {
      const questions = output.match(/输入 y 确认，其他键放弃：/g)?.length ?? 0
      if (questions > answered) {
        answered++
        child.stdin?.write('y\n')
      }
    }, 100)
    let answered = 0
    const code = await new Promise<number | null>((done) => child.once('close', done))
    clearInterval(asked)
    return { code, output }
  }

  leave(): void {
    rmSync(this.home, { recursive: true, force: true })
    if (this.ids) spawnSync('userdel', [account])
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

const newcomer = new Newcomer()
afterAll(() => newcomer.leave())

function step(title: string): ReadmeBlock[] {
  const found = steps.find((each) => each.title.includes(title))
  if (!found) throw new Error(`the README has no step "${title}"`)
  return found.blocks
}

async function follow(block: ReadmeBlock, env: Record<string, string>): Promise<string> {
  const { code, output } = await newcomer.run(block.text, env)
  expect(code, output).toBe(0)
  for (const text of block.seen) expect(output).toContain(text)
  return output
}

/** The bot as the README starts it, at a moment of the samples' year. */
async function startBot(
  block: ReadmeBlock,
  env: Record<string, string>,
): Promise<{ child: ChildProcess; log: () => string }> {
  const child = newcomer.start(block.text, {
    ...env,
    NODE_OPTIONS: `--require ${join(newcomer.home, 'clock.cjs')}`,
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => (log += data.toString()))
  const [ready = ''] = block.seen
  await vi.waitFor(() => expect(log).toContain(ready), { timeout: PATIENCE_MS, interval: 200 })
  return { child, log: () => log }
}

async function stopBot(child: ChildProcess): Promise<void> {
  const ended = new Promise((done) => child.once('close', done))
  if (child.pid) process.kill(-child.pid, 'SIGTERM')
  await ended
}

const patient = { wait: 60_000, quiet: 2_000 }

/** Says the lines of a block in the chat; what was answered to each. */
async function talk(qq: FakeOneBot, block: ReadmeBlock, fill: (line: string) => string): Promise<string[]> {
  const answers: string[] = []
  for (const line of block.text.split('\n')) {
    const [, who = '', where = '', text = ''] = /^(.+?)（(.+?)）: (.+)$/.exec(fill(line)) ?? []
    const user = people[who] ?? ''
    expect(user, line).not.toBe('')
    const said =
      where === '私聊' ? await qq.whisper(user, text, patient) : await qq.say('700100', user, text, patient)
    answers.push(said.join('\n'))
  }
  return answers
}

/** Of the list of a whole school, which comes as a file. */
async function firstCode(qq: FakeOneBot): Promise<string> {
  const codeIn = () => {
    const texts = qq.delivered.map(({ text, file }) => (file ? file.bytes.toString() : text))
    const list = texts.findLast((text) => text.includes('绑定码') && /\b[A-Z0-9]{4}-[A-Z0-9]{4}\b/.test(text))
    return /\b([A-Z0-9]{4}-[A-Z0-9]{4})\b/.exec(list ?? '')?.[1]
  }
  await vi.waitFor(() => expect(codeIn()).toBeDefined(), { timeout: 60_000, interval: 200 })
  return codeIn() ?? ''
}

const people: Record<string, string> = { 张老师: '4001', 王老师: '4002' }

describe('the steps of the README', () => {
  it('are the ones that are followed below', () => {
    expect(steps.map(({ title }) => title)).toEqual([
      '1. 安装',
      '2. 设置',
      '3. 导入',
      '4. 第一位专班人员',
      '5. 启动',
      '6. 第一问',
    ])
  })

  it('lead a newcomer from a clone to the first answer and the first nudge', async () => {
    const bundle = join(newcomer.home, 'source.bundle')
    expect(spawnSync('git', ['bundle', 'create', bundle, 'HEAD'], { cwd: root }).status).toBe(0)
    chmodSync(bundle, 0o644)
    cpSync(join(import.meta.dirname, 'readme-clock.cjs'), join(newcomer.home, 'clock.cjs'))
    newcomer.givePackages()
    const env = { PORT: String(await freePort()) }

    const [install] = step('安装')
    await follow({ ...install!, text: install!.text.replace('仓库地址', bundle) }, env)
    newcomer.cwd = join(newcomer.home, 'space-assistant')

    const [copy, settings, check] = step('设置')
    await follow(copy!, env)
    expect(settings!.language).toBe('ini')
    const filled = settings!.text.replace('机器人的QQ号', '10001').replace('自己编的一长串', TOKEN)
    appendFileSync(join(newcomer.cwd, '.env'), `\n${filled}\n`)
    await follow(check!, env)

    const imported = await follow(step('导入')[0]!, env)
    expect(imported).toContain('已导入，编号 3。')

    const staff = await follow(step('第一位专班人员')[0]!, env)
    const code = /\/绑定 ([A-Z0-9]{4}-[A-Z0-9]{4})/.exec(staff)?.[1] ?? ''
    expect(code, staff).not.toBe('')

    const qq = await startFakeOneBot({ selfId: '10001', token: TOKEN })
    const [start] = step('启动')
    const sunday = await startBot(start!, { ...env, SPACE_TEST_NOW: '2022-05-15T19:00:00+08:00' })
    await qq.dial(`ws://127.0.0.1:${env.PORT}/onebot`)
    for (const text of start!.seen) {
      await vi.waitFor(() => expect(sunday.log()).toContain(text), { timeout: 60_000, interval: 200 })
    }

    const [first, others] = step('第一问')
    const answers = await talk(qq, first!, (line) => line.replace('绑定码', code))
    first!.seen.forEach((text, index) => expect(answers[index]).toContain(text))
    // As the platform writes it.
    const bytes = readFileSync(join(newcomer.cwd, '样例/学校学生数.csv'))
    const schools = new TextDecoder('gb18030').decode(bytes)
    const school = /[\p{Script=Han}]{2,}(?:小学|中学)/u.exec(schools)?.[0] ?? ''
    let wang = ''
    let number = ''
    for (const line of others!.text.split('\n')) {
      const fill = (text: string) =>
        text
          .replace('某某学校', school)
          .replace('确认 编号', `确认 ${number}`)
          .replace('王老师的绑定码', wang)
      const [answer = ''] = await talk(qq, { ...others!, text: line }, fill)
      number = /“确认 (\d+)”/.exec(answer)?.[1] ?? number
      if (line.includes('确认')) wang = await firstCode(qq)
      if (line.includes('王老师')) expect(answer, answer).toContain('绑定成功')
    }

    await stopBot(sunday.child)
    const monday = await startBot(start!, { ...env, SPACE_TEST_NOW: '2022-05-16T09:00:00+08:00' })
    await qq.dial(`ws://127.0.0.1:${env.PORT}/onebot`)
    const nudge = others!.seen[0] ?? ''
    await vi.waitFor(
      () => {
        const told = qq.delivered.filter(({ user }) => user === people['王老师']).map(({ text }) => text)
        expect(
          told.some((text) => text.includes(nudge)),
          told.join('\n---\n'),
        ).toBe(true)
      },
      { timeout: 120_000, interval: 500 },
    )
    await stopBot(monday.child)
    await qq.close()
  })
})
