import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import type {} from 'koishi-plugin-space-access'
import { AdoptionDialogue } from './dialogue'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import * as notice from './notice'
import words from './words.json'
import { present } from '@space-assistant/core/text/present'

export const name = 'space-rescore'
export const inject = ['schemes', 'roster', 'scoreboard', 'access', 'conversation']

/** Rules that staff have changed in config/: who gains and loses by them is shown before they are in force. */
export function apply(ctx: Context): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  const dialogue = new AdoptionDialogue(ctx)
  ctx
    .command(`${words.command} [text:rawtext]`, { captureQuote: false })
    .action(async ({ session }, text = '') =>
      h.text(await dialogue.answer(present(session, 'session'), text.trim())),
    )
  ctx.effect(() =>
    ctx.conversation.register({
      texts: 'space-rescore',
      help: words.help,
      intents: { schemes: async (session) => h.text(await dialogue.answer(session, '')) },
    }),
  )
  ctx.plugin(notice)
}
