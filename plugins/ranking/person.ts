import { figure } from '@space-assistant/core/text/figure'
import { readAside } from '@space-assistant/core/access/aside'
import { decideAccess, nameFor } from '@space-assistant/core/access/visibility'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import type { MemberRole } from '@space-assistant/core/scheme/scheme'
import type { Member } from '@space-assistant/core/roster/member'
import {
  rankingDataLine,
  emptiness,
  isScored,
  joinRankingLines,
  rankingKey,
  rankingRefusal,
  schoolName,
  wholeOf,
  windowText,
} from './frame'
import type { RankingContext } from './frame'
import { reasons } from './reasons'
import { change, what } from './school'
import { compare } from './snapshot'
import { present } from '@space-assistant/core/text/present'

/** A member's score and place per role; `why`: where every point comes from, otherwise who is around. */
export async function personAnswer(
  frame: RankingContext,
  member: Member,
  question: RankingQuestion,
  why: boolean,
): Promise<string> {
  const whose = wholeOf(frame, member)
  const own = frame.viewer.account === member.account
  const decision = decideAccess(
    frame.viewer,
    own ? { kind: 'own-figures' } : { kind: 'member-figures', member: whose },
  )
  if (!decision.allowed) return rankingRefusal(frame, decision)
  const nothing = emptiness(frame, question.window)
  if (nothing) return rankingRefusal(frame, nothing)
  readAside(frame, member.school)
  const name = nameFor(frame.viewer, whose) ?? '*'
  if (member.state !== 'active') return rankingRefusal(frame, { code: 'not-active', params: { name } })
  const roles = member.roles.filter((role) => isScored(frame, role))
  if (roles.length === 0) {
    const role = frame.say(rankingKey(`subject.${present(member.roles[0], 'a role')}`))
    return rankingRefusal(frame, { code: 'not-scored-own', params: { name, role } })
  }
  const parts: string[] = []
  for (const role of roles) {
    parts.push(roleHead(frame, { member, name, role, question }))
    parts.push(
      ...(why ? roleReasons(frame, { member, role, question }) : [around(frame, { member, role, question })]),
    )
  }
  return joinRankingLines([...parts, await platform(frame, member, question), rankingDataLine(frame)])
}

interface Part {
  member: Member
  role: MemberRole
  question: RankingQuestion
}

function queryOf({ role, question }: Part): StandingQuery {
  const { window, indicators } = question
  const { from, to } = window
  const of = role === 'teacher' ? 'teachers' : 'administrators'
  return { of, window: { from, to }, scope: { kind: 'district' }, ...(indicators && { indicators }) }
}

function roleHead(frame: RankingContext, part: Part & { name: string }): string {
  const { ctx, say } = frame
  const { member, role, question, name } = part
  const query = queryOf(part)
  const district = ctx.scoreboard.standing(query)
  const school = ctx.scoreboard.standing({ ...query, scope: { kind: 'school', code: member.school } })
  const place = district.place(member.account)
  const within = school.place(member.account)
  const head = say(rankingKey('person.head'), {
    name,
    school: schoolName(frame, member.school),
    role: say(rankingKey(`subject.${role}`)),
    window: windowText(say, question.window),
    what: what(frame, question),
    score: figure(place?.score ?? 0),
  })
  if (!place || !within) return head
  const ranks = { rank: place.rank, size: district.size, own: within.rank, among: school.size }
  return head + say(rankingKey('person.ranks'), ranks) + change(frame, query, member.account)
}

function roleReasons({ ctx, say }: RankingContext, { member, role, question }: Part): string[] {
  const { window, indicators } = question
  const { from, to } = window
  const query = { role, window: { from, to }, ...(indicators && { indicators }) }
  const lines = reasons(say, ctx.scoreboard.board.explain(member.account, query), window)
  return lines.length ? lines : [say(rankingKey('person.nothing-done'))]
}

/** Who is before and after in the own school: people of other schools are not shown. */
function around(frame: RankingContext, part: Part): string {
  const { ctx, say } = frame
  const { member } = part
  const standing = ctx.scoreboard.standing({
    ...queryOf(part),
    scope: { kind: 'school', code: member.school },
  })
  const places = standing.around(member.account, 1).filter((place) => place.code !== member.account)
  const lines = places.flatMap((place) => {
    const other = ctx.roster.member(place.code)
    const name = other && nameFor(frame.viewer, wholeOf(frame, other))
    return name === undefined
      ? []
      : [say(rankingKey('person.near'), { rank: place.rank, name, score: figure(place.score) })]
  })
  return lines.length ? say(rankingKey('person.around'), { near: lines.join(say(rankingKey('and'))) }) : ''
}

async function platform(
  { ctx, say }: RankingContext,
  member: Member,
  question: RankingQuestion,
): Promise<string> {
  if (question.window.kind !== 'period' || question.indicators) return ''
  const { account } = member
  const snapshot = await ctx.scoreboard.snapshot({ kind: 'member', account })
  if (!snapshot) return ''
  const { board } = ctx.scoreboard
  const window = { from: question.window.from, to: snapshot.day }
  const sum = (indicators?: readonly string[]) =>
    member.roles.reduce((total, role) => {
      return total + board.points(account, { role, window, ...(indicators && { indicators }) })
    }, 0)
  return compare(say, { snapshot, estimate: sum(), of: (indicator) => sum([indicator]) })
}
