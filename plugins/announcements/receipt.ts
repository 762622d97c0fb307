import { formatDay, dayOf, minuteOf } from '@space-assistant/core/scheme/calendar'
import type { Delivery, TargetReceipt } from './delivery'

/** Text of a key below `space-announcements`, in plain form. */
export type Say = (key: string, params?: object) => string

const SHOWN = 20
const known = ['qq', 'onebot', 'wecom', 'wecom-webhook']

/** A platform by the name that people know. */
export function platformText(say: Say, platform: string): string {
  return known.includes(platform) ? say(`platform.${platform}`) : say('platform.other')
}

export function timeText(date: Date): string {
  const minute = minuteOf(date)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${formatDay(dayOf(date))} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** How far an announcement has come, and why some targets have not got it. */
export function progressText(say: Say, delivery: Delivery): string {
  const { receipts } = delivery
  const open = receipts.filter(({ state, target }) => state !== 'sent' || target.recalled)
  return [headline(say, delivery), ...grouped(say, open)].join('\n')
}

/** One line for each target, those without trouble together. */
export function receiptText(say: Say, delivery: Delivery): string {
  const { receipts } = delivery
  const fine = receipts.filter(({ state, target }) => state === 'sent' && !target.recalled)
  const open = receipts.filter((receipt) => !fine.includes(receipt))
  const lines = open
    .slice(0, SHOWN)
    .map((receipt) => say('receipt.line', { group: receipt.target.label, what: reasonText(say, receipt) }))
  const names = fine.slice(0, SHOWN).map(({ target }) => target.label)
  const more = (count: number) => (count > SHOWN ? [say('receipt.more', { count: count - SHOWN })] : [])
  return [
    headline(say, delivery),
    ...lines,
    ...more(open.length),
    ...(fine.length ? [say('receipt.fine', { count: fine.length, groups: names.join(say('and')) })] : []),
    ...more(fine.length),
  ].join('\n')
}

export function headline(say: Say, { row, counts }: Delivery): string {
  const params = { id: row.id, targets: row.targets, time: timeText(new Date(row.dueAt)), ...counts }
  const waiting = counts.pending + counts.leased
  if (row.state === 'sending') {
    const over = waiting + counts.deferred === 0
    return say(over ? 'progress.over' : 'progress.sending', { ...params, waiting })
  }
  if (row.state === 'paused' || row.state === 'cancelled') {
    return say(`progress.${row.state}`, { ...params, waiting })
  }
  return say(`progress.${row.state}`, params)
}

/** Targets with the same trouble share a line. */
function grouped(say: Say, receipts: readonly TargetReceipt[]): string[] {
  const groups = new Map<string, string[]>()
  for (const receipt of receipts) {
    if (!receipt.state) continue
    const what = reasonText(say, receipt)
    groups.set(what, [...(groups.get(what) ?? []), receipt.target.label])
  }
  return [...groups].map(([what, labels]) => {
    const names = labels.slice(0, 5).join(say('and'))
    return say(labels.length > 5 ? 'progress.many' : 'progress.some', { what, names, count: labels.length })
  })
}

/** What became of one target, in words. */
export function reasonText(say: Say, { state, reason, target }: TargetReceipt): string {
  if (target.recalled) return say(`recalled.${target.recalled}`)
  switch (state) {
    case undefined:
      return say('state.not-yet')
    case 'sent':
    case 'leased':
      return say(`state.${state}`)
    case 'deferred':
      return say('state.deferred')
    case 'unknown':
      return say('state.unknown')
    case 'pending':
      return reason ? say('state.retry', { reason: say(`reason.${reason}`) }) : say('state.pending')
    case 'dead':
      return say('state.dead', { reason: say(`reason.${reason || 'server'}`) })
  }
}
