// Two bots as `space start` runs them, on one MariaDB: every platform tells both everything, and each thing is done once.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort, root, space } from '../cli/space'
import { launchMariaDB } from '../database/mariadb'
import type { MariaDB } from '../database/mariadb'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { startFakeQq } from '../platforms/qq'
import type { FakeQq } from '../platforms/qq'
import { startFakeWecom } from '../platforms/wecom'
import type { FakeWecom } from '../platforms/wecom'
import { eventually, files } from './house'

const group = '6A8B3C2D1E0F0001'
const reporter = 'REPORTER00000000000000000000001'
const patient = { wait: 60_000, quiet: 1_500 }
const long = 300_000

let server: MariaDB
let qq: FakeQq
let onebot: FakeOneBot
let wecom: FakeWecom
const processes: { child: ChildProcess; log: string }[] = []
const folders: string[] = []

beforeAll(async () => {
  server = await launchMariaDB()
  qq = await startFakeQq({ proactive: [group] })
  onebot = await startFakeOneBot({ selfId: '10001', token: 'loopback' })
  wecom = await startFakeWecom()
  const mysql = await server.database()
  const shared = {
    ...{ SPACE_DEMO: '', SCHEME: 'xinzhou-2022', MYSQL_HOST: mysql.host, MYSQL_PORT: String(mysql.port) },
    ...{ MYSQL_USER: mysql.user, MYSQL_PASSWORD: mysql.password, MYSQL_DATABASE: mysql.database },
    ...{ QQ_ID: qq.config.id, QQ_SECRET: qq.config.secret, QQ_BASE_URL: qq.url },
    ...{ ONEBOT_SELF_ID: onebot.selfId, ONEBOT_PROTOCOL: 'ws', ONEBOT_TOKEN: 'loopback' },
    ...{ ONEBOT_ENDPOINT: onebot.endpoint, WECOM_WEBHOOKS: '' },
    ...{
      WECOM_BOT_ID: wecom.config.botId,
      WECOM_BOT_SECRET: wecom.config.secret,
      WECOM_WS_URL: wecom.config.wsUrl,
    },
  }
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'space-two-'))
    folders.push(made)
    return made
  }
  const file = join(folder(), 'roster.csv')
  writeFileSync(file, files.roster)
  const imported = await space(['import', file, '--yes'], { ...shared, DATA_DIR: folder() })
  expect(imported.stdout + imported.stderr).toContain('已导入')
  for (let number = 1; number <= 2; number++) await startProcess({ ...shared, DATA_DIR: folder() })
  await qq.online(2)
  await onebot.online(2)
  await wecom.online()
}, long)

afterAll(async () => {
  for (const { child } of processes) child.kill('SIGKILL')
  await Promise.all([qq.close(), onebot.close(), wecom.close()])
  await server.stop()
  for (const each of folders) rmSync(each, { recursive: true, force: true })
}, long)

async function startProcess(env: Record<string, string>): Promise<void> {
  const command = ['-r', 'tsx/cjs', '-C', 'development', 'plugins/cli/source.cjs', 'start']
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { ...process.env, ...env, NODE_OPTIONS: '', PORT: String(await freePort()) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const known = { child, log: '' }
  processes.push(known)
  child.stdout.on('data', (data: Buffer) => (known.log += data.toString()))
  child.stderr.on('data', (data: Buffer) => (known.log += data.toString()))
}

const logs = () => processes.map(({ log }) => log).join('\n---\n')

it(
  'a question on each platform is answered once, though both processes hear it',
  async () => {
    await eventually(
      async () => expect((await onebot.say('700', '500', '/帮助', patient)).length).toBe(1),
      120_000,
    )
    // Both are there by now: what follows is heard twice.
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all([
        qq.say(group, reporter, '/阶段', patient),
        onebot.say('701', '501', '/阶段', patient),
        wecom.say('wrChat1', 'LiSi', '/阶段', patient),
      ])
      expect(
        answers.map(({ length }) => length),
        logs(),
      ).toEqual([1, 1, 1])
    }
  },
  long,
)

it(
  'a report on each platform is one ticket',
  async () => {
    const filed = await Promise.all([
      qq.say(group, reporter, '/反馈 资源上传失败，一直转圈', patient),
      onebot.say('701', '501', '/反馈 登录页面打不开，显示空白', patient),
      wecom.say('wrChat1', 'LiSi', '/反馈 班级活动不能保存', patient),
    ])
    const numbers = filed.map((texts) => /(\d{4,})/.exec(texts.join('\n'))?.[1])
    expect(new Set(numbers).size, filed.join('\n')).toBe(3)
    expect(filed.map(({ length }) => length)).toEqual([1, 1, 1])
    const own = await qq.say(group, reporter, '/进度', patient)
    expect(own.join('\n').match(/资源上传失败/g) ?? []).toHaveLength(1)
  },
  long,
)
