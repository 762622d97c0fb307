import { resolve } from 'node:path'
import type { Context } from 'koishi'
import type {} from '@koishijs/plugin-server'
import * as command from './command'
import type { HttpExchange } from './exchange'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { OfficeService } from './office'
import { PageFiles } from './pages'
import { announcementRoutes } from './routes/announcements'
import { awardRoutes } from './routes/awards'
import { bulletinRoutes } from './routes/bulletins'
import { cockpitRoutes } from './routes/cockpit'
import { judgingRoutes } from './routes/judging'
import { importRoutes, previewFile } from './routes/imports'
import { materialRoutes } from './routes/materials'
import { nominationRoutes } from './routes/nominations'
import { operationRoutes } from './routes/operations'
import { peopleRoutes } from './routes/people'
import { personRoutes } from './routes/person'
import { reminderRoutes } from './routes/reminders'
import { schoolRoutes } from './routes/school'
import { sessionRoutes } from './routes/session'
import { standingRoutes } from './routes/standing'
import { ticketRoutes } from './routes/tickets'
import { zoneRoutes } from './routes/zone'
import { receiveFile } from './upload'
import { pageSettings } from './settings'
import type { PageSettings } from './settings'
import { defineTables } from './table'

export type { OfficeService } from './office'
export type { PageSettings } from './settings'
export type { OfficeAsker, OfficeVisit, RouteHandlers, RouteOutcome } from './visit'

export const name = 'space-office'
export const inject = [
  'database',
  'server',
  'schemes',
  'roster',
  'scoreboard',
  'access',
  'imports',
  'outbox',
  'tickets',
]
export const Config = pageSettings

/** The activity's page on the bot's own port. */
export function apply(ctx: Context, settings: PageSettings): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  defineTables(ctx)
  const office = new OfficeService(ctx, settings)
  ctx.provide('office')
  ctx.set('office', office)
  const routes = {
    ...sessionRoutes(ctx, office),
    ...standingRoutes(ctx),
    ...personRoutes(ctx),
    ...schoolRoutes(ctx),
    ...cockpitRoutes(ctx),
    ...importRoutes(ctx, office),
    ...ticketRoutes(ctx),
    ...peopleRoutes(ctx, office),
    ...operationRoutes(ctx, office),
    ...zoneRoutes(ctx),
  }
  ctx.effect(() => office.answer(routes))
  ctx.inject(['announcements'], (inner) => {
    inner.effect(() => office.answer(announcementRoutes(inner, office)))
  })
  ctx.inject(['bulletins', 'documents'], (inner) => {
    inner.effect(() => office.answer(bulletinRoutes(inner, office)))
  })
  ctx.inject(['reminders'], (inner) => inner.effect(() => office.answer(reminderRoutes(inner))))
  ctx.inject(['materials'], (inner) => inner.effect(() => office.answer(materialRoutes(inner))))
  ctx.inject(['awards', 'documents'], (inner) => {
    const handlers = { ...awardRoutes(inner, office), ...nominationRoutes(inner, office) }
    inner.effect(() => office.answer({ ...handlers, ...judgingRoutes(inner, office) }))
  })
  ctx.on('dispose', () => office.events.dispose())
  ctx.on('space/scores-changed', () => office.events.tell('scores'))
  serve(ctx, office)
  ctx.plugin(command)
}

function serve(ctx: Context, office: OfficeService): void {
  const { gate, settings } = office
  const files = new PageFiles(resolve(ctx.baseDir, settings.dir))
  const page = unparsed((koa, name) => {
    const refusal = gate.foreign(koa, { writes: false })
    // Whoever follows a link from elsewhere may come in; nothing of the page is told to other sites.
    if (refusal && refusal.code === 'foreign-host') return gate.refuse(koa, refusal)
    if (!files.send(koa, name)) gate.refuse(koa, { status: 404, code: 'not-built' })
  })
  ctx.server.get('/', page)
  ctx.server.get(
    '/assets/:file',
    unparsed((koa) => page(koa, `assets/${fileOf(koa)}`)),
  )
  ctx.server.get(
    '/icon.svg',
    unparsed((koa) => page(koa, 'icon.svg')),
  )
  // Before the calls, whose pattern its address fits, too.
  ctx.server.post(
    '/api/file',
    unparsed((koa) => takeFile(ctx, office, koa)),
  )
  ctx.server.post(
    '/api/:route',
    unparsed((koa) => gate.serve(koa, String(koa.params['route']))),
  )
  ctx.server.get(
    '/api/events',
    unparsed((koa) => listen(office, koa)),
  )
}

const fileOf = ({ params }: HttpExchange) => String(params['file'])

/** A file of staff's: nothing of it is written before it is known who sends it, and nothing is left of it afterwards. */
async function takeFile(
  ctx: Context,
  { gate, settings, events }: OfficeService,
  koa: HttpExchange,
): Promise<void> {
  const asker = await gate.admit(koa)
  if (!asker) return
  const may = ctx.access.check(asker.viewer, { kind: 'import' })
  if (!may.ok) return gate.answerWith(koa, asker, may)
  const most = settings.maxMegabytes * 1024 * 1024
  const file = await receiveFile(koa.req, { folder: resolve(ctx.baseDir, settings.uploads), most })
  if (!file) return gate.refuse(koa, { status: 413, code: 'file-too-large' })
  const only = new Set([asker.session])
  const progress = (rows: number) => events.tell('progress', rows, only)
  const name = decodeURIComponent(koa.get('x-file-name')) || 'file'
  try {
    await gate.answerWith(
      koa,
      asker,
      await previewFile(ctx, asker, { name, bytes: await file.read(), progress }),
    )
  } finally {
    await file.drop()
  }
}

async function listen(office: OfficeService, koa: HttpExchange): Promise<void> {
  const { gate, events } = office
  const refusal = gate.foreign(koa, { writes: false })
  if (refusal) return gate.refuse(koa, refusal)
  const { asker } = await gate.visit(koa)
  if (!asker) return gate.refuse(koa, { status: 401, code: 'signed-out' })
  if (!events.open(asker, koa.res)) return gate.refuse(koa, { status: 429, code: 'too-many-streams' })
  // The answer goes on for as long as the page is open.
  koa.respond = false
}

/** The framework reads bodies and stores files before any route runs, unless the first function of a route says no. */
function unparsed(
  handle: (koa: HttpExchange, name: string) => void | Promise<void>,
): (koa: HttpExchange, name?: unknown) => Promise<void> {
  const middleware = async (koa: HttpExchange, name?: unknown) =>
    handle(koa, typeof name === 'string' ? name : 'index.html')
  return Object.assign(middleware, { [Symbol.for('noParseBody')]: true })
}

export default { name, inject, Config, apply }
