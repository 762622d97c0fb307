import { figure } from '@space-assistant/core/text/figure'
import { readAside } from '@space-assistant/core/access/aside'
import { decideAccess, nameFor } from '@space-assistant/core/access/visibility'
import type { Standing, StandingPlace } from '@space-assistant/core/ranking/standing'
import type { IntentOf } from '@space-assistant/core/understanding/intent'
import type { RankingAnswers } from './answers'
import {
  emptiness,
  gapText,
  isScored,
  joinRankingLines,
  rankingDataLine,
  rankingKey,
  rankingRefusal,
  schoolName,
  windowText,
  wholeOf,
} from './frame'
import type { RankingContext } from './frame'
import { questionOf } from './question'
import { queryOf } from './school'
import { memberOf } from './whom'

/** How far one is from another place; undefined for what somebody else answers. */
export function gapTo(
  frame: RankingContext,
  { whom, to, indicators, since, until }: IntentOf<'gap'>,
  answers: RankingAnswers,
): string | undefined {
  if (to.startsWith('award:')) return undefined
  const window = { from: since, to: until }
  const persons = to.startsWith('person:') || whom === 'self' || (whom?.startsWith('person:') ?? false)
  if (persons) return gapBetweenPersons(frame, { whom, to, indicators, window }, answers)
  const where = whom === undefined || whom.startsWith('person:') ? 'own-school' : whom
  const question = questionOf(frame, { where: where as 'own-school', indicators, ...window })
  const target = answers.target(frame, question)
  if (target.kind === 'nothing') return rankingRefusal(frame, target.refusal)
  if (target.kind !== 'within' || target.scope.kind !== 'school')
    return rankingRefusal(frame, { code: 'gap-of-one', params: {} })
  const { code } = target.scope
  const decision = decideAccess(frame.viewer, {
    kind: 'school-figures',
    scope: { kind: 'school', school: code },
  })
  if (!decision.allowed) return rankingRefusal(frame, decision)
  const nothing = emptiness(frame, question.window)
  if (nothing) return rankingRefusal(frame, nothing)
  const standing = frame.ctx.scoreboard.standing(queryOf(question))
  const own = standing.place(code)
  if (!own) return rankingRefusal(frame, { code: 'not-ranked', params: { school: schoolName(frame, code) } })
  const other = otherPlace(standing, own, to)
  const head = frame.say(rankingKey('gap.head'), { window: windowText(frame.say, question.window) })
  if (!other) return noOther(frame, own, to)
  return joinRankingLines([head + gapLine(frame, own, other), rankingDataLine(frame)])
}

interface PersonGap {
  whom: IntentOf<'gap'>['whom']
  to: IntentOf<'gap'>['to']
  indicators: IntentOf<'gap'>['indicators']
  window: { from?: string | undefined; to?: string | undefined }
}

/** Among the people of one school only: others are not shown. */
function gapBetweenPersons(
  frame: RankingContext,
  { whom, to, indicators, window }: PersonGap,
  answers: RankingAnswers,
): string {
  const named = memberOf(frame, whom)
  if (named && 'refusal' in named) return rankingRefusal(frame, named.refusal)
  const member = named?.member ?? answers.self(frame)
  if ('code' in member) return rankingRefusal(frame, member)
  const whose = wholeOf(frame, member)
  const own = frame.viewer.account === member.account
  const decision = decideAccess(
    frame.viewer,
    own ? { kind: 'own-figures' } : { kind: 'member-figures', member: whose },
  )
  if (!decision.allowed) return rankingRefusal(frame, decision)
  const question = questionOf(frame, { where: 'own-school', of: 'teacher', indicators, ...window })
  const nothing = emptiness(frame, question.window)
  if (nothing) return rankingRefusal(frame, nothing)
  readAside(frame, member.school)
  const role = member.roles.find((each) => isScored(frame, each))
  if (!role) return rankingRefusal(frame, { code: 'nobody-ranked', params: {} })
  const standing = frame.ctx.scoreboard.standing({
    ...queryOf(question),
    of: role === 'teacher' ? 'teachers' : 'administrators',
    scope: { kind: 'school', code: member.school },
  })
  const place = standing.place(member.account)
  const other = memberOf(frame, to.startsWith('person:') ? (to as `person:${string}`) : undefined)
  if (other && 'refusal' in other) return rankingRefusal(frame, other.refusal)
  const against = other ? standing.place(other.member.account) : place && otherPlace(standing, place, to)
  if (!place) return rankingRefusal(frame, { code: 'nobody-ranked', params: {} })
  if (!against) return noOther(frame, shown(frame, place), to)
  return joinRankingLines([
    gapLine(frame, shown(frame, place), shown(frame, against)),
    rankingDataLine(frame),
  ])
}

/** A person's place under the name that may be shown. */
function shown(frame: RankingContext, place: StandingPlace): StandingPlace {
  const member = frame.ctx.roster.member(place.code)
  return { ...place, name: (member && nameFor(frame.viewer, wholeOf(frame, member))) ?? '*' }
}

function otherPlace(
  standing: Standing,
  own: StandingPlace,
  to: IntentOf<'gap'>['to'],
): StandingPlace | undefined {
  if (to === 'previous') return standing.ahead(own.code)?.place
  if (to === 'next') {
    const after = standing
      .entries(0, standing.size)
      .find(({ rank, score }) => rank > own.rank && score < own.score)
    return after
  }
  if (to === 'first') return own.rank === 1 ? undefined : standing.entries(0, 1)[0]
  if (to.startsWith('rank:')) return standing.entries(Number(to.slice('rank:'.length)) - 1, 1)[0]
  return to.startsWith('school:') ? standing.place(to.slice('school:'.length)) : undefined
}

function noOther({ say }: RankingContext, own: StandingPlace, to: string): string {
  const key = to === 'next' ? 'gap.is-last' : own.rank === 1 ? 'gap.is-first' : 'gap.no-other'
  return say(rankingKey(key), { name: own.name, rank: own.rank, score: figure(own.score) })
}

function gapLine({ say }: RankingContext, own: StandingPlace, other: StandingPlace): string {
  const params = {
    ...{ name: own.name, rank: own.rank, score: figure(own.score) },
    ...{ other: other.name, otherRank: other.rank, otherScore: figure(other.score) },
  }
  if (own.score === other.score) return say(rankingKey('gap.equal'), params)
  const gap = gapText(say, own.score, other.score)
  return say(rankingKey(own.score < other.score ? 'gap.behind' : 'gap.ahead'), { ...params, gap })
}

/** Schools or people side by side, the best first. */
export function comparePlaces(
  frame: RankingContext,
  { schools = [], towns = [], persons = [], indicators, from, to }: IntentOf<'compare'>,
  answers: RankingAnswers,
): string {
  if (towns.length) return frame.say(rankingKey('no-town-ranking'))
  const question = questionOf(frame, { where: 'district', indicators, from, to })
  const nothing = emptiness(frame, question.window)
  if (nothing) return rankingRefusal(frame, nothing)
  if (persons.length) return comparePersons(frame, persons, { question, answers })
  const decision = decideAccess(frame.viewer, { kind: 'school-standing', scope: { kind: 'district' } })
  if (!decision.allowed) return rankingRefusal(frame, decision)
  const standing = frame.ctx.scoreboard.standing(queryOf(question))
  const codes = schools.length > 1 ? schools : [...ownSchool(frame, answers), ...schools]
  const places = [...new Set(codes)].flatMap((code) => standing.place(code) ?? [])
  return comparison(frame, places, windowText(frame.say, question.window))
}

function ownSchool(frame: RankingContext, answers: RankingAnswers): string[] {
  const target = answers.target(frame, questionOf(frame, { where: 'own-school' }))
  return target.kind === 'within' && target.scope.kind === 'school' ? [target.scope.code] : []
}

function comparePersons(
  frame: RankingContext,
  names: readonly string[],
  { question, answers }: { question: ReturnType<typeof questionOf>; answers: RankingAnswers },
): string {
  const own = names.length < 2 ? answers.self(frame) : undefined
  if (own && 'code' in own) return rankingRefusal(frame, own)
  const members = own ? [own] : []
  for (const name of names) {
    const found = memberOf(frame, `person:${name}`)
    if (found && 'refusal' in found) return rankingRefusal(frame, found.refusal)
    if (found) members.push(found.member)
  }
  const [school, ...others] = new Set(members.map((member) => member.school))
  readAside(frame, others.length ? undefined : school)
  const standing = frame.ctx.scoreboard.standing({ ...queryOf(question), of: 'teachers' })
  const places = members
    .flatMap(({ account }) => standing.place(account) ?? [])
    .map((place) => shown(frame, place))
  return comparison(frame, places, windowText(frame.say, question.window))
}

function comparison(frame: RankingContext, places: readonly StandingPlace[], window: string): string {
  const { say } = frame
  const [best, second] = [...places].sort((a, b) => b.score - a.score)
  if (!best || !second) return rankingRefusal(frame, { code: 'nothing-to-compare', params: {} })
  const lines = [...places]
    .sort((a, b) => b.score - a.score)
    .map(({ name, rank, score }) => say(rankingKey('compare.line'), { name, rank, score: figure(score) }))
  const verdict =
    best.score === second.score
      ? say(rankingKey('compare.equal'))
      : say(rankingKey('compare.higher'), { name: best.name, gap: gapText(say, best.score, second.score) })
  return joinRankingLines([
    say(rankingKey('gap.head'), { window }) + verdict,
    ...lines,
    rankingDataLine(frame),
  ])
}
