import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { isStaff } from '@space-assistant/core/access/viewer'
import { isPublished } from '@space-assistant/core/awards/round'
import { formatMoment } from '@space-assistant/core/calendar/clock'
import { dayOf, formatDay } from '@space-assistant/core/calendar/day'
import { refKey } from '@space-assistant/core/delivery/channel'
import { phasesOn } from '@space-assistant/core/phases/phase'
import { figure } from '@space-assistant/core/text/figure'
import { h } from 'koishi'
import type {} from 'koishi-plugin-space-announcements'
import type {} from 'koishi-plugin-space-awards'
import type {} from 'koishi-plugin-space-imports'
import type {} from 'koishi-plugin-space-tickets'
import { bulletinListTable, materialListTable } from './papers'
import { exportColumns } from './ask'
import type { ExportAsk, ExportTable, ListContext, ListKind } from './ask'
import { schoolsIn } from './tables'

/** Rows of one file at most. */
const MOST = 5000

/** A list of another part of the bot: that part decides who may have it. */
export function listTable(
  context: ListContext,
  ask: ExportAsk & { kind: ListKind },
): Promise<Outcome<ExportTable>> {
  switch (ask.kind) {
    case 'phases':
      return Promise.resolve(phaseTable(context))
    case 'unbound':
      return unboundTable(context, ask)
    case 'groups':
      return groupTable(context)
    case 'receipts':
      return receiptTable(context, ask)
    case 'unanswered':
      return unansweredTable(context, ask)
    case 'tickets':
      return ticketTable(context)
    case 'nominations':
      return nominationTable(context)
    case 'awards':
      return awardTable(context)
    case 'imports':
      return importTable(context)
    case 'audit':
      return auditTable(context)
    case 'bulletins':
      return bulletinListTable(context)
    case 'materials':
      return materialListTable(context)
  }
}

/** A text of another part of the bot. */
function sayOf({ ctx, locale }: ListContext, path: string): string {
  return h.unescape(ctx.i18n.text([locale], [path], {}))
}

function phaseTable({ ctx, viewer, say }: ListContext): Outcome<ExportTable> {
  const may = ctx.access.check(viewer, { kind: 'school-standing', scope: { kind: 'district' } })
  if (!may.ok) return may
  const states = phasesOn(ctx.schemes.active, dayOf(new Date()))
  const columns = exportColumns(say, {
    ...{ phase: [20, 'text'], from: [12, 'center'], to: [12, 'center'], state: [10, 'center'] },
    todo: [60, 'text'],
  })
  const rows = states.map(({ phase, state }) => {
    const { name, window, todo } = phase
    return [name, formatDay(window.from), formatDay(window.to), say(`phase-state.${state}`), todo]
  })
  return done({ columns, rows })
}

async function unboundTable(
  { ctx, viewer, say }: ListContext,
  ask: ExportAsk,
): Promise<Outcome<ExportTable>> {
  const rows: ExportTable['rows'] = []
  for (const school of schoolsIn(ctx, ask)) {
    const found = await ctx.access.unbound(school.code, viewer)
    if (!found.ok) return found
    for (const { name, roles, subject = '' } of found.value.open) {
      const role = roles.map((each) => say(`role.${each}`)).join(say('and'))
      rows.push([school.name, school.town ?? '', name, role, subject])
    }
  }
  const columns = exportColumns(say, {
    ...{ school: [26, 'text'], town: [12, 'text'], name: [12, 'text'], role: [16, 'text'] },
    subject: [12, 'text'],
  })
  return done({ columns, rows })
}

async function groupTable(context: ListContext): Promise<Outcome<ExportTable>> {
  const { ctx, viewer, say } = context
  const may = ctx.access.check(viewer, { kind: 'groups' })
  if (!may.ok) return may
  const names = await ctx.access.groups.names((path) => sayOf(context, path))
  const rows = (await ctx.access.groups.list()).map((group) => {
    const { platform, selfId, channelId, purpose, school, town } = group
    const of = (school && (ctx.roster.school(school)?.name ?? school)) || town || ''
    const name = names.get(refKey({ platform, selfId, channelId })) ?? ''
    return [name, sayOf(context, `space-access.purpose.${purpose}`), of, platformName(context, platform)]
  })
  const columns = exportColumns(say, {
    ...{ group: [30, 'text'], purpose: [14, 'text'], of: [26, 'text'], platform: [16, 'text'] },
  })
  return done({ columns, rows })
}

const platforms = new Set(['qq', 'onebot', 'wecom', 'wecom-webhook'])

function platformName(context: ListContext, platform: string): string {
  return sayOf(context, `space-announcements.platform.${platforms.has(platform) ? platform : 'other'}`)
}

async function receiptTable(context: ListContext, { number }: ExportAsk): Promise<Outcome<ExportTable>> {
  const { ctx, viewer, say } = context
  const announcements = ctx.get('announcements')
  if (!announcements) return refused('not-here')
  const found = await announcements.sent.progress(viewer, number)
  if (!found.ok) return found.code === 'no-such' && number === undefined ? refused('nothing-sent') : found
  const rows = found.value.receipts.map(({ target, state, reason }) => {
    const why = reason && sayOf(context, `space-announcements.reason.${reason}`)
    return [target.label, platformName(context, target.platform), say(`sending.${state ?? 'none'}`), why]
  })
  const columns = exportColumns(say, {
    ...{ group: [34, 'text'], platform: [16, 'text'], state: [14, 'center'], remark: [40, 'text'] },
  })
  return done({ columns, rows })
}

async function unansweredTable(context: ListContext, { number }: ExportAsk): Promise<Outcome<ExportTable>> {
  const { ctx, viewer, say } = context
  const announcements = ctx.get('announcements')
  if (!announcements) return refused('not-here')
  const found = await announcements.answers.standing(viewer, number)
  if (!found.ok) return found
  const { missing, answered } = found.value
  const placeOf = (code: string) => {
    const school = ctx.roster.school(code)
    return [school?.name ?? code, school?.town ?? '']
  }
  const rows = [
    ...missing.map(({ code }) => [...placeOf(code), say('unanswered'), '', '']),
    ...answered.map(({ school, who, at }) => {
      return [...placeOf(school), say('answered'), who, formatMoment(new Date(Number(at)))]
    }),
  ]
  const columns = exportColumns(say, {
    ...{ school: [30, 'text'], town: [14, 'text'], state: [10, 'center'], who: [14, 'text'] },
    at: [18, 'center'],
  })
  return done({ columns, rows })
}

async function ticketTable(context: ListContext): Promise<Outcome<ExportTable>> {
  const { ctx, viewer, say } = context
  const tickets = ctx.get('tickets')
  if (!tickets) return refused('not-here')
  const found = await tickets.queue({ viewer })
  if (!found.ok) return found
  const categories = new Map(tickets.rules.categories.map(({ id, name }) => [id, name]))
  const rows = found.value.map(
    ({ number, state, urgency, category, title, school, reportedAt, changedAt }) => [
      ...[number, sayOf(context, `space-tickets.state.${state}`), say(`urgency.${urgency}`)],
      ...[categories.get(category) ?? category, title, ctx.roster.school(school)?.name ?? ''],
      ...[formatMoment(reportedAt), formatMoment(changedAt)],
    ],
  )
  const columns = exportColumns(say, {
    ...{ number: [8, 'center'], state: [12, 'center'], urgency: [8, 'center'], category: [14, 'text'] },
    ...{ title: [44, 'text'], school: [26, 'text'], reported: [18, 'center'], changed: [18, 'center'] },
  })
  return done({ columns, rows })
}

async function nominationTable(context: ListContext): Promise<Outcome<ExportTable>> {
  const { ctx, viewer, who, say } = context
  const awards = ctx.get('awards')
  if (!awards) return refused('not-here')
  const found = await awards.nominations.list({ viewer, name: who, chat: undefined })
  if (!found.ok) return found
  const rows = found.value.map(({ row, nominee }) => [
    ...[row.award, nominee?.name ?? row.nominee, nominee?.schoolName ?? '', nominee?.town ?? ''],
    ...[
      ctx.roster.school(row.unit)?.name ?? row.unit,
      sayOf(context, `space-awards.nomination.${row.state}`),
    ],
    ...[row.remark, row.reason],
  ])
  const columns = exportColumns(say, {
    ...{ award: [24, 'text'], nominee: [26, 'text'], school: [26, 'text'], town: [12, 'text'] },
    ...{ unit: [20, 'text'], state: [16, 'center'], remark: [30, 'text'], reason: [30, 'text'] },
  })
  return done({ columns, rows })
}

/** Staff get the boards as they stand until the tally, then what was tallied; everybody else what is published. */
async function awardTable(context: ListContext): Promise<Outcome<ExportTable>> {
  const { ctx, viewer, who, say } = context
  const awards = ctx.get('awards')
  if (!awards) return refused('not-here')
  const actor = { viewer, name: who, chat: undefined }
  const columns = exportColumns(say, {
    ...{ award: [24, 'text'], rank: [8, 'center'], nominee: [26, 'text'], school: [26, 'text'] },
    ...{ score: [12, 'number'], state: [12, 'center'] },
  })
  const { state } = await awards.rounds.state()
  if (!isStaff(viewer) || state === 'tallied' || isPublished(state)) {
    const found = await awards.rounds.results(actor)
    if (!found.ok) return found
    const rows = found.value.map(({ award, place, name, schoolName, score, selected }) => {
      const met = selected === 2 ? null : selected === 1
      return [award, place || null, name, schoolName, score, say(`selected.${String(met)}`)]
    })
    return done({ columns, rows })
  }
  const found = await awards.boards.boards(actor, { count: MOST })
  if (!found.ok) return found
  const rows = found.value.flatMap(({ standing, candidates }) =>
    candidates.map(({ rank, name, school, score, selected }) => [
      ...[standing.award.name, rank, name, ctx.roster.school(school)?.name ?? ''],
      ...[score === null ? null : Number(figure(score)), say(`selected.${String(selected)}`)],
    ]),
  )
  return done({ columns, rows })
}

async function importTable(context: ListContext): Promise<Outcome<ExportTable>> {
  const { ctx, viewer, say } = context
  const imports = ctx.get('imports')
  if (!imports) return refused('not-here')
  const found = await imports.history(viewer, MOST)
  if (!found.ok) return found
  const rows = found.value.map((row) => [
    ...[row.id, formatMoment(row.at), row.by, row.name, say(`file.${row.kind}`), row.firstDay, row.lastDay],
    ...[row.understood, row.refused, say(`import-state.${row.state}`)],
  ])
  const columns = exportColumns(say, {
    ...{ number: [8, 'center'], at: [18, 'center'], who: [14, 'text'], file: [30, 'text'] },
    ...{ 'file-kind': [12, 'text'], from: [12, 'center'], to: [12, 'center'], understood: [10, 'number'] },
    ...{ refused: [10, 'number'], state: [10, 'center'] },
  })
  return done({ columns, rows })
}

/** Imports, exports and steps of the awards together, the newest first. */
async function auditTable(context: ListContext): Promise<Outcome<ExportTable>> {
  const { ctx, viewer, who, say } = context
  const history = await ctx.get('imports')?.history(viewer, MOST)
  const may = ctx.access.check(viewer, { kind: 'import-history' })
  if (!may.ok) return may
  const exported = await ctx.database.get('space_export', {}, { sort: { id: 'desc' }, limit: MOST })
  const steps = await ctx.get('awards')?.log({ viewer, name: who, chat: undefined }, MOST)
  const entries = [
    ...(history?.ok ? history.value : []).flatMap((row) => [
      { at: row.at, who: row.by, act: say('act.import'), what: row.name },
      ...(row.undoneAt
        ? [{ at: row.undoneAt, who: row.undoneBy, act: say('act.undo'), what: row.name }]
        : []),
    ]),
    ...exported.map((row) => ({ at: row.at, who: row.who, act: say('act.export'), what: row.what })),
    ...(steps?.ok ? steps.value : []).map((row) => ({
      ...{ at: new Date(Number(row.at)), who: row.actor },
      ...{ act: sayOf(context, `space-awards.act.${row.act}`), what: row.subject },
    })),
  ]
  const rows = entries
    .sort((a, b) => b.at.getTime() - a.at.getTime())
    .slice(0, MOST)
    .map((row) => [formatMoment(row.at), row.who, row.act, row.what])
  const columns = exportColumns(say, {
    ...{ at: [18, 'center'], who: [16, 'text'], act: [16, 'text'], what: [60, 'text'] },
  })
  return done({ columns, rows })
}
