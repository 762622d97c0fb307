import { formatMinute } from '@space-assistant/core/calendar/clock'
import { readAside } from '@space-assistant/core/access/aside'
import { decideAccess, nameFor } from '@space-assistant/core/access/visibility'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import type { Member } from '@space-assistant/core/roster/member'
import {
  rankingDataLine,
  emptiness,
  joinRankingLines,
  rankingKey,
  pageLine,
  rankingRefusal,
  wholeOf,
  windowText,
} from './frame'
import type { RankingContext } from './frame'

const pageSize = 12

/** The records behind a member's points, newest first. */
export async function detailsAnswer(
  frame: RankingContext,
  member: Member,
  question: RankingQuestion,
): Promise<{ text: string; page: number }> {
  const { ctx, say } = frame
  const whose = wholeOf(frame, member)
  const own = frame.viewer.account === member.account
  const decision = decideAccess(
    frame.viewer,
    own ? { kind: 'own-figures' } : { kind: 'member-records', member: whose },
  )
  if (!decision.allowed) return { text: rankingRefusal(frame, decision), page: 1 }
  const nothing = emptiness(frame, question.window)
  if (nothing) return { text: rankingRefusal(frame, nothing), page: 1 }
  const { from, to } = question.window
  const known = await ctx.scoreboard.records(member.account, { window: { from, to } })
  const wanted = question.indicators
  const records = wanted ? known.filter((record) => wanted.includes(record.indicator)) : known
  readAside(frame, member.school)
  const name = nameFor(frame.viewer, whose) ?? '*'
  const window = windowText(say, question.window)
  if (!records.length)
    return {
      text: joinRankingLines([say(rankingKey('details.none'), { name, window }), rankingDataLine(frame)]),
      page: 1,
    }
  const pages = Math.ceil(records.length / pageSize)
  const page = Math.min(Math.max(Number(question.page), 1), pages)
  const lines = records.slice((page - 1) * pageSize, page * pageSize).map((record) => {
    const { indicator, count, minute, day, valid } = record
    const time = minute === undefined ? '' : ` ${formatMinute(minute)}`
    const params = { day: formatDay(day), time, indicator, count }
    return say(rankingKey(valid ? 'details.line' : 'details.invalid'), params)
  })
  const text = joinRankingLines([
    say(rankingKey('details.head'), { name, window, count: records.length }),
    ...lines,
    pageLine(say, 'details', { page, pages }),
    rankingDataLine(frame),
  ])
  return { text, page }
}
