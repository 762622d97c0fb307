import { decideAccess } from '@space-assistant/core/access/visibility'
import { dayOf, instantOf } from '@space-assistant/core/calendar/day'
import type { House } from './house'
import { tellStaff } from './nobody'
import type { Asker } from './asker'
import { ticketPersonKey } from './rows'

const megabyte = 2 ** 20

const midnightOf = (now: Date) => instantOf(dayOf(now), 0)

/** Whether somebody has reported as often today as anybody may. */
export async function hasReportedEnough(house: House, person: string, now: Date): Promise<boolean> {
  const { ctx, rules, store } = house
  const links = await ctx.database.get(
    'space_ticket_person',
    { person, position: 0 },
    {
      limit: rules.quota.reports,
      sort: { ticket: 'desc' },
    },
  )
  if (links.length < rules.quota.reports) return false
  const numbers = links.map(({ ticket }) => ticket)
  const today = await store.rows({ number: numbers, reportedAt: { $gte: midnightOf(now) } })
  return today.length >= rules.quota.reports
}

/** Whether a report has been added to as often today as it may be. */
export async function hasRepliedEnough(house: House, ticket: number, now: Date): Promise<boolean> {
  const events = await house.store.events([ticket])
  const since = midnightOf(now)
  return events.filter(({ kind, at }) => kind === 'reply' && at >= since).length >= house.rules.quota.replies
}

/** Why no attachment of somebody is kept now; support's own are, as long as there is room. */
export async function fullFor(
  house: House,
  asker: Asker,
  now: Date,
): Promise<'quota' | 'folder-full' | undefined> {
  const { ctx, rules } = house
  const [all] = await ctx.bulk.rows<{ total: number | null }>(
    'SELECT SUM(size) AS total FROM space_ticket_file',
  )
  if (Number(all?.total ?? 0) >= rules.quota.folder * megabyte) {
    await tellStaff(house, {
      key: `folder/${dayOf(now)}`,
      text: house.say('folder-full', { limit: rules.quota.folder }),
    })
    return 'folder-full'
  }
  if (decideAccess(asker.viewer, { kind: 'tickets' }).allowed) return undefined
  const links = await ctx.database.get('space_ticket_person', { person: ticketPersonKey(asker.origin) }, [
    'ticket',
  ])
  if (!links.length) return undefined
  const numbers = links.map(({ ticket }) => ticket)
  const files = await ctx.database.get(
    'space_ticket_file',
    { ticket: numbers, at: { $gte: midnightOf(now) } },
    ['size'],
  )
  const used = files.reduce((sum, { size }) => sum + size, 0)
  return used >= rules.quota.megabytes * megabyte ? 'quota' : undefined
}
