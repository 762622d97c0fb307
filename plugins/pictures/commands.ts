import { dayOf } from '@space-assistant/core/calendar/day'
import { accessRefusalCodes } from '@space-assistant/core/access/visibility'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-conversation'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { answerPicture } from './answer'
import { pictureKey } from './ask'
import type { PictureAnswer, PictureContext, PictureKind, PictureServices } from './ask'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import type { Pictures } from './pictures'
import { AskReader, withoutPictureWord } from './reading'
import words from './words.json'
import { present } from '@space-assistant/core/text/present'

export const inject = ['pictures', 'schemes', 'roster', 'scoreboard', 'access', 'conversation']

/** The word for a picture in a ranking question, and the commands whose answer is one. */
export function apply(ctx: Context): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  const { roster, scoreboard, schemes, access } = ctx
  const desk = new PictureDesk(ctx, { roster, scoreboard, schemes, access })
  ctx.before('command/execute', async (argv) => {
    const { command, session } = argv
    // The framework has taken hold of the list already, so it is changed and not replaced.
    const args = (argv.args ?? []) as unknown[]
    const [given] = args
    if (command?.name !== words.ranking || !session || typeof given !== 'string') return undefined
    const rest = withoutPictureWord(given)
    if (rest === undefined) return undefined
    // Whatever has no picture is answered in words by the command itself.
    args[0] = rest
    return (await desk.ranking(session, rest)) ? '' : undefined
  })
  for (const kind of ['trend', 'card'] as const) {
    const command = words.commands[kind]
    ctx
      .command(`${command} [text:rawtext]`, { captureQuote: false })
      .action(({ session }, text = '') => desk.school(present(session, 'session'), { kind, command, text }))
  }
  ctx.effect(() => ctx.conversation.register({ texts: 'space-pictures', help: words.help }))
  ctx.effect(() => ctx.conversation.variant((text) => readSentence(text)))
}

/** A school's trend or report card asked for in a few words that end in what is wanted. */
function readSentence(text: string): string | undefined {
  const plain = text.trim().replace(/[?.!\uff1f\u3002\uff01]+$/u, '')
  for (const kind of ['trend', 'card'] as const) {
    const ending = words[kind].find((word) => plain.endsWith(word))
    if (ending !== undefined) return `${words.commands[kind]} ${plain.slice(0, -ending.length)}`.trim()
  }
  return undefined
}

class PictureDesk {
  private readonly reader: AskReader
  private readonly pictures: Pictures
  private readonly log

  constructor(
    ctx: Context,
    private readonly services: PictureServices,
  ) {
    this.reader = new AskReader(ctx, services)
    this.pictures = ctx.pictures
    this.log = ctx.logger('space-pictures')
  }

  /** Whether a ranking was answered with a picture. */
  async ranking(session: Session, text: string): Promise<boolean> {
    const context = await this.contextOf(session)
    const ask = this.reader.readRanking(text, context.viewer, context.today)
    const outcome = ask && answerPicture(context, ask)
    return outcome?.ok ? this.send(session, outcome.value) : false
  }

  async school(
    session: Session,
    { kind, command, text }: { kind: PictureKind; command: string; text: string },
  ): Promise<h | string> {
    const context = await this.contextOf(session)
    const { viewer, today, say } = context
    const asked = withoutPictureWord(text) ?? text
    const ask = this.reader.readSchool(kind, { text: asked, viewer, today })
    if (typeof ask === 'string') return h.text(say(pictureKey(`refusal.${ask}`), { command }))
    const outcome = answerPicture(context, ask)
    if (!outcome.ok) {
      const place = known.has(outcome.code) ? 'space-access' : 'space-pictures'
      return h.text(say(`${place}.refusal.${outcome.code}`, { ...outcome.params, command }))
    }
    return (await this.send(session, outcome.value)) ? '' : h.text(outcome.value.whole)
  }

  /** The picture with its facts in one message; whoever cannot get it gets the whole answer in words instead. */
  private async send(session: Session, { picture, caption }: PictureAnswer): Promise<boolean> {
    const { bot, channelId } = session
    if (channelId === undefined) return false
    try {
      const bytes = Buffer.from(await this.pictures.paint(picture))
      const image = h.image(bytes, bytes[0] === 0x89 ? 'image/png' : 'image/jpeg')
      await bot.sendMessage(channelId, [image, h.text(caption)], undefined, { session })
      return true
    } catch (error) {
      this.log.warn('a picture was not sent: %s', error instanceof Error ? error.name : 'error')
      return false
    }
  }

  private async contextOf(session: Session): Promise<PictureContext> {
    const viewer = await this.services.access.viewer(session)
    const say = (path: string, params: object = {}) => h.unescape(session.text(path, params))
    return { ctx: this.services, viewer, say, today: dayOf(new Date()) }
  }
}

const known: ReadonlySet<string> = new Set(accessRefusalCodes)
