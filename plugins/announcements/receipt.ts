import type { Translate } from '@space-assistant/core/text/translate'
import { formatDay, dayOf, minuteOf } from '@space-assistant/core/calendar/day'
import { cutPage } from '@space-assistant/core/delivery/named'
import { words } from './command'
import type { Delivery, RecallableDelivery, TargetReceipt } from './delivery'

const SHOWN = 20
/** Where groups of one fate share a line there is room for more. */
const GROUPED = 40
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
export function progressText(say: Translate, delivery: Delivery, page = 1): string {
  const { id } = delivery.row
  const open = cutPage(
    delivery.receipts.filter((receipt) => !isFine(receipt)),
    page,
    GROUPED,
  )
  return [
    headline(say, delivery),
    ...grouped(say, id, open.items),
    ...footer(say, { ...open, id, word: words.progress[0] ?? '' }),
  ].join('\n')
}

function footer(
  say: Translate,
  { page, pages, id, word }: { page: number; pages: number; id: number; word: string },
): string[] {
  if (pages === 1) return []
  const params = { page, pages, id, word, next: page + 1 }
  return [say(page < pages ? 'receipt.next' : 'receipt.last', params)]
}

/** One line for each target, those without trouble together. */
export function receiptText(say: Translate, delivery: Delivery, page = 1): string {
  const { receipts, row } = delivery
  const ordered = [...receipts.filter((receipt) => !isFine(receipt)), ...receipts.filter(isFine)]
  const shown = cutPage(ordered, page, SHOWN)
  const lines = shown.items
    .filter((receipt) => !isFine(receipt))
    .map((receipt) => {
      return say('receipt.line', { group: receipt.target.label, what: reasonText(say, row.id, receipt) })
    })
  const names = shown.items.filter(isFine).map(({ target }) => target.label)
  const count = receipts.filter(isFine).length
  return [
    headline(say, delivery),
    ...lines,
    ...(names.length ? [say('receipt.fine', { count, groups: names.join(say('and')) })] : []),
    ...footer(say, { ...shown, id: row.id, word: words.receipts[0] ?? '' }),
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
    return say('progress.some', { what, names: labels.join(say('and')) })
  })
}

/** What became of one target, in words, and what happens or is to be done next. */
export function reasonText(say: Translate, id: number, receipt: TargetReceipt): string {
  const what = stateText(say, id, receipt)
  // Another attempt sends the rest only; whoever looks into the group sees a beginning.
  return receipt.half && receipt.state !== 'sent' ? say('state.half', { what, count: receipt.half }) : what
}

function stateText(say: Translate, id: number, { state, reason, recall, target }: TargetReceipt): string {
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
