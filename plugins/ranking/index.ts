import { LocalizedTexts } from '@space-assistant/core/delivery/wording'
import { dayOf } from '@space-assistant/core/calendar/day'
import type { RankingQuestion, QuestionFailure } from '@space-assistant/core/ranking/question'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import type { Member } from '@space-assistant/core/roster/member'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { activationAnswer } from './activation'
import { detailsAnswer } from './details'
import { rankingKey, rankingRefusal } from './frame'
import type { RankingContext, RankingServices } from './frame'
import type { Refusal } from '@space-assistant/core/access/outcome'
import { listAnswer } from './list'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { Pages } from './pages'
import type { About, Asked } from './pages'
import { personAnswer } from './person'
import { Readers } from './reader'
import { Sentences } from './sentences'
import { answerSchoolRanking } from './school'
import { targetOf } from './scope'
import { strange, whomOf } from './whom'
import words from './words.json'

export const name = 'space-ranking'
export const inject = ['schemes', 'roster', 'scoreboard', 'access', 'conversation']

/** Questions about places, points, what they come from, and opened spaces. */
export function apply(ctx: Context): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  const { roster, scoreboard, schemes, access, conversation } = ctx
  const services = { roster, scoreboard, schemes, access, conversation }
  const [readers, pages] = [new Readers(ctx), new Pages()]
  const desk = new Desk(services, readers, pages)
  const sentences = new Sentences(readers, pages)
  const { ranking, points, details, activation } = words.commands
  const declare = (command: string, answer: (frame: RankingContext, text: string) => Promise<string>) => {
    ctx
      .command(`${command} [text:rawtext]`, { captureQuote: false })
      .action(async ({ session }, text = '') => {
        return h.text(await answer(await frameOf(services, session!), text))
      })
  }
  declare(ranking, (frame, text) => desk.ranking(frame, text))
  declare(points, (frame, text) => desk.points(frame, text))
  declare(details, (frame, text) => desk.details(frame, text))
  declare(activation, (frame, text) => desk.activation(frame, text))
  ctx.effect(() => {
    return ctx.conversation.variant((text, session, overheard) => sentences.read(text, session, overheard))
  })
}

const wordings = new LocalizedTexts({ 'zh-CN': zhCN, 'en-US': enUS })

async function frameOf(ctx: RankingServices, session: Session): Promise<RankingContext> {
  const viewer = await ctx.access.viewer(session)
  return { ctx, session, say: ctx.conversation.sayer(session, wordings), viewer, today: dayOf(new Date()) }
}

/** Where a text becomes a question, and a question an answer. */
class Desk {
  constructor(
    private readonly ctx: RankingServices,
    private readonly readers: Readers,
    private readonly pages: Pages,
  ) {}

  async ranking(frame: RankingContext, text: string, why = false): Promise<string> {
    const question = this.read(frame, text, 'ranking')
    if ('code' in question) return rankingRefusal(frame, question)
    const target = this.target(frame, question)
    if (target.kind === 'nothing') return rankingRefusal(frame, target.refusal)
    if (target.kind === 'self') return this.own(frame, question, false)
    if (question.of === 'school' && target.scope.kind === 'school') {
      return answerSchoolRanking(frame, target.scope.code, { question, why })
    }
    const { text: answer, page } = listAnswer(frame, question, target.scope)
    this.pages.note(frame.session, 'ranking', { question, page })
    return answer
  }

  async points(frame: RankingContext, text: string): Promise<string> {
    const whom = whomOf(frame, text)
    if ('refusal' in whom) return rankingRefusal(frame, whom.refusal)
    const question = this.read(frame, whom.rest, 'points')
    if ('code' in question) return rankingRefusal(frame, strange(frame, question, whom.rest))
    if (whom.member) return personAnswer(frame, whom.member, question, true)
    const { scope, given } = question
    const own = !given.includes('scope') && !given.includes('stage')
    if (own || scope.kind === 'self') return this.own(frame, question, true)
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
    const member = again ?? this.self(frame)
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
    const target = this.target(frame, { ...question, scope: mine })
    if (target.kind === 'nothing') return Promise.resolve(rankingRefusal(frame, target.refusal))
    const scope: StandingQuery['scope'] = target.kind === 'within' ? target.scope : { kind: 'district' }
    return Promise.resolve(activationAnswer(frame, scope, question.stage))
  }

  private own(frame: RankingContext, question: RankingQuestion, why: boolean): Promise<string> {
    const member = this.self(frame)
    if ('code' in member) return Promise.resolve(rankingRefusal(frame, member))
    return personAnswer(frame, member, question, why)
  }

  private self({ viewer }: RankingContext): Member | Refusal {
    const member = viewer.account === undefined ? undefined : this.ctx.roster.member(viewer.account)
    return member ?? { code: viewer.grants.length ? 'no-account' : 'not-bound', params: {} }
  }

  private target({ viewer }: RankingContext, question: RankingQuestion) {
    return targetOf(question, viewer, (code) => this.ctx.roster.school(code)?.town)
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
