import { LocalizedTexts } from '@space-assistant/core/delivery/wording'
import { dayOf } from '@space-assistant/core/calendar/day'
import type { QuestionFailure } from '@space-assistant/core/ranking/question'
import type { Member } from '@space-assistant/core/roster/member'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { RankingAnswers } from './answers'
import { detailsAnswer } from './details'
import { handOverRanking, rankingKey, rankingRefusal } from './frame'
import type { RankingContext, RankingServices } from './frame'
import type { Refusal } from '@space-assistant/core/access/outcome'
import { rankingIntents } from './intents'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { Pages } from './pages'
import type { About, Asked } from './pages'
import { personAnswer } from './person'
import { Readers } from './reader'
import { strange, whomOf } from './whom'
import words from './words.json'
import { present } from '@space-assistant/core/text/present'

export const name = 'space-ranking'
export const inject = ['schemes', 'roster', 'scoreboard', 'access', 'conversation']

/** Questions about places, points, what they come from, and opened spaces. */
export function apply(ctx: Context): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  const { roster, scoreboard, schemes, access, conversation } = ctx
  const services = { roster, scoreboard, schemes, access, conversation }
  const [readers, pages] = [new Readers(ctx), new Pages()]
  const answers = new RankingAnswers(services, pages)
  const desk = new RankingCommands(services, readers, pages, answers)
  const { ranking, points, details, activation } = words.commands
  const declare = (command: string, answer: (frame: RankingContext, text: string) => Promise<string>) => {
    ctx
      .command(`${command} [text:rawtext]`, { captureQuote: false })
      .action(async ({ session }, text = '') => {
        const frame = await frameOf(services, present(session, 'session'))
        return h.text(await handOverRanking(frame, answer(frame, text)))
      })
  }
  // What the command's own words do not tell is read as any other sentence: names of persons are not among it.
  ctx.command(`${ranking} [text:rawtext]`, { captureQuote: false }).action(async ({ session }, text = '') => {
    const asker = present(session, 'session')
    const frame = await frameOf(services, asker)
    const line = `${ranking} ${h.unescape(text)}`
    const read = desk.knows(frame, text)
      ? undefined
      : await conversation.command(asker, { line, kind: 'ranking' })
    return read ?? h.text(await handOverRanking(frame, desk.ranking(frame, text)))
  })
  declare(points, (frame, text) => desk.points(frame, text))
  declare(details, (frame, text) => desk.details(frame, text))
  declare(activation, (frame, text) => desk.activation(frame, text))
  ctx.effect(() =>
    conversation.register({
      texts: 'space-ranking',
      help: words.help,
      intents: rankingIntents(answers, (session) => frameOf(services, session)),
    }),
  )
}

const wordings = new LocalizedTexts({ 'zh-CN': zhCN, 'en-US': enUS })

async function frameOf(ctx: RankingServices, session: Session): Promise<RankingContext> {
  const viewer = await ctx.access.viewer(session)
  return {
    ctx,
    session,
    say: ctx.conversation.sayer(session, wordings),
    viewer,
    aside: false,
    today: dayOf(new Date()),
  }
}

/** Where a text becomes a question. */
class RankingCommands {
  constructor(
    private readonly ctx: RankingServices,
    private readonly readers: Readers,
    private readonly pages: Pages,
    private readonly answers: RankingAnswers,
  ) {}

  /** Whether the words of a ranking command are its own. */
  knows({ today }: RankingContext, text: string): boolean {
    return this.readers.current.read(text, { today, named: true }).ok
  }

  async ranking(frame: RankingContext, text: string, why = false): Promise<string> {
    const question = this.read(frame, text, 'ranking')
    if ('code' in question) return rankingRefusal(frame, question)
    return this.answers.ranking(frame, question, { why })
  }

  async points(frame: RankingContext, text: string): Promise<string> {
    const whom = whomOf(frame, text)
    if ('refusal' in whom) return rankingRefusal(frame, whom.refusal)
    const question = this.read(frame, whom.rest, 'points')
    if ('code' in question) return rankingRefusal(frame, strange(frame, question, whom.rest))
    if (whom.member) return personAnswer(frame, whom.member, question, true)
    const { scope, given } = question
    const own = !given.includes('scope') && !given.includes('stage')
    if (own || scope.kind === 'self') return this.answers.own(frame, question, true)
    return this.ranking(frame, text, true)
  }

  async details(frame: RankingContext, text: string): Promise<string> {
    const whom = whomOf(frame, text)
    if ('refusal' in whom) return rankingRefusal(frame, whom.refusal)
    const question = this.read(frame, whom.rest, 'details', whom.member)
    if ('code' in question) return rankingRefusal(frame, strange(frame, question, whom.rest))
    const { scope, given, account } = question
    if ((given.includes('scope') && scope.kind !== 'self') || given.includes('of') || given.includes('stage'))
      return rankingRefusal(frame, { code: 'records-of-one', params: {} })
    const again = account === undefined ? undefined : this.ctx.roster.member(account)
    const member = again ?? this.answers.self(frame)
    if ('code' in member) return rankingRefusal(frame, member)
    const { text: answer, page } = await detailsAnswer(frame, member, question)
    this.pages.note(frame.session, 'details', { question: { ...question, account: member.account }, page })
    return answer
  }

  activation(frame: RankingContext, text: string): Promise<string> {
    const question = this.read(frame, text, 'activation')
    if ('code' in question) return Promise.resolve(rankingRefusal(frame, question))
    // Nobody has a rate of their own.
    const mine = question.scope.kind === 'self' ? ({ kind: 'own-school' } as const) : question.scope
    return Promise.resolve(this.answers.activation(frame, { ...question, scope: mine }))
  }

  private read(
    { say, session, today }: RankingContext,
    text: string,
    about: About,
    member?: Member,
  ): Asked | Refusal {
    const result = this.readers.current.read(text, { today, named: true })
    const whose = member && { account: member.account }
    if (result.ok) return this.pages.resolve(session, about, { ...result.question, ...whose })
    const { code, params } = failure(say, result)
    return { code, params: { ...params, examples: say(rankingKey(`examples.${about}`)) } }
  }
}

/** A question that was not understood, with suggestions where there are any. */
function failure(say: RankingContext['say'], { code, params }: QuestionFailure): Refusal {
  if (!('suggestions' in params)) return { code, params: { ...params } }
  const { given, suggestions } = params
  const names = suggestions.slice(0, 4).join(say(rankingKey('and')))
  return { code: names && code !== 'ambiguous-school' ? `${code}-near` : code, params: { given, names } }
}
