import { h, Schema } from 'koishi'
import type { Context, Fragment, Session } from 'koishi'
import type { Translate } from '@space-assistant/core/text/translate'
import { awardIntents } from './intents'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { Awards } from './service'
import { defineAwardTables } from './table'
import { answerAwards } from './talk/awards'
import { answerCertificate, answerExhibit } from './talk/certificate'
import { answerJudge } from './talk/judge'
import { answerNominate } from './talk/nominate'
import { answerObject } from './talk/object'
import { openAwardTalk, splitWords } from './talk/talk'
import type { AwardTalk } from './talk/talk'
import words from './words.json'

export type { Awards } from './service'

declare module 'koishi' {
  interface Context {
    awards: Awards
  }
}

export interface Config {
  /** How often it is looked whether judges are to be reminded. */
  tickMs: number
  /** Language of what is said without being asked. */
  locale: 'zh-CN' | 'en-US'
}

export const Config: Schema<Config> = Schema.object({
  tickMs: Schema.natural().role('ms').min(1).default(60_000),
  locale: Schema.union(['zh-CN', 'en-US'] as const).default('zh-CN'),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

export const name = 'space-awards'
export const inject = [
  'database',
  'bulk',
  'schemes',
  'roster',
  'scoreboard',
  'access',
  'outbox',
  'conversation',
  'documents',
]

type Answer = (talk: AwardTalk, given: string[]) => Promise<Fragment>

const answers: Record<keyof typeof words.commands, Answer> = {
  awards: answerAwards,
  nominate: answerNominate,
  judge: answerJudge,
  object: answerObject,
  certificate: answerCertificate,
  exhibit: answerExhibit,
}

/** Awards: conditions, nominations, expert review, publicity, objections, certificates and exhibition. */
export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  defineAwardTables(ctx)
  const say: Translate = (key, params = {}) =>
    h.unescape(ctx.i18n.text([config.locale], [`space-awards.${key}`], params))
  const awards = new Awards(ctx, { now: () => new Date(), say })
  ctx.provide('awards')
  ctx.set('awards', awards)
  const answer = async (key: keyof typeof answers, session: Session, text: string) =>
    answers[key](await openAwardTalk(awards, session), splitWords(text))
  for (const key of Object.keys(words.commands) as (keyof typeof words.commands)[]) {
    ctx
      .command(`${words.commands[key]} [text:rawtext]`, { captureQuote: false })
      .action(({ session }, text = '') => (session ? answer(key, session, text) : ''))
  }
  ctx.effect(() =>
    ctx.conversation.register({ texts: 'space-awards', help: words.help, intents: awardIntents(awards) }),
  )
  ctx.on('ready', async () => {
    await ctx.model.prepared()
    ctx.setInterval(() => void remind(ctx, awards), config.tickMs)
  })
}

async function remind(ctx: Context, awards: Awards): Promise<void> {
  try {
    await awards.remindJudges(new Date())
  } catch (error) {
    ctx.logger('space-awards').warn('reminders failed: %s', error instanceof Error ? error.name : 'error')
  }
}
