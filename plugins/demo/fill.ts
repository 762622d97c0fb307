import { activity } from '@space-assistant/core/demo/activity'
import { recordsCsv } from '@space-assistant/core/demo/csv'
import { makeDistrict } from '@space-assistant/core/demo/district'
import * as exports from '@space-assistant/core/demo/exports'
import type { DemoFile } from '@space-assistant/core/demo/exports'
import type { District } from '@space-assistant/core/demo/district'
import type { Viewer } from '@space-assistant/core/identity/viewer'
import { dayOf } from '@space-assistant/core/scheme/calendar'
import type { Scheme, Window } from '@space-assistant/core/scheme/scheme'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-imports'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import words from './words.json'

const staff: Viewer = { grants: [{ kind: 'staff' }], place: { kind: 'private' } }

/** Days that the dirty exports state once more, as a town office sends them late. */
const WEEK = 7

/** Imports the made-up district into an empty database, by the same way that staff's files take. */
export async function fill(ctx: Context): Promise<void> {
  if (ctx.roster.members().length) return
  const logger = ctx.logger('demo')
  const scheme = ctx.schemes.active
  const district = makeDistrict()
  const until = Math.min(scheme.period.to, dayOf(new Date()) - 1)
  const window = { from: scheme.period.from, to: until }
  for await (const file of filesOf(district, scheme, window)) {
    const { name, kind, bytes } = file
    const preview = await ctx.imports.preview({ name, kind, bytes, by: words.by }, staff)
    if (!preview.ok) throw new Error(ctx.imports.explain(preview, 'zh-CN'))
    if (preview.value.nothingNew) continue
    const stored = await ctx.imports.confirm(preview.value.id, staff)
    if (!stored.ok) throw new Error(ctx.imports.explain(stored, 'zh-CN'))
    const { understood, refused } = preview.value
    logger.info(ctx.i18n.text(['zh-CN'], ['space-demo.imported'], { name, understood, refused }))
  }
}

async function* filesOf(district: District, scheme: Scheme, window: Window): AsyncGenerator<DemoFile> {
  yield await exports.rosterExport(district)
  yield exports.schoolsExport(district)
  const text = [...recordsCsv(district, scheme, { window })].join('')
  yield { name: words.records, kind: 'records', bytes: Buffer.from(text), refused: 0 }
  const week = { from: window.to - WEEK + 1, to: window.to }
  yield await exports.recordsExport(district, scheme, { window: week, schools: codes(district, 4, 6) })
  yield exports.oldRecordsExport(district, scheme, { window: week, schools: codes(district, 8, 9) })
  yield await exports.snapshotExport(
    district,
    scheme,
    window.to - 2,
    platformFigures(district, scheme, window),
  )
}

function codes({ schools }: District, from: number, to: number): string[] {
  return schools.slice(from, to).map(({ code }) => code)
}

/**
 * The platform's own figures, which are never quite those of the bot: here plain counts, as a platform shows them
 * that knows no caps, for a third of the members.
 */
function platformFigures(district: District, scheme: Scheme, { from, to }: Window) {
  const figures = new Map<string, Record<string, number>>()
  for (const day of activity(district, scheme, { window: { from, to: to - 2 } })) {
    for (let at = 0; at < day.length; at++) {
      const member = day.member[at]!
      if (member % 3) continue
      const { name, rule } = scheme.indicators[day.indicator[at]!]!
      const { account } = district.members[member]!
      const own = figures.get(account) ?? {}
      own[name] = (own[name] ?? 0) + (rule.kind === 'action' ? rule.points : 1)
      figures.set(account, own)
    }
  }
  return (account: string) => figures.get(account)
}
