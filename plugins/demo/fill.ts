import { recordsCsv } from '@space-assistant/core/demo/csv'
import { makeDistrict } from '@space-assistant/core/demo/district'
import * as exports from '@space-assistant/core/demo/exports'
import type { DemoFile } from '@space-assistant/core/demo/exports'
import type { DemoDistrict } from '@space-assistant/core/demo/district'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { dayOf } from '@space-assistant/core/calendar/day'
import { memberRoles } from '@space-assistant/core/scheme/scheme'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-imports'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import words from './words.json'

const staff: Viewer = { grants: [{ kind: 'staff' }], place: { kind: 'private' } }

interface Plan {
  district: DemoDistrict
  scheme: Scheme
  window: Window
}

/** Days that the dirty exports state once more, as a town office sends them late. */
const WEEK = 7

/** Imports the made-up district into an empty database, by the same way that staff's files take. */
export async function fillDemoDistrict(ctx: Context): Promise<void> {
  if (ctx.roster.members().length) return
  const logger = ctx.logger('demo')
  const scheme = ctx.schemes.active
  const district = makeDistrict()
  const until = Math.min(scheme.period.to, dayOf(new Date()) - 1)
  const window = { from: scheme.period.from, to: until }
  for await (const file of filesOf(ctx, { district, scheme, window })) {
    const { name, kind, bytes } = file
    const preview = await ctx.imports.preview({ name, kind, bytes, by: words.by }, staff)
    if (!preview.ok) throw new Error(ctx.imports.explain(preview, 'zh-CN'))
    if (preview.value.nothingNew) {
      logger.info(ctx.i18n.text(['zh-CN'], ['space-demo.known'], { name }))
      continue
    }
    const stored = await ctx.imports.confirm(preview.value.id, staff)
    if (!stored.ok) throw new Error(ctx.imports.explain(stored, 'zh-CN'))
    const { understood, refused } = preview.value
    logger.info(ctx.i18n.text(['zh-CN'], ['space-demo.imported'], { name, understood, refused }))
  }
}

/** Made one after the other, because the platform's report looks at what was imported before it. */
async function* filesOf(ctx: Context, { district, scheme, window }: Plan): AsyncGenerator<DemoFile> {
  yield await exports.rosterExport(district)
  yield exports.schoolsExport(district)
  const text = [...recordsCsv(district, scheme, { window })].join('')
  yield { name: words.records, kind: 'records', bytes: Buffer.from(text), refused: 0 }
  const week = { from: window.to - WEEK + 1, to: window.to }
  yield await exports.recordsExport(district, scheme, { window: week, schools: codes(district, 4, 6) })
  yield exports.oldRecordsExport(district, scheme, { window: week, schools: codes(district, 8, 9) })
  const figures = platformFigures(ctx, { from: window.from, to: window.to - 3 })
  yield await exports.snapshotExport(district, scheme, window.to - 2, figures)
}

function codes({ schools }: DemoDistrict, from: number, to: number): string[] {
  return schools.slice(from, to).map(({ code }) => code)
}

/**
 * The platform's own figures of a third of the members: what the bot counts too, but for the last day, which the
 * platform's report has not seen yet.
 */
function platformFigures({ scoreboard, roster }: Context, window: Window) {
  const listed = new Set(
    roster
      .members()
      .filter((_, index) => index % 3 === 0)
      .map(({ account }) => account),
  )
  return (account: string) => {
    if (!listed.has(account)) return
    const points = memberRoles.flatMap((role) => scoreboard.board.explain(account, { role, window }))
    return points.length
      ? Object.fromEntries(points.map(({ indicator, points }) => [indicator, points]))
      : undefined
  }
}
