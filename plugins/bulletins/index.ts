import { h, Schema } from 'koishi'
import type { Context } from 'koishi'
import type { AudienceWords } from '@space-assistant/core/delivery/audience'
import type { Translate } from '@space-assistant/core/text/translate'
import { Bulletins } from './bulletins'
import { bulletinTextOf, bulletinWords as words } from './command'
import { BulletinFiles } from './files'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { Publishing } from './publishing'
import { BulletinService } from './service'
import { BulletinStore } from './store'
import { defineBulletinTables } from './table'
import { BulletinDialogue } from './talk'
import { BulletinWindows } from './window'
import { present } from '@space-assistant/core/text/present'

export type { BulletinForm, BulletinService } from './service'
export type { BulletinSettings } from './bulletins'
export type { BulletinAuthor } from './heads'
export type { BulletinLook } from './looking'
export type { BulletinReceipt, BulletinTarget } from './publishing'
export type { Bulletin } from './store'
export type { BulletinHead, BulletinSectionRow } from './table'

declare module 'koishi' {
  interface Context {
    bulletins: BulletinService
  }
}

export interface Config {
  /** Where pictures and documents are kept that go out. */
  dir: string
  /** How often it is looked whether something is due. */
  tickMs: number
  /** Minutes after which the one who submitted may approve: for bureaus of one person; 0 is never. */
  selfApproveMinutes: number
  /** Days after which what still waits for a group is worthless. */
  keepDays: number
  locale: 'zh-CN' | 'en-US'
}

export const Config: Schema<Config> = Schema.object({
  dir: Schema.string().default('data/bulletins'),
  tickMs: Schema.natural().role('ms').min(1).default(5_000),
  selfApproveMinutes: Schema.natural().default(0),
  keepDays: Schema.natural().min(1).max(60).default(7),
  locale: Schema.union(['zh-CN', 'en-US'] as const).default('zh-CN'),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

export const name = 'space-bulletins'
export const inject = [
  ...['database', 'bulk', 'schemes', 'roster', 'scoreboard', 'imports', 'access', 'outbox'],
  ...['conversation', 'pictures', 'documents'],
]

/** The bureau's periodic reports: drafted from the data, approved, published, kept. */
export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  defineBulletinTables(ctx)
  const say: Translate = (key, params = {}) => {
    const path = key.startsWith('space-') ? key : `space-bulletins.${key}`
    return h.unescape(ctx.i18n.text([config.locale], [path], params))
  }
  const store = new BulletinStore(ctx)
  const files = new BulletinFiles(ctx, { dir: config.dir, say })
  const bulletins = new Bulletins(ctx, store, { say, selfApproveMs: config.selfApproveMinutes * 60_000 })
  const { keepDays } = config
  const audience: AudienceWords = {
    separators: words.separators,
    purposes: words.purposes as AudienceWords['purposes'],
  }
  const publishing = new Publishing(ctx, { store, bulletins, files, words: audience, say, keepDays })
  const parts = { bulletins, publishing, files, windows: new BulletinWindows(ctx) }
  const dialogue = new BulletinDialogue(ctx, parts)
  ctx.provide('bulletins')
  ctx.set('bulletins', new BulletinService(ctx, parts))
  ctx
    .command(`${words.command} [text:rawtext]`, { captureQuote: false })
    .action(({ session }, text = '') => dialogue.answer(present(session, 'session'), text))
  ctx.effect(() =>
    ctx.conversation.register({
      texts: 'space-bulletins',
      help: words.help,
      intents: {
        bulletin: (session, intent) =>
          dialogue.answer(session, bulletinTextOf(intent, session.stripped.content)),
      },
    }),
  )
  startTicking(ctx, config.tickMs, () => publishing.dispatch())
}

/** One look after the other; one that fails is followed by the next. */
function startTicking(ctx: Context, everyMs: number, look: () => Promise<void>): void {
  let running = false
  const tick = async () => {
    if (running) return
    running = true
    try {
      await look()
    } catch (error) {
      ctx.logger('space-bulletins').warn('look failed: %s', error instanceof Error ? error.name : 'error')
    } finally {
      running = false
    }
  }
  ctx.on('ready', async () => {
    await ctx.model.prepared()
    ctx.setInterval(() => void tick(), everyMs)
    await tick()
  })
}
