import { formatDay } from '@space-assistant/core/calendar/day'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import { takesQuota } from '@space-assistant/core/awards/nomination'
import type { NominationState } from '@space-assistant/core/awards/nomination'
import type { QuotaMeter } from '@space-assistant/core/awards/quota'
import type { Award } from '@space-assistant/core/scheme/scheme'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-awards'
import type { OfficeService } from '../office'
import type { OfficeAsker, RouteHandlers } from '../visit'
import { answered, declined } from './answers'
import { awardActor, awardWorded } from './awards'

type NominationRoute = 'nominations' | 'nomination-find' | 'nomination-draft' | 'nomination-act'
type Listed = OfficeAnswer<'nominations'>

const FOUND = 20

/** Nominations as their nominators and staff see them. */
export function nominationRoutes(ctx: Context, office: OfficeService): RouteHandlers<NominationRoute> {
  const { nominations, frame, rounds } = ctx.awards
  return {
    async nominations(asker) {
      const actor = await awardActor(ctx, asker)
      const outcome = await nominations.list(actor)
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      const { state } = await rounds.state()
      const rows: Listed['rows'] = []
      for (const { row, nominee } of outcome.value) {
        const own = nominee !== undefined && (await frame.check(actor, { kind: 'nominate', nominee })).ok
        rows.push({
          ...{ id: row.id, award: row.award, unit: row.unit, state: row.state, own },
          ...{ name: nominee?.name ?? row.nominee, school: nominee?.schoolName ?? '' },
          ...{ remark: row.remark, reason: row.reason },
        })
      }
      return answered({
        deadline: formatDay(nominations.deadline),
        open: state === 'nominating' && asker.today <= nominations.deadline,
        steers: (await frame.check(actor, { kind: 'steer' })).ok,
        awards: frame.awards.filter((award) => frame.rubric(award)).map(({ name }) => name),
        rows,
        meters: metersOf(outcome.value),
      })
    },
    async 'nomination-find'(asker, { award, search }) {
      const known = frame.award(award)
      if (!known) return declined('no-such-award')
      return answered({ rows: await foundFor(ctx, asker, { award: known, search }) })
    },
    async 'nomination-draft'(asker, { award, nominee, remark }) {
      const outcome = await nominations.draft(await awardActor(ctx, asker), { award, nominee, remark })
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      office.events.tell('awards')
      return answered({ id: outcome.value.row.id })
    },
    async 'nomination-act'(asker, input) {
      const outcome = await nominations.act(await awardActor(ctx, asker), input)
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      office.events.tell('awards')
      return answered({ state: outcome.value.row.state })
    },
  }
}

interface NominationLine {
  row: { award: string; state: NominationState }
  meter: QuotaMeter
}

/** How far each quota is used by what is submitted or accepted; those without limit have no meter. */
function metersOf(views: readonly NominationLine[]): Listed['meters'] {
  const meters = new Map<string, Listed['meters'][number]>()
  for (const { row, meter } of views) {
    if (meter.places === undefined) continue
    const key = JSON.stringify([row.award, meter.group])
    const known = meters.get(key) ?? {
      ...{ award: row.award, group: meter.group, places: meter.places, reserve: meter.reserve, used: 0 },
    }
    // A view counts the others of its group and itself; a draft takes no place yet.
    const used = takesQuota(row.state) ? meter.used : meter.used - 1
    meters.set(key, { ...known, used: Math.max(known.used, used) })
  }
  return [...meters.values()]
}

/** Whom the asker may nominate: people or schools of the own unit, by a part of the name. */
async function foundFor(
  ctx: Context,
  asker: OfficeAsker,
  { award, search }: { award: Award; search: string },
): Promise<OfficeAnswer<'nomination-find'>['rows']> {
  const { roster, awards } = ctx
  const codes =
    award.subject === 'school'
      ? roster.findSchools(search).map(({ code }) => code)
      : roster.findMembers(search).flatMap(({ account, state }) => (state === 'active' ? [account] : []))
  const rows: OfficeAnswer<'nomination-find'>['rows'] = []
  for (const code of codes) {
    const nominee = awards.frame.nominee(award, code)
    if (!nominee || rows.length >= FOUND) continue
    const may = await awards.frame.check(await awardActor(ctx, asker), { kind: 'nominate', nominee })
    if (may.ok) rows.push({ code, name: nominee.name, school: nominee.schoolName })
  }
  return rows
}
