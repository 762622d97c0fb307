import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { HTTP } from '@koishijs/plugin-http'
import { Context, Logger } from 'koishi'
import { expect } from 'vitest'
import * as announcements from 'koishi-plugin-space-announcements'
import * as awards from 'koishi-plugin-space-awards'
import * as bulletins from 'koishi-plugin-space-bulletins'
import * as exports from 'koishi-plugin-space-exports'
import * as gateway from 'koishi-plugin-space-conversation'
import * as identity from 'koishi-plugin-space-access'
import * as documents from 'koishi-plugin-space-documents'
import * as importer from 'koishi-plugin-space-importer'
import * as imports from 'koishi-plugin-space-imports'
import * as materials from 'koishi-plugin-space-materials'
import * as onebot from 'koishi-plugin-space-onebot'
import Outbox from 'koishi-plugin-space-outbox'
import * as pictures from 'koishi-plugin-space-pictures'
import * as qq from 'koishi-plugin-space-qq'
import * as ranking from 'koishi-plugin-space-ranking'
import * as reminders from 'koishi-plugin-space-reminders'
import * as roster from 'koishi-plugin-space-roster'
import Schemes from 'koishi-plugin-space-schemes'
import * as scoreboard from 'koishi-plugin-space-scoreboard'
import * as sqlite from 'koishi-plugin-space-sqlite'
import * as tasks from 'koishi-plugin-space-tasks'
import * as wecom from 'koishi-plugin-space-wecom'
import { csv } from '../formats/fixture'
import type { FakeOneBot } from '../platforms/onebot'
import type { FakeQq } from '../platforms/qq'
import type { FakeWecom } from '../platforms/wecom'

Logger.levels.base = Number(process.env['LOG_LEVEL'] ?? Logger.ERROR)

/** The platforms that the story is about; `robots` are names and keys of WeCom's webhook robots. */
export interface Platforms {
  qq?: FakeQq
  onebot?: FakeOneBot
  wecom?: FakeWecom
  robots?: Record<string, string>
}

export interface House {
  app: Context
  /** The clock of the reminders starts to run, as in a process that starts now. */
  startReminders(): Promise<void>
  stop(): Promise<void>
}

/** A moment by the clock on the wall in Wuhan. */
export const at = (text: string) => new Date(`${text.replace(' ', 'T')}+08:00`)

/** Waits as long as a busy machine may take; unlike vitest's own waiting it leaves a moved clock alone. */
export async function eventually<T>(check: () => T | Promise<T>, ms = 15_000): Promise<T> {
  for (const started = performance.now(); ;) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() - started > ms) throw error
      await new Promise((done) => setTimeout(done, 50))
    }
  }
}

/** The pauses between an account's messages, so short that sixty groups are told within a story. */
const briskly = { gapMinMs: 10, gapMaxMs: 30, calmMs: 300 }

/** Every service and command, behind the real adapters, with the limits and pauses of the real thing; `often` lifts those on people. */
export async function startHouse(
  platforms: Platforms,
  { scheme = 'xinzhou-2022', often = false }: { scheme?: string; often?: boolean } = {},
): Promise<House> {
  const app = new Context({ prefix: ['/', '／'], autoAssign: true, autoAuthorize: 1 })
  app.baseDir = resolve(import.meta.dirname, '../..')
  const database = app.plugin(sqlite, { path: ':memory:' })
  app.plugin(HTTP)
  app.plugin(Schemes, { scheme, dir: 'config', pollSeconds: 3600 })
  app.plugin(roster, { pollSeconds: 3600 })
  app.plugin(scoreboard, { pollSeconds: 3600 })
  app.plugin(identity)
  app.plugin(imports.default, imports.default.Config({} as never))
  const rate = { times: 1_000_000, seconds: 60 }
  const rates = often ? { person: rate, group: rate } : {}
  app.plugin(gateway, gateway.Config({ trustedHosts: '127.0.0.1', ...rates } as gateway.Config))
  app.plugin(Outbox, Outbox.Config({ tickMs: 50, digestDelayMs: 400, ...briskly } as never))
  app.plugin(importer, importer.Config({} as importer.Config))
  app.plugin(pictures, pictures.Config({} as pictures.Config))
  app.plugin(ranking)
  app.plugin(tasks)
  const folder = mkdtempSync(join(tmpdir(), 'space-journey-'))
  app.plugin(announcements, announcements.Config({ tickMs: 50, files: folder } as announcements.Config))
  app.plugin(documents, documents.Config({} as documents.Config))
  app.plugin(exports, exports.Config({ dir: join(folder, 'exports') } as exports.Config))
  app.plugin(awards, awards.Config({ tickMs: 50 } as awards.Config))
  app.plugin(materials, { dir: join(folder, 'materials') })
  const bulletinFiles = { tickMs: 50, dir: join(folder, 'bulletins') } as bulletins.Config
  app.plugin(bulletins, bulletins.Config(bulletinFiles))
  const adapters = connect(app, platforms)
  await app.start()
  await new Promise<void>((done) => app.inject(['imports', 'outbox', 'conversation'], () => done()))
  await app.model.prepared()
  await app.lifecycle.flush()
  await eventually(() => {
    expect(app.bots.length).toBe(adapters)
    for (const bot of app.bots) expect(Number(bot.status)).toBe(1)
  })
  return {
    app,
    async startReminders() {
      app.plugin(reminders, reminders.Config({} as reminders.Config))
      await app.lifecycle.flush()
      await app.model.prepared()
    },
    async stop() {
      await app.parallel('exit', 'SIGTERM')
      database.dispose()
      await app.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** How many bots there are to be. */
function connect(app: Context, { qq: fakeQq, onebot: fakeOneBot, wecom: fakeWecom, robots = {} }: Platforms) {
  if (fakeQq) app.plugin(qq, { ...qq.Config({} as qq.Config), ...fakeQq.config })
  if (fakeOneBot) app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...fakeOneBot.config })
  if (fakeWecom) {
    const webhooks = Object.entries(robots)
      .map(([name, key]) => `${name}=${fakeWecom.webhook(key)}`)
      .join(',')
    app.plugin(wecom, { ...wecom.Config({} as wecom.Config), ...fakeWecom.config, webhooks })
  }
  return [fakeQq, fakeOneBot, fakeWecom].filter(Boolean).length + Object.keys(robots).length
}

/** Three schools: of the first, nobody but the teacher 李四 has done anything this week. */
export const files = {
  roster: csv(
    ['学校代码', '学校名称', '街镇', '学段', '姓名', '账号', '角色', '状态', '空间开通'],
    ['S1', '青铺中心小学', '青铺镇', '小学', '张三', '10001', '管理员、教师', '在岗', '是'],
    ['S1', '青铺中心小学', '青铺镇', '小学', '李四', '10002', '教师', '在岗', '是'],
    ['S1', '青铺中心小学', '青铺镇', '小学', '王芳', '10003', '教师', '在岗', '否'],
    ['S2', '清港小学', '清港镇', '小学', '赵六', '20001', '管理员、教师', '在岗', '是'],
    ['S3', '清港中学', '清港镇', '初中', '孙八', '30001', '管理员、教师', '在岗', '是'],
  ),
  records: csv(
    ['账号', '指标', '时间', '次数'],
    ['10002', '资源建设', '2022-05-10', 2],
    ['10002', '空间登录', '2022-05-13', 1],
    ['20001', '空间登录', '2022-05-13', 1],
    ['30001', '教学成果', '2022-05-14', 1],
  ),
}
