import { Wordings } from '@space-assistant/core/delivery/wording'
import { dayOf } from '@space-assistant/core/scheme/calendar'
import type { Question, QuestionFailure } from '@space-assistant/core/ranking/question'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import type { Member } from '@space-assistant/core/scoring/member'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-gateway'
import type {} from 'koishi-plugin-space-identity'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { activationAnswer } from './activation'
import { detailsAnswer } from './details'
import { key, refuse } from './frame'
import type { Frame, Services } from './frame'
import type { Refusal } from '@space-assistant/core/identity/outcome'
import { listAnswer } from './list'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { Pages } from './pages'
import type { About, Asked } from './pages'
import { personAnswer } from './person'
import { Readers } from './reader'
import { Sentences } from './sentences'
import { schoolAnswer } from './school'
import { targetOf } from './scope'
import { strange, whomOf } from './whom'
import words from './words.json'

export const name = 'space-ranking'
export const inject = ['schemes', 'roster', 'scoreboard', 'identity', 'gateway']

/** Questions about places, points, what they come from, and opened spaces. */
export function apply(ctx: Context): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  const { roster, scoreboard, schemes, identity, gateway } = ctx
  const services = { roster, scoreboard, schemes, identity, gateway }
  const [readers, pages] = [new Readers(ctx), new Pages()]
  const desk = new Desk(services, readers, pages)
  const sentences = new Sentences(readers, pages)
  const { ranking, points, details, activation } = words.commands
  const declare = (command: string, answer: (frame: Frame, text: string) => Promise<string>) => {
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
    return ctx.gateway.variant((text, session, overheard) => sentences.read(text, session, overheard))
  })
}

const wordings = new Wordings({ 'zh-CN': zhCN, 'en-US': enUS })

async function frameOf(ctx: Services, session: Session): Promise<Frame> {
  const viewer = await ctx.identity.viewer(session)
  return { ctx, session, say: ctx.gateway.sayer(session, wordings), viewer, today: dayOf(new Date()) }
}

/** Where a text becomes a question, and a question an answer. */
class Desk {
  constructor(
    private readonly ctx: Services,
    private readonly readers: Readers,
    private readonly pages: Pages,
  ) {}

  async ranking(frame: Frame, text: string, why = false): Promise<string> {
    const question = this.read(frame, text, 'ranking')
    if ('code' in question) return refuse(frame, question)
    const target = this.target(frame, question)
    if (target.kind === 'nothing') return refuse(frame, target.refusal)
    if (target.kind === 'self') return this.own(frame, question, false)
    if (question.of === 'school' && target.scope.kind === 'school') {
      return schoolAnswer(frame, target.scope.code, { question, why })
    }
    const { text: answer, page } = listAnswer(frame, question, target.scope)
    this.pages.note(frame.session, 'ranking', { question, page })
    return answer
  }

  async points(frame: Frame, text: string): Promise<string> {
    const whom = whomOf(frame, text)
    if ('refusal' in whom) return refuse(frame, whom.refusal)
    const question = this.read(frame, whom.rest, 'points')
    if ('code' in question) return refuse(frame, strange(frame, question, whom.rest))
    if (whom.member) return personAnswer(frame, whom.member, question, true)
    const { scope, given } = question
    const own = !given.includes('scope') && !given.includes('stage')
    if (own || scope.kind === 'self') return this.own(frame, question, true)
    return this.ranking(frame, text, true)
  }

  async details(frame: Frame, text: string): Promise<string> {
    const whom = whomOf(frame, text)
    if ('refusal' in whom) return refuse(frame, whom.refusal)
    const question = this.read(frame, whom.rest, 'details', whom.member)
    if ('code' in question) return refuse(frame, strange(frame, question, whom.rest))
    const { scope, given, account } = question
    if ((given.includes('scope') && scope.kind !== 'self') || given.includes('of') || given.includes('stage'))
      return refuse(frame, { code: 'records-of-one', params: {} })
    const again = account === undefined ? undefined : this.ctx.roster.member(account)
    const member = again ?? this.self(frame)
    if ('code' in member) return refuse(frame, member)
    const { text: answer, page } = await detailsAnswer(frame, member, question)
    this.pages.note(frame.session, 'details', { question: { ...question, account: member.account }, page })
    return answer
  }

  activation(frame: Frame, text: string): Promise<string> {
    const question = this.read(frame, text, 'activation')
    if ('code' in question) return Promise.resolve(refuse(frame, question))
    // Nobody has a rate of their own.
    const mine = question.scope.kind === 'self' ? ({ kind: 'own-school' } as const) : question.scope
    const target = this.target(frame, { ...question, scope: mine })
    if (target.kind === 'nothing') return Promise.resolve(refuse(frame, target.refusal))
    const scope: StandingQuery['scope'] = target.kind === 'within' ? target.scope : { kind: 'district' }
    return Promise.resolve(activationAnswer(frame, scope, question.stage))
  }

  private own(frame: Frame, question: Question, why: boolean): Promise<string> {
    const member = this.self(frame)
    if ('code' in member) return Promise.resolve(refuse(frame, member))
    return personAnswer(frame, member, question, why)
  }

  private self({ viewer }: Frame): Member | Refusal {
    const member = viewer.account === undefined ? undefined : this.ctx.roster.member(viewer.account)
    return member ?? { code: viewer.grants.length ? 'no-account' : 'not-bound', params: {} }
  }

  private target({ viewer }: Frame, question: Question) {
    return targetOf(question, viewer, (code) => this.ctx.roster.school(code)?.town)
  }

  private read({ say, session, today }: Frame, text: string, about: About, member?: Member): Asked | Refusal {
    const result = this.readers.current.read(text, { today, named: true })
    const whose = member && { account: member.account }
    if (result.ok) return this.pages.resolve(session, about, { ...result.question, ...whose })
    const { code, params } = failure(say, result)
    return { code, params: { ...params, examples: say(key(`examples.${about}`)) } }
  }
}

/** A question that was not understood, with suggestions where there are any. */
function failure(say: Frame['say'], { code, params }: QuestionFailure): Refusal {
  if (!('suggestions' in params)) return { code, params: { ...params } }
  const { given, suggestions } = params
  const names = suggestions.slice(0, 4).join(say(key('and')))
  return { code: names && code !== 'ambiguous-school' ? `${code}-near` : code, params: { given, names } }
}
