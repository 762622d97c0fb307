import { messageStates } from '@space-assistant/core/delivery/message'
import type { MessageState, FailureReason } from '@space-assistant/core/delivery/message'
import { mayRecall } from '@space-assistant/core/delivery/recall'
import type { RecallState } from '@space-assistant/core/delivery/recall'
import type { Context } from 'koishi'
import type { Receipt } from 'koishi-plugin-space-outbox'
import type { AnnouncementStore } from './store'
import type { AnnouncementRow, AnnouncementTargetRow } from './table'

/** One target's receipt; `state` undefined as long as nothing has been put into the outbox. */
export interface TargetReceipt {
  target: AnnouncementTargetRow
  state: MessageState | undefined
  reason: FailureReason | ''
  /** How its taking back stands; empty when nobody has asked for that. */
  recall: RecallState | ''
  /** Platform messages of it that have arrived although the whole has not. */
  half: number
  /** Whether it could be taken back now. */
  recallable: 'yes' | 'late' | 'unsupported' | 'not-sent'
}

export interface Delivery {
  row: AnnouncementRow
  counts: Record<MessageState, number>
  receipts: TargetReceipt[]
}

/** How far an announcement has come. */
export async function deliveryOf(
  ctx: Context,
  store: AnnouncementStore,
  row: AnnouncementRow,
): Promise<Delivery> {
  const now = Date.now()
  const batch = `announcement/${row.id}`
  const found = row.sentAt ? await ctx.outbox.receipts({ batch }) : []
  const messages = new Map(found.map((receipt) => [receipt.key, receipt]))
  const counts = Object.fromEntries(messageStates.map((state) => [state, 0])) as Record<MessageState, number>
  const receipts = (await store.targets(row.id)).map((target): TargetReceipt => {
    const message = messages.get(`${batch}/${target.number}`)
    if (message) counts[message.state]++
    const { state, reason = '', recall = '' } = message ?? {}
    const recallable = message ? recallableNow(message, now) : 'not-sent'
    return { target, state, reason, recall, recallable, half: message?.sentParts ?? 0 }
  })
  return { row, counts, receipts }
}

function recallableNow({ state, target, messages, settledAt }: Receipt, now: number) {
  if (state !== 'sent') return 'not-sent'
  const { platform } = target
  return mayRecall({ platform, state, messages, settledAt: settledAt?.getTime() ?? 0 }, now)
}

/** Targets of which staff say what became of them, before they say yes. */
export interface UnsettledTargets {
  id: number
  what: 'arrived' | 'resend'
  receipts: TargetReceipt[]
}

/** How many targets an announcement could be taken back from, and how many not. */
export interface RecallableDelivery {
  delivery: Delivery
  arrived: number
  yes: number
  late: number
  unsupported: number
  /** Has not arrived and will not. */
  open: number
  unknown: number
}

export function recallableOf(delivery: Delivery): RecallableDelivery {
  const { receipts, counts } = delivery
  const count = (which: TargetReceipt['recallable']) =>
    receipts.filter(({ recallable, recall }) => recallable === which && (!recall || recall === 'refused'))
      .length
  return {
    delivery,
    ...{ arrived: counts.sent, yes: count('yes'), late: count('late'), unsupported: count('unsupported') },
    ...{ open: counts.pending + counts.leased + counts.parked, unknown: counts.unknown },
  }
}
