import type { Context } from 'koishi'
import type {} from '@koishijs/plugin-server'
import type {} from 'koishi-plugin-space-database'
import { describeLacks, findLacks, lackServices } from './lacking'
import { text, textKeys } from './text'

const ONLINE = 1

/**
 * Says in the log, to people who run the bot, what it waits for: the database while that is away, what is still to be
 * set up once everything is loaded, and each connection that is made or lost.
 */
export function reportStart(app: Context, say: (line: string) => void): void {
  let away = false
  app.on('space/database-away', ({ message }) => {
    if (!away) say(message)
    away = true
  })
  reportConnections(app, say)
  const listening = new Promise<void>((done) => app.on('server/ready', done))
  app.inject([...lackServices], async (ctx) => {
    // Plugins that were woken by the same services may still be making their tables.
    await Promise.all([listening, ctx.model.prepared()])
    const found = await findLacks(ctx)
    for (const line of describeLacks(found)) say(line)
    say(text(found.length ? 'report-ready-lacking' : 'report-ready', { count: found.length }))
    away = false
  })
}

function reportConnections(app: Context, say: (line: string) => void): void {
  const online = new Set<string>()
  let ending = false
  app.on('exit', () => {
    ending = true
    return Promise.resolve()
  })
  app.on('bot-status-updated', ({ sid, platform = '', selfId = '', status }) => {
    const isOnline = Number(status) === ONLINE
    if (ending || isOnline === online.has(sid)) return
    if (isOnline) online.add(sid)
    else online.delete(sid)
    say(text(isOnline ? 'report-connected' : 'report-lost', { platform: platformName(platform), id: selfId }))
  })
}

/** As people call a platform. */
export function platformName(platform: string): string {
  const key = textKeys.find((one) => one === `platform-${platform}`)
  return key ? text(key) : platform
}
