import { decide, nameFor } from '@space-assistant/core/identity/visibility'
import { formatDay } from '@space-assistant/core/scheme/calendar'
import type { Question } from '@space-assistant/core/ranking/question'
import type { Member } from '@space-assistant/core/scoring/member'
import { dataLine, emptiness, joined, key, pageLine, refuse, wholeOf, windowText } from './frame'
import type { Frame } from './frame'

const pageSize = 12

/** The records behind a member's points, newest first. */
export async function detailsAnswer(
  frame: Frame,
  member: Member,
  question: Question,
): Promise<{ text: string; page: number }> {
  const { ctx, say, viewer } = frame
  const whose = wholeOf(frame, member)
  const own = viewer.account === member.account
  const decision = decide(viewer, own ? { kind: 'own-figures' } : { kind: 'member-records', member: whose })
  if (!decision.allowed) return { text: refuse(frame, decision), page: 1 }
  const nothing = emptiness(frame, question.window)
  if (nothing) return { text: refuse(frame, nothing), page: 1 }
  const { from, to } = question.window
  const known = await ctx.scoreboard.records(member.account, { window: { from, to } })
  const wanted = question.indicators
  const records = wanted ? known.filter((record) => wanted.includes(record.indicator)) : known
  const name = nameFor(viewer, whose) ?? '*'
  const window = windowText(say, question.window)
  if (!records.length)
    return { text: joined([say(key('details.none'), { name, window }), dataLine(frame)]), page: 1 }
  const pages = Math.ceil(records.length / pageSize)
  const page = Math.min(Math.max(Number(question.page), 1), pages)
  const lines = records.slice((page - 1) * pageSize, page * pageSize).map((record) => {
    const { indicator, count, minute, day, valid } = record
    const time = minute === undefined ? '' : ` ${clock(minute)}`
    const params = { day: formatDay(day), time, indicator, count }
    return say(key(valid ? 'details.line' : 'details.invalid'), params)
  })
  const text = joined([
    say(key('details.head'), { name, window, count: records.length }),
    ...lines,
    pageLine(say, 'details', { page, pages }),
    dataLine(frame),
  ])
  return { text, page }
}

function clock(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}
