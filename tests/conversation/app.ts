import { Context, Logger, h } from 'koishi'
import * as mock from '@koishijs/plugin-mock'
import type { MockBot } from '@koishijs/plugin-mock'
import * as sqlite from 'koishi-plugin-space-sqlite'
import * as gateway from 'koishi-plugin-space-conversation'

Logger.levels.base = Logger.ERROR

export interface TestApp {
  app: Context
  bot: MockBot
  /** Everything that was sent in answer to one line. */
  say(user: string, text: string, group?: string): Promise<string[]>
  stop(): Promise<void>
}

/** A real app with a few commands behind the gateway. */
export async function startApp(config: Partial<gateway.Config> = {}): Promise<TestApp> {
  const app = new Context({ prefix: ['/', '／'], autoAssign: true, autoAuthorize: 1 })
  const database = app.plugin(sqlite, { path: ':memory:' })
  const bots = app.plugin(mock.default, { selfId: '514' })
  app.plugin(gateway, gateway.Config(config as gateway.Config))
  app.plugin({
    name: 'commands',
    inject: ['conversation'],
    apply(ctx: Context) {
      ctx.command('排名 [text:rawtext]').action((_, text) => h.text(`排名(${text ?? ''})`))
      ctx.command('秘密', { authority: 3 }).action(() => 'secret')
      ctx.command('长 <count:number>').action((_, count) => h.text('行业标准，第一行\n'.repeat(count)))
      ctx.command('网址 [text:rawtext]').action((_, text) => h.text(text ?? ''))
      ctx.command('慢').action(async () => {
        await new Promise((resolve) => setTimeout(resolve, 60))
        return 'slow'
      })
    },
  })
  await app.start()
  await app.model.prepared()
  const bot = app.bots[0] as unknown as MockBot
  return {
    app,
    bot,
    say: (user, text, group) => bot.client(user, group).receive(text),
    async stop() {
      bots.dispose()
      database.dispose()
      await app.stop()
    },
  }
}
