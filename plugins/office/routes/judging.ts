import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-awards'
import type { Awards } from 'koishi-plugin-space-awards'
import type { OfficeService } from '../office'
import type { OfficeAsker, RouteHandlers } from '../visit'
import { answered } from './answers'
import { awardActor, awardSayer, awardWorded } from './awards'
import { personOf } from './tickets'

type JudgingRoute =
  | 'sheets'
  | 'sheet-change'
  | 'judging'
  | 'judge-add'
  | 'judge-conflict'
  | 'judging-assign'
  | 'objections'
  | 'objection-file'
  | 'objection-step'

type OwnSheets = Extract<Awaited<ReturnType<Awards['judging']['ownSheets']>>, { ok: true }>['value']

/** A judge's own sheets, panel and progress for staff, and objections. */
export function judgingRoutes(ctx: Context, office: OfficeService): RouteHandlers<JudgingRoute> {
  const { awards } = ctx
  return {
    async sheets(asker) {
      const own = await awards.judging.ownSheets(await awardActor(ctx, asker))
      if (!own.ok)
        return own.code === 'not-on-panel'
          ? answered({ open: false, onPanel: false, rows: [] })
          : awardWorded(ctx, asker, own)
      const { state } = await awards.rounds.state()
      return answered({
        open: state === 'judging',
        onPanel: true,
        rows: own.value.map((one) => sheetOf(ctx, asker, one)),
      })
    },
    async 'sheet-change'(asker, { award, nominee, ...change }) {
      const actor = await awardActor(ctx, asker)
      const outcome = await awards.judging.change(actor, { award, nominee }, change)
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      office.events.tell('awards')
      return answered(sheetOf(ctx, asker, outcome.value))
    },
    async judging(asker) {
      const outcome = await awards.judging.progress(await awardActor(ctx, asker))
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      const { judges, short, severity } = outcome.value
      const { state } = await awards.rounds.state()
      return answered({
        state,
        judges,
        short: short.map((one) => ({ ...one, nominee: nomineeName(ctx, one.nominee) })),
        severity,
      })
    },
    async 'judge-add'(asker, { name, unit, account }) {
      const outcome = await awards.panel.add(await awardActor(ctx, asker), {
        ...{ name, unit },
        ...(account !== undefined && { account }),
      })
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      office.events.tell('awards')
      return answered({})
    },
    async 'judge-conflict'(asker, input) {
      const outcome = await awards.panel.declareConflict(await awardActor(ctx, asker), input)
      return outcome.ok ? answered({}) : awardWorded(ctx, asker, outcome)
    },
    async 'judging-assign'(asker, input) {
      const outcome = await awards.judging.assign(await awardActor(ctx, asker), input)
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      if (input.apply) office.events.tell('awards')
      const loads = new Map<string, number>()
      for (const { sheets } of outcome.value) {
        for (const [judge, nominees] of sheets) loads.set(judge, (loads.get(judge) ?? 0) + nominees.length)
      }
      return answered({
        loads: [...loads].map(([judge, count]) => ({ judge, count })),
        short: outcome.value.flatMap(({ short }) =>
          short.map((one) => ({ ...one, nominee: nomineeName(ctx, one.nominee) })),
        ),
      })
    },
    async objections(asker) {
      const outcome = await awards.objections.list(await awardActor(ctx, asker))
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      return answered({
        rows: outcome.value.map(({ id, name, contact, content, state, answer, createdAt }) => ({
          ...{ id, name, contact, content, state, answer, at: new Date(Number(createdAt)).toISOString() },
        })),
      })
    },
    async 'objection-file'(asker, input) {
      const { platform, selfId, channelId } = personOf(ctx, asker)
      const outcome = await awards.objections.object(await awardActor(ctx, asker), {
        ...input,
        ...{ platform, selfId, channelId },
      })
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      return answered({ id: outcome.value.id })
    },
    async 'objection-step'(asker, input) {
      const outcome = await awards.objections.step(await awardActor(ctx, asker), input)
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      office.events.tell('awards')
      return answered({})
    },
  }
}

function nomineeName({ roster }: Context, code: string): string {
  return roster.member(code)?.name ?? roster.school(code)?.name ?? code
}

function sheetOf(
  ctx: Context,
  asker: OfficeAsker,
  { row, nominee, criteria, points, conflict }: OwnSheets[number],
): OfficeAnswer<'sheet-change'> {
  return {
    ...{ number: row.number, award: row.award, nominee: row.nominee, state: row.state, edit: row.edit },
    ...{ name: nominee.name, school: nominee.account === undefined ? '' : nominee.schoolName },
    criteria: criteria.map(({ name, max, text }) => ({ name, max, text })),
    points: [...points],
    conflict: conflict ? awardSayer(ctx, asker)(`conflict.${conflict}`) : '',
  }
}
