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
  route?: Route
  now?: number
  platform?: string
  /** Platform messages by which the newest thing said may still be answered. */
  answers?: number
  refusedNotice: (row: MessageRow) => string
}

/** What goes out as one message: the first row, or a digest of as many as fit where answers are few. */
export function composeMessage(
  rows: readonly MessageRow[],
  occasion: Occasion,
): { rows: MessageRow[]; content: string } {
  const [first] = rows
  if (!first) return { rows: [], content: '' }
  const together = first.routeKind
    ? sameAttempt(rows, first)
    : first.sentParts || first.degraded
      ? []
      : digest(rows, occasion)
  if (together.length < 2) return { rows: [first], content: formOf(first, occasion) }
  return { rows: together, content: markupOf(together.map((row) => contentText(row.content)).join('\n\n')) }
}

/** What the platform refused goes out as plain text, and refused once more as a notice. */
function formOf(row: MessageRow, { refusedNotice }: Occasion): string {
  if (!row.degraded) return row.content
  const text = Number(row.degraded) === 1 ? contentText(row.content) : ''
  return text ? markupOf(text) : refusedNotice(row)
}

/** An open attempt is repeated with all messages that were part of it. */
function sameAttempt(rows: readonly MessageRow[], { routeReply, routeSeq }: MessageRow): MessageRow[] {
  return rows.filter((row) => row.routeReply === routeReply && row.routeSeq === routeSeq)
}

function digest(
  rows: readonly MessageRow[],
  { route, now = 0, platform = '', answers = 0 }: Occasion,
): MessageRow[] {
  if (route?.kind !== 'passive' || route.parts !== undefined) return []
  const waiting = rows.filter(
    (row) => !row.routeKind && !row.sentParts && !row.degraded && row.notBefore <= now && row.expiresAt > now,
  )
  const limit = textLimits[platform as keyof typeof textLimits] ?? textLimits.onebot
  const parked = waiting.map(({ id, content }) => ({
    id,
    text: content.includes('<') ? undefined : contentText(content),
  }))
  const [joined] = joinParked(parked, Math.max(1, answers), limit)
  return waiting.filter(({ id }) => joined?.ids.includes(id))
}
