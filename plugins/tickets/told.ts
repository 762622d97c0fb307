import type { Effect } from '@space-assistant/core/tickets/event'
import { formatNearMoment } from '@space-assistant/core/calendar/clock'
import type { Context } from 'koishi'
import type { Receipt } from 'koishi-plugin-space-outbox'
import type { House } from './house'
import { post } from './post'
import type { ToldRow } from './table'
import { headOf } from './texts'

/** What is told later than this is news to support when it arrives. */
const lateMs = 3_600_000
const soonMs = 60_000
const outboxKey = (key: string) => `ticket/${key}`

/** What of a message that holds support's words support can see. */
export const toldStates = [
  'waiting',
  'parked',
  'delivered',
  'expired',
  'failed',
  'unknown',
  'retracted',
] as const
export type ToldState = (typeof toldStates)[number]

/** Notes the messages that hold what support has said, in the transaction in which they are handed over. */
export async function rememberTold(
  ctx: Context,
  effects: readonly Effect[],
  { told, at }: { told: readonly string[]; at: Date },
): Promise<void> {
  const rows = effects.flatMap((effect): ToldRow[] => {
    if (effect.kind !== 'tell-reporter' || !told.includes(effect.key)) return []
    if (!effect.message && effect.news !== 'resolved') return []
    const [ticket = 0, version = 0] = effect.key.split('/').map(Number)
    return [{ key: effect.key, ticket, version, at, outcome: '' }]
  })
  if (rows.length) await ctx.database.upsert('space_ticket_told', rows)
}

/** Takes back what was told by one version; how many messages have arrived or may have. */
export async function recallTold(
  ctx: Context,
  { ticket, version }: { ticket: number; version: number },
): Promise<number> {
  const rows = await ctx.database.get('space_ticket_told', { ticket, version })
  let read = 0
  for (const { key } of rows) {
    read += await ctx.outbox.recall({ key: outboxKey(key) })
    await ctx.database.set('space_ticket_told', { key }, { outcome: 'retracted' })
  }
  return read
}

/** How each of a ticket's answers stands, by the version that gave it; the least settled of several messages counts. */
export async function toldStatesOf(ctx: Context, ticket: number): Promise<Map<number, ToldState>> {
  const rows = await ctx.database.get('space_ticket_told', { ticket })
  const states = new Map<number, ToldState>()
  for (const row of rows) {
    const state = row.outcome === 'retracted' ? 'retracted' : await stateOf(ctx, row.key)
    const known = states.get(row.version)
    if (!known || known === 'delivered') states.set(row.version, state)
  }
  return states
}

async function stateOf(ctx: Context, key: string): Promise<ToldState> {
  const [receipt] = await ctx.outbox.receipts({ key: outboxKey(key) })
  return receipt ? stateOfReceipt(receipt) : 'delivered'
}

function stateOfReceipt({ state, reason }: Receipt): ToldState {
  switch (state) {
    case 'sent':
      return 'delivered'
    case 'unknown':
      return 'unknown'
    case 'parked':
      return 'parked'
    case 'failed':
      return reason === 'expired' ? 'expired' : 'failed'
    case 'pending':
    case 'leased':
      return 'waiting'
  }
}

/** Tells support, once, of answers that nobody has read after all, and of those that arrived long after they were given. */
export async function followTold(house: House): Promise<void> {
  const { ctx } = house
  for (const row of await ctx.database.get('space_ticket_told', { outcome: '' })) {
    const [receipt] = await ctx.outbox.receipts({ key: outboxKey(row.key) })
    const outcome = receipt ? outcomeOf(row, receipt) : 'delivered'
    if (!outcome) continue
    await ctx.database.withTransaction(async () => {
      const { matched } = await ctx.database.set(
        'space_ticket_told',
        { key: row.key, outcome: '' },
        { outcome },
      )
      if (matched && outcome !== 'delivered' && outcome !== 'retracted')
        await tellSupport(house, { row, outcome, receipt })
    })
  }
}

function outcomeOf({ at }: ToldRow, receipt: Receipt): ToldRow['outcome'] {
  const { settledAt } = receipt
  switch (stateOfReceipt(receipt)) {
    case 'delivered':
      return settledAt && settledAt.getTime() - at.getTime() > lateMs ? 'late' : 'delivered'
    case 'expired':
      return 'expired'
    case 'failed':
      return receipt.reason === 'cancelled' ? 'retracted' : 'failed'
    default:
      return ''
  }
}

async function tellSupport(
  { ctx, say, rules, groups, store }: House,
  {
    row,
    outcome,
    receipt,
  }: { row: ToldRow; outcome: 'late' | 'expired' | 'failed'; receipt: Receipt | undefined },
): Promise<void> {
  const [ticket] = await store.rows({ number: row.ticket })
  if (!ticket || ticket.state === 'erased') return
  const target = await groups.find(ticket.group)
  if (!target) return
  // What failed at once was said to whoever answered.
  const settled = receipt?.settledAt?.getTime() ?? Date.now()
  if (outcome === 'failed' && settled - row.at.getTime() < soonMs) return
  const text = say(`told.${outcome}`, {
    head: headOf(say, rules, ticket),
    given: formatNearMoment(row.at),
  })
  await post(ctx, [{ key: `${row.key}/told/${outcome}`, target, text }])
}
