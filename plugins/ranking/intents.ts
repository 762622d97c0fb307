import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import type { Intent, IntentOf, IntentWhom } from '@space-assistant/core/understanding/intent'
import { h } from 'koishi'
import type { Session } from 'koishi'
import type { ConversationPart } from 'koishi-plugin-space-conversation'
import type { RankingAnswers } from './answers'
import { comparePlaces, gapTo } from './compare'
import { handOverRanking, rankingDataLine, rankingKey, rankingRefusal } from './frame'
import type { RankingContext } from './frame'
import type { ListPart } from './list'
import { moversAnswer } from './movers'
import { activityAnswer, participationAnswer } from './participation'
import { personAnswer } from './person'
import { isList, questionOf, scopeOfWhom, windowOfIntent } from './question'
import { memberOf } from './whom'
import { placeWithin } from './within'

type Open = (session: Session) => Promise<RankingContext>

/** Answers to every question about places and points. */
export function rankingIntents(
  answers: RankingAnswers,
  open: Open,
): NonNullable<ConversationPart['intents']> {
  const say =
    <I extends Intent>(answer: (frame: RankingContext, intent: I) => Promise<string> | string) =>
    async (session: Session, intent: I) => {
      const frame = await open(session)
      return h.text(await handOverRanking(frame, answer(frame, intent)))
    }
  return {
    ranking: say((frame, intent: IntentOf<'ranking'>) => answerRanking(frame, intent, answers)),
    score: say((frame, intent: IntentOf<'score'>) => answerScore(frame, intent, answers)),
    records: say((frame, intent: IntentOf<'records'>) => answerRecords(frame, intent, answers)),
    gap: async (session, intent) => {
      const frame = await open(session)
      const text = gapTo(frame, intent, answers)
      return text === undefined ? undefined : h.text(await handOverRanking(frame, text))
    },
    compare: say((frame, intent: IntentOf<'compare'>) => comparePlaces(frame, intent, answers)),
    activation: say((frame, { where }: IntentOf<'activation'>) =>
      answers.activation(frame, {
        ...questionOf(frame, { where }),
        given: where === undefined ? [] : ['scope'],
      }),
    ),
    participation: say((frame, { where }: IntentOf<'participation'>) =>
      answerWithin(frame, where, (scope) => participationAnswer(frame, scope), answers),
    ),
    activity: say((frame, { where, from, to }: IntentOf<'activity'>) => {
      const window = windowOfIntent(frame, { from, to })
      return answerWithin(frame, where, (scope) => activityAnswer(frame, scope, window), answers)
    }),
    'data-date': say((frame) => {
      const line = rankingDataLine(frame)
      return line || rankingRefusal(frame, { code: 'no-data', params: {} })
    }),
    page: async (session, { page }) => {
      const shown = answers.pages.lastShown(session)
      if (!shown) return undefined
      const frame = await open(session)
      const wanted = typeof page === 'number' ? page : shown.page + (page === 'next' ? 1 : -1)
      const question = { ...shown.question, page: wanted }
      if (shown.about !== 'details')
        return h.text(await handOverRanking(frame, answers.ranking(frame, question)))
      const member = question.account === undefined ? undefined : frame.ctx.roster.member(question.account)
      return member && h.text(await handOverRanking(frame, answers.records(frame, member, question)))
    },
  }
}

/** The figures of the place that was named, or of the asker's own. */
function answerWithin(
  frame: RankingContext,
  where: IntentOf<'activity'>['where'],
  answer: (scope: StandingQuery['scope']) => string,
  answers: RankingAnswers,
): string {
  const target = answers.target(frame, questionOf(frame, { where }))
  if (target.kind === 'nothing') return rankingRefusal(frame, target.refusal)
  return answer(target.kind === 'within' ? target.scope : { kind: 'district' })
}

async function answerRanking(
  frame: RankingContext,
  intent: IntentOf<'ranking'>,
  answers: RankingAnswers,
): Promise<string> {
  const { show, of, where, within } = intent
  if (of === 'town') return frame.say(rankingKey('no-town-ranking'))
  const question = questionOf(frame, intent)
  if (within !== undefined && question.of === 'school' && !isList(show))
    return placeWithin(frame, { question, answers, within })
  if (show === 'risers' || show === 'fallers') return moversAnswer(frame, { question, answers, show })
  const isOwnPlace = show === 'place' && (of === 'teacher' || of === 'administrator')
  if (isOwnPlace && (where === undefined || where === 'own-school'))
    return answers.own(frame, question, false)
  const part = partOf(show)
  // The places of a school are those of its people; whoever wants the first ones of schools means all of them.
  const wide = part && question.of === 'school' && question.scope.kind === 'own-school'
  const asked = wide ? { ...question, scope: { kind: 'district' as const } } : question
  return answers.ranking(frame, isList(show) ? listed(asked) : asked, { part })
}

/** A list of schools is of the district, also where one's own school is in it. */
function listed(question: ReturnType<typeof questionOf>) {
  const isSchool = question.scope.kind === 'own-school' || question.scope.kind === 'school'
  return question.of === 'school' && isSchool
    ? { ...question, scope: { kind: 'district' as const } }
    : question
}

function partOf(show: IntentOf<'ranking'>['show']): ListPart | undefined {
  const [kind, count] = show?.split(':') ?? []
  if (kind !== 'top' && kind !== 'bottom' && kind !== 'nth') return undefined
  return { kind, count: Number(count) }
}

async function answerScore(
  frame: RankingContext,
  { whom, indicators, from, to }: IntentOf<'score'>,
  answers: RankingAnswers,
): Promise<string> {
  const question = questionOf(frame, { indicators, from, to, where: placeOf(whom) })
  const member = memberOf(frame, whom)
  if (member && 'refusal' in member) return rankingRefusal(frame, member.refusal)
  if (member) return personAnswer(frame, member.member, question, true)
  if (whom === undefined || whom === 'self') return answers.own(frame, question, true)
  return answers.ranking(frame, question, { why: true })
}

async function answerRecords(
  frame: RankingContext,
  { whom, indicators, from, to, page }: IntentOf<'records'>,
  answers: RankingAnswers,
): Promise<string> {
  const question = {
    ...questionOf(frame, { indicators, from, to, page }),
    window: windowOfIntent(frame, { from, to }),
  }
  const named = memberOf(frame, whom)
  if (named && 'refusal' in named) return rankingRefusal(frame, named.refusal)
  if (whom !== undefined && whom !== 'self' && !named)
    return rankingRefusal(frame, { code: 'records-of-one', params: {} })
  const member = named?.member ?? answers.self(frame)
  return 'code' in member ? rankingRefusal(frame, member) : answers.records(frame, member, question)
}

function placeOf(whom: IntentWhom | undefined) {
  if (whom === undefined || whom === 'self' || whom.startsWith('person:')) return undefined
  return scopeOfWhom(whom) && (whom as Exclude<IntentWhom, 'self' | `person:${string}`>)
}
