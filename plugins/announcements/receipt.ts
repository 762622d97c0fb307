import type { Translate } from '@space-assistant/core/text/translate'
import { formatDay, dayOf, minuteOf } from '@space-assistant/core/calendar/day'
import type { Delivery, RecallableDelivery, TargetReceipt } from './delivery'

const SHOWN = 20
const known = ['qq', 'onebot', 'wecom', 'wecom-webhook']

/** A platform by the name that people know. */
export function platformText(say: Translate, platform: string): string {
  return known.includes(platform) ? say(`platform.${platform}`) : say('platform.other')
}

export function timeText(date: Date): string {
  const minute = minuteOf(date)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${formatDay(dayOf(date))} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** How far an announcement has come, why some targets have not got it, and what happens next. */
export function progressText(say: Translate, delivery: Delivery): string {
  const open = delivery.receipts.filter((receipt) => !isFine(receipt))
  return [headline(say, delivery), ...grouped(say, delivery.row.id, open)].join('\n')
}

/** One line for each target, those without trouble together. */
export function receiptText(say: Translate, delivery: Delivery): string {
  const { receipts, row } = delivery
  const fine = receipts.filter(isFine)
  const open = receipts.filter((receipt) => !isFine(receipt))
  const lines = open.slice(0, SHOWN).map((receipt) => {
    return say('receipt.line', { group: receipt.target.label, what: reasonText(say, row.id, receipt) })
  })
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

const isFine = ({ state, recall }: TargetReceipt) => state === 'sent' && !recall

export function headline(say: Translate, { row, counts, receipts }: Delivery): string {
  const params = { id: row.id, targets: row.targets, time: timeText(new Date(row.dueAt)), ...counts }
  const waiting = counts.pending + counts.leased
  if (row.state === 'sending') {
    const over = waiting + counts.parked === 0
    return say(over ? 'progress.over' : 'progress.sending', { ...params, waiting })
  }
  if (row.state === 'cancelled' && receipts.some(({ recall }) => recall)) {
    const of = (...states: string[]) => receipts.filter(({ recall }) => states.includes(recall)).length
    const [running, gone] = [of('asked', 'begun'), of('done')]
    const left = receipts.filter(({ recall }) => recall).length - running - gone
    return say(running ? 'progress.recalling' : 'progress.recalled', { ...params, gone, left, running })
  }
  return say(`progress.${row.state}`, { ...params, waiting })
}

/** Targets with the same trouble share a line. */
function grouped(say: Translate, id: number, receipts: readonly TargetReceipt[]): string[] {
  const groups = new Map<string, string[]>()
  for (const receipt of receipts) {
    if (!receipt.state) continue
    const what = reasonText(say, id, receipt)
    groups.set(what, [...(groups.get(what) ?? []), receipt.target.label])
  }
  return [...groups].map(([what, labels]) => {
    const names = labels.slice(0, 5).join(say('and'))
    return say(labels.length > 5 ? 'progress.many' : 'progress.some', { what, names, count: labels.length })
  })
}

/** What became of one target, in words, and what happens or is to be done next. */
function reasonText(say: Translate, id: number, { state, reason, recall, target }: TargetReceipt): string {
  if (recall) return say(`recall.${recall}`)
  const params = { id, reason: reason && say(`reason.${reason}`) }
  switch (state) {
    case undefined:
      return say('state.not-yet')
    case 'sent':
    case 'leased':
      return say(`state.${state}`)
    case 'parked':
      return say(target.platform === 'qq' ? 'state.parked' : 'state.parked-unspoken')
    case 'unknown':
      return say('state.unknown', params)
    case 'pending':
      if (!reason) return say('state.pending')
      return say(`retry.${waits.has(reason) ? reason : 'other'}`, params)
    case 'failed':
      return say(`failed.${ends.has(reason) ? reason : 'other'}`, params)
  }
}

/** Failures after which something of their own follows; the others share a sentence. */
const waits = new Set<string>(['muted', 'rate', 'auth', 'banned'])
const ends = new Set<string>(['gone', 'down', 'content', 'expired', 'cancelled'])

/** What taking an announcement back would come to; `number` confirms it. */
export function recallText(
  say: Translate,
  { delivery, yes, late, unsupported, open, unknown, arrived }: RecallableDelivery,
  number: number,
): string {
  const { id } = delivery.row
  const parts = [
    say('recall-preview.head', { id, arrived }),
    say(yes ? 'recall-preview.yes' : 'recall-preview.none', { count: yes }),
    late ? say('recall-preview.late', { count: late }) : '',
    unsupported ? say('recall-preview.unsupported', { count: unsupported }) : '',
    open ? say('recall-preview.open', { count: open }) : '',
    unknown ? say('recall-preview.unknown', { count: unknown }) : '',
    say(yes || open ? 'recall-preview.how-to' : 'recall-preview.instead', { number }),
  ]
  return parts.filter(Boolean).join('\n')
}
