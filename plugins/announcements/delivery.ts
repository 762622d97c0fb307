import { letterStates } from '@space-assistant/core/delivery/letter'
import type { LetterState, Reason } from '@space-assistant/core/delivery/letter'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-outbox'
import type { AnnouncementStore } from './store'
import type { AnnouncementRow, AnnouncementTargetRow } from './table'

/** One target's receipt; `state` undefined as long as nothing has been put into the outbox. */
export interface TargetReceipt {
  target: AnnouncementTargetRow
  state: LetterState | undefined
  reason: Reason | ''
}

export interface Delivery {
  row: AnnouncementRow
  counts: Record<LetterState, number>
  receipts: TargetReceipt[]
}

/** How far an announcement has come. */
export async function deliveryOf(
  ctx: Context,
  store: AnnouncementStore,
  row: AnnouncementRow,
): Promise<Delivery> {
  const batch = `announcement/${row.id}`
  const found = row.sentAt ? await ctx.outbox.receipts({ batch }) : []
  const letters = new Map(found.map((receipt) => [receipt.key, receipt]))
  const counts = Object.fromEntries(letterStates.map((state) => [state, 0])) as Record<LetterState, number>
  const receipts = (await store.targets(row.id)).map((target): TargetReceipt => {
    const letter = letters.get(`${batch}/${target.number}`)
    if (letter) counts[letter.state]++
    return { target, state: letter?.state, reason: letter?.reason ?? '' }
  })
  return { row, counts, receipts }
}
