import { Schema } from 'koishi'
import type { Context } from 'koishi'
import type {} from '@koishijs/plugin-http'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { Importer } from './talk'
import { words } from './command'
import { present } from '@space-assistant/core/text/present'

export interface Config {
  /** Largest file that is fetched. */
  maxMegabytes: number
  /** Seconds after which a person is told that the work goes on. */
  patienceSeconds: number
}

export const Config: Schema<Config> = Schema.object({
  maxMegabytes: Schema.natural().min(1).default(64),
  patienceSeconds: Schema.natural().min(1).default(4),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

export const name = 'space-importer'
export const inject = ['schemes', 'access', 'imports', 'conversation']

/** The command by which staff import files in chat. */
export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  const { maxMegabytes, patienceSeconds } = config
  const importer = new Importer(ctx, { maxMegabytes, patience: patienceSeconds * 1000 })
  ctx
    .command(`${words.command} [text:rawtext]`, { captureQuote: false })
    .action(({ session }, text = '') => importer.answer(present(session, 'session'), text))
  ctx.effect(() =>
    ctx.conversation.register({
      texts: 'space-importer',
      help: words.help,
      intents: {
        import: (session, { ask, number }) => importer.start(session, ask, number),
      },
    }),
  )
  ctx.middleware(async (session, next) => (await importer.overhear(session)) ?? next())
}
