import { randomBytes } from 'node:crypto'
import { dayOf, formatDay } from '@space-assistant/core/calendar/day'
import type { Context } from 'koishi'
import type {} from '@koishijs/plugin-server'
import type {} from 'koishi-plugin-space-office'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { DemoBot } from './bot'
import { castOf } from './cast'
import { fillDemoDistrict } from './fill'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { DemoRooms } from './rooms'
import { demoRoutes, setStage } from './stage'

export const name = 'space-demo'
export const inject = ['database', 'server', 'schemes', 'roster', 'scoreboard', 'imports', 'access', 'office']

/** Fills an empty database with the made-up district and lets whoever has the printed address be its people. */
export function apply(ctx: Context): void {
  ctx.i18n.define('zh-CN', 'space-demo', zhCN)
  ctx.i18n.define('en-US', 'space-demo', enUS)
  const bot = new DemoBot(ctx, new DemoRooms())
  ctx.on('ready', () => {
    begin(ctx, bot).catch((error: unknown) => ctx.logger('demo').error(error))
  })
}

async function begin(ctx: Context, bot: DemoBot): Promise<void> {
  await fillDemoDistrict(ctx)
  const { period } = ctx.schemes.active
  const cast = castOf(ctx.roster, (account) =>
    ctx.scoreboard.board.points(account, { role: 'teacher', window: period }),
  )
  await setStage(ctx, bot, cast)
  const key = randomBytes(18).toString('base64url')
  ctx.effect(() => ctx.office.answer(demoRoutes(ctx, { bot, cast, key })))
  ctx.office.demo = true
  const address = `http://127.0.0.1:${ctx.server.port}/#/demo/${key}`
  const params = { today: formatDay(dayOf(new Date())), address }
  ctx.logger('demo').info(ctx.i18n.text(['zh-CN'], ['space-demo.ready'], params))
}
