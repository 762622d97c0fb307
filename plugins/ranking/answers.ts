import { strangerRefusal } from '@space-assistant/core/access/visibility'
import type { Refusal } from '@space-assistant/core/access/outcome'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import type { Member } from '@space-assistant/core/roster/member'
import { activationAnswer } from './activation'
import { detailsAnswer } from './details'
import { rankingRefusal } from './frame'
import type { RankingContext, RankingServices } from './frame'
import { listAnswer } from './list'
import type { ListPart } from './list'
import type { Asked, Pages } from './pages'
import { personAnswer } from './person'
import { answerSchoolRanking } from './school'
import { targetOf } from './scope'

/** A question becomes an answer, however it was asked. */
export class RankingAnswers {
  constructor(
    private readonly ctx: RankingServices,
    readonly pages: Pages,
  ) {}

  async ranking(
    frame: RankingContext,
    question: RankingQuestion,
    { why = false, part }: { why?: boolean; part?: ListPart | undefined } = {},
  ): Promise<string> {
    const target = this.target(frame, question)
    if (target.kind === 'nothing') return rankingRefusal(frame, target.refusal)
    if (target.kind === 'self') return this.own(frame, question, why)
    if (question.of === 'school' && target.scope.kind === 'school') {
      return answerSchoolRanking(frame, target.scope.code, { question, why })
    }
    const { text, page } = listAnswer(frame, question, target.scope, part)
    if (!part) this.pages.note(frame.session, 'ranking', { question, page })
    return text
  }

  /** The asker's own points; where others read along, in private. */
  async own(frame: RankingContext, question: RankingQuestion, why: boolean): Promise<string> {
    const member = this.self(frame)
    if ('code' in member) return rankingRefusal(frame, member)
    return personAnswer(frame, member, question, why)
  }

  async records(frame: RankingContext, member: Member, question: Asked): Promise<string> {
    const { text, page } = await detailsAnswer(frame, member, question)
    this.pages.note(frame.session, 'details', { question: { ...question, account: member.account }, page })
    return text
  }

  activation(frame: RankingContext, question: RankingQuestion): string {
    const target = this.target(frame, question)
    if (target.kind === 'nothing') return rankingRefusal(frame, target.refusal)
    const scope: StandingQuery['scope'] = target.kind === 'within' ? target.scope : { kind: 'district' }
    return activationAnswer(frame, scope, question.stage)
  }

  self({ viewer }: RankingContext): Member | Refusal {
    const member = viewer.account === undefined ? undefined : this.ctx.roster.member(viewer.account)
    return member ?? { code: viewer.grants.length ? 'no-account' : strangerRefusal(viewer), params: {} }
  }

  target({ viewer }: RankingContext, question: RankingQuestion) {
    return targetOf(question, viewer, (code) => this.ctx.roster.school(code)?.town)
  }
}
