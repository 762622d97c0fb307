import { formatMinute } from '@space-assistant/core/calendar/clock'
import { formatDay, minuteOf, mondayOf } from '@space-assistant/core/calendar/day'
import type { Translate } from '@space-assistant/core/text/translate'
import type { AudiencePreview, DayPreview, OccasionPreview } from './preview'

const SHOWN_EXAMPLES = 3

/** A day's preview as lines. */
export function dayPreviewLines(say: Translate, { day, held, messages, occasions }: DayPreview): string[] {
  const from = mondayOf(day)
  const note = held ? [say('preview.held', { from: formatDay(from), to: formatDay(from + 6) })] : []
  const parts = occasions.flatMap((occasion) => occasionLines(say, occasion, day))
  return [...note, ...parts, ...(messages ? [say('preview.together', { messages })] : [])]
}

function occasionLines(say: Translate, occasion: OccasionPreview, day: number): string[] {
  const { kind, phase = '', daysLeft = 0, due, run, audiences } = occasion
  const key = kind === 'phase-deadline' && daysLeft === 0 ? 'phase-last-day' : kind
  const params = { day: formatDay(day), time: formatMinute(minuteOf(due)), phase, left: daysLeft }
  const examples = audiences.flatMap(({ audience, example }) =>
    example ? [say('preview.example', { audience: say(`audience.${audience}`), text: example })] : [],
  )
  return [
    say(`preview.${key}`, params),
    ...(run ? [say(`preview.${run.state}`, { time: formatMinute(minuteOf(run.at)), told: run.told })] : []),
    ...audiences.flatMap((one) => audienceLines(say, one)),
    ...examples,
  ]
}

function audienceLines(say: Translate, { audience, told, silent, reasons }: AudiencePreview): string[] {
  const head = say('preview.told', { audience: say(`audience.${audience}`), told, silent })
  if (!reasons.length) return [head]
  const parts = [...reasons]
    .sort((a, b) => b.count - a.count)
    .map(({ reason, count, names }) =>
      say('preview.reason', {
        reason: say(`reason.${reason}`),
        count,
        examples: names.slice(0, SHOWN_EXAMPLES).join(say('and')),
      }),
    )
  const unreached = reasons.find(({ reason }) => reason === 'no-channel')
  const lines = [head, say('preview.reasons', { reasons: parts.join(say('and')) })]
  if (!unreached || unreached.count <= SHOWN_EXAMPLES) return lines
  const names = unreached.names.join(say('and'))
  const key = unreached.count > unreached.names.length ? 'unreachable-more' : 'unreachable'
  return [...lines, say(`preview.${key}`, { names, count: unreached.count })]
}
