import { joinParked } from '@space-assistant/core/delivery/digest'
import { textLimits } from '@space-assistant/core/delivery/split'
import { markupOf, contentText } from './content'
import type { Route } from '@space-assistant/core/delivery/message'
import type { MessageRow } from './table'

/** The order in which a conversation's messages go out. */
export function inOrder(a: MessageRow, b: MessageRow): number {
  return (
    b.priority - a.priority || a.createdAt - b.createdAt || a.position - b.position || (a.id < b.id ? -1 : 1)
  )
}

interface Occasion {
  route: Route
  now: number
  platform: string
  /** Answers that may still be given to the newest message. */
  answers: number
}

/** What goes out as one message: the first message, or a digest of as many as fit where answers are few. */
export function gather(
  rows: readonly MessageRow[],
  occasion: Occasion,
): { rows: MessageRow[]; content: string } {
  const first = rows[0]!
  const content = first.degraded ? markupOf(contentText(first.content)) : first.content
  const together = first.routeKind ? sameAttempt(rows, first) : digest(rows, occasion)
  if (together.length < 2) return { rows: [first], content }
  return { rows: together, content: markupOf(together.map((row) => contentText(row.content)).join('\n\n')) }
}

/** An open attempt is repeated with all messages that were part of it. */
function sameAttempt(rows: readonly MessageRow[], { routeReply, routeSeq }: MessageRow): MessageRow[] {
  return rows.filter((row) => row.routeReply === routeReply && row.routeSeq === routeSeq)
}

function digest(rows: readonly MessageRow[], { route, now, platform, answers }: Occasion): MessageRow[] {
  if (route.kind !== 'passive') return []
  const waiting = rows.filter((row) => !row.routeKind && row.notBefore <= now && row.expiresAt > now)
  const limit = textLimits[platform as keyof typeof textLimits] ?? textLimits.onebot
  const parked = waiting.map(({ id, content }) => ({
    id,
    text: content.includes('<') ? undefined : contentText(content),
  }))
  const [joined] = joinParked(parked, Math.max(1, answers), limit)
  return waiting.filter(({ id }) => joined?.ids.includes(id))
}
