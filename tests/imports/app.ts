import { resolve } from 'node:path'
import type { Context } from 'koishi'
import { Logger } from 'koishi'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { operator } from '@space-assistant/core/access/viewer'
import * as imports from 'koishi-plugin-space-imports'
import type { Imports } from 'koishi-plugin-space-imports'
import * as roster from 'koishi-plugin-space-roster'
import * as schemes from 'koishi-plugin-space-schemes'
import * as scoreboard from 'koishi-plugin-space-scoreboard'
import { csv } from '../formats/fixture'
import type { Store } from '../database/stores'

Logger.levels.base = Logger.ERROR

/** The services that an import goes through, on one of the databases. */
export async function openApp(store: Store): Promise<Context> {
  const app = await store.open(loadServices)
  await new Promise<void>((done) => app.inject(['imports'], () => done()))
  return app
}

export function loadServices(app: Context): void {
  app.baseDir = resolve(import.meta.dirname, '../..')
  app.plugin(schemes.default, schemes.Config({} as never))
  app.plugin(roster, { pollSeconds: 1 })
  app.plugin(scoreboard, { pollSeconds: 1 })
  app.plugin(imports.default, { keepMinutes: 15 })
}

export const rosterHeader = ['学校代码', '学校名称', '姓名', '账号', '角色', '状态']
export const people = [
  ['001', '实验小学', '张三', 't1', '教师、管理员', ''],
  ['001', '实验小学', '李四', 't2', '教师', ''],
  ['002', '新堤中学', '王五', 't3', '教师', ''],
]
export const rosterFile = (rows: string[][] = people) => csv(rosterHeader, ...rows)

export const recordsHeader = ['账号', '指标', '时间', '次数']
export const recordsFile = (...rows: (string | number)[][]) => csv(recordsHeader, ...rows)

export function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused: ${outcome.code} ${JSON.stringify(outcome.params)}`)
  return outcome.value
}

/** Previews and confirms. */
export async function take(service: Imports, bytes: Uint8Array, name = 'file.csv') {
  const preview = value(await service.preview({ name, bytes }, operator))
  return value(await service.confirm(preview.id, operator))
}
