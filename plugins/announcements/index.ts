import { parseMinute } from '@space-assistant/core/calendar/clock'
import { h, Schema } from 'koishi'
import type { Context, Session } from 'koishi'
import { Acknowledgements } from './acknowledgement'
import { Announcements } from './announcements'
import { answerReceived, answerStanding } from './answers'
import { Drafts } from './drafts'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { Proposals } from './proposals'
import type { Translate } from '@space-assistant/core/text/translate'
import { statusText } from './status'
import { AnnouncementService } from './service'
import { AnnouncementStore } from './store'
import { defineTables } from './table'
import { sayIn } from './replies'
import { AnnouncementDialogue } from './dialogue'
import type { AudienceWords } from '@space-assistant/core/delivery/audience'
import { words } from './command'
import { present } from '@space-assistant/core/text/present'

export type { Acknowledged } from './acknowledgement'
export type { Delivery, TargetReceipt } from './delivery'
export type { AnnouncementPreview, AnnouncementService, AnnouncementWriter, PlatformPreview } from './service'

export interface Config {
  /** How often it is looked whether something is due. */
  tickMs: number
  /** Where pictures and files are kept. */
  files: string
  /** Days after which what still waits is worthless. */
  keepDays: number
  /** Language of what is said without being asked. */
  locale: 'zh-CN' | 'en-US'
}

export const Config: Schema<Config> = Schema.object({
  tickMs: Schema.natural().role('ms').min(1).default(5_000),
  files: Schema.string().default('data/announcements'),
  keepDays: Schema.natural().min(1).max(60).default(3),
  locale: Schema.union(['zh-CN', 'en-US'] as const).default('zh-CN'),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

declare module 'koishi' {
  interface Context {
    announcements: AnnouncementService
  }
}

export const name = 'space-announcements'
export const inject = ['database', 'bulk', 'schemes', 'roster', 'access', 'outbox', 'conversation']

/** What staff tell many groups at once, and how the delivery stands. */
export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  defineTables(ctx)
  const say: Translate = (key, params = {}) => {
    const path = key.startsWith('space-') ? key : `space-announcements.${key}`
    return h.unescape(ctx.i18n.text([config.locale], [path], params))
  }
  const minute = (text: string) => parseMinute(text) ?? 0
  const store = new AnnouncementStore(ctx)
  const announcements = new Announcements(ctx, store, { keepDays: config.keepDays, say })
  const drafts = new Drafts(ctx, store, {
    words: words as AudienceWords,
    quiet: () => {
      const { quietFrom, quietTo } = ctx.outbox.settings
      return { from: minute(quietFrom), to: minute(quietTo) }
    },
    say,
  })
  const dialogue = new AnnouncementDialogue(ctx, { announcements, drafts, folder: config.files })
  ctx
    .command(`${words.command} [text:rawtext]`, { captureQuote: false })
    .action(({ session }, text = '') => dialogue.answer(present(session, 'session'), text))
  const tellStatus = async (session: Session) => {
    const inSession = sayIn(session)
    const may = ctx.access.check(await ctx.access.viewer(session), { kind: 'announce' })
    if (!may.ok) return h.text(inSession(`space-access.refusal.${may.code}`, may.params))
    return h.text(await statusText(ctx, inSession))
  }
  ctx
    .command(words.status, { captureQuote: false })
    .action(({ session }) => tellStatus(present(session, 'session')))
  ctx.effect(() =>
    ctx.conversation.register({
      texts: 'space-announcements',
      help: words.help,
      intents: {
        announce: (session, { text = '' }) => dialogue.answer(session, h.escape(text)),
        // What was not understood is the conversation's.
        status: (session, { ask }) =>
          ask === 'not-understood' ? Promise.resolve(undefined) : tellStatus(session),
      },
    }),
  )
  const acknowledgements = new Acknowledgements(ctx, store, say)
  ctx
    .command(`${words.commands.received} [text:rawtext]`, { captureQuote: false })
    .action(async ({ session }, text = '') => {
      return h.text(
        await answerReceived(ctx, acknowledgements, { session: present(session, 'session'), text }),
      )
    })
  ctx
    .command(`${words.commands.answers} [text:rawtext]`, { captureQuote: false })
    .action(({ session }, text = '') =>
      answerStanding(ctx, acknowledgements, { session: present(session, 'session'), text }),
    )
  const proposals = new Proposals(ctx, store, { say, times: { from: 8 * 60, until: 20 * 60 } })
  ctx.provide('announcements')
  const parts = { announcements, drafts, acknowledgements, proposals, store, say }
  ctx.set('announcements', new AnnouncementService(ctx, parts))
  startTicking(ctx, config.tickMs, async () => {
    await announcements.dispatch()
    await proposals.tick()
  })
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
      const what = error instanceof Error ? error.name : 'error'
      ctx.logger('space-announcements').warn('look failed: %s', what)
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
