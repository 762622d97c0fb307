import { spokenLanguages } from '@space-assistant/core/access/languages'
import type { SpokenLanguage } from '@space-assistant/core/access/languages'
import { unwrap } from '@space-assistant/core/delivery/unwrap'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import { keyOf } from './bindings'
import { chatOf } from './speaker'
import type { ChatRef, SpeakerIdentity } from './speaker'
import words from './words.json'

/** How long another process's people wait until their choice counts here too. */
const REFRESH_MS = 60_000

/**
 * Who has chosen which language. All of it is kept in memory, as it is asked for at each line of every group, and few
 * choose one.
 */
export class Languages {
  private chosen = new Map<string, SpokenLanguage>()

  constructor(private readonly ctx: Context) {}

  /** The language that somebody has chosen, if any. */
  of(who: ChatRef): SpokenLanguage | undefined {
    return this.chosen.get(keyOf(who))
  }

  async choose(speaker: SpeakerIdentity, language: SpokenLanguage): Promise<void> {
    const who = chatOf(speaker)
    await this.ctx.database.upsert('space_language', [{ ...who, language }])
    this.chosen.set(keyOf(who), language)
  }

  async load(): Promise<void> {
    const rows = await this.ctx.database.get('space_language', {})
    this.chosen = new Map(rows.map((row) => [keyOf(row), row.language]))
  }
}

export const name = 'space-language'
export const inject = ['access', 'database', 'conversation']

/** The command by which somebody chooses a language, and the choice put before everything that is said to the person. */
export function apply(ctx: Context): void {
  const { languages } = ctx.access
  const load = () => void languages.load().catch(() => ctx.logger('space-access').warn('languages not read'))
  ctx.on('ready', async () => {
    await ctx.model.prepared()
    load()
    ctx.setInterval(load, REFRESH_MS)
  })
  ctx.middleware((session, next) => {
    const own = unwrap(session)
    const language = languages.of(chatOf(own))
    if (language) own.locales = [language]
    return next()
  }, true)
  ctx
    .command(`${words.commands.language} [text:rawtext]`, { captureQuote: false })
    .action(async ({ session }, text = '') =>
      session ? h.text(await answerLanguage(ctx, session, text)) : '',
    )
  ctx.effect(() =>
    ctx.conversation.register({ texts: 'space-access', help: words['language-help'], intents: {} }),
  )
}

async function answerLanguage(ctx: Context, session: Session, text: string): Promise<string> {
  const say = (key: string) => h.unescape(session.text(`commands.${words.commands.language}.messages.${key}`))
  const asked = text.normalize('NFKC').trim().toLowerCase()
  const language = spokenLanguages.find((each) => words.languages[each].includes(asked))
  if (!language) return say(asked ? 'unknown' : 'which')
  await ctx.access.languages.choose(session, language)
  unwrap(session).locales = [language]
  return say('chosen')
}
