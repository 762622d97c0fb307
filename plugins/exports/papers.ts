import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { formatMoment } from '@space-assistant/core/calendar/clock'
import { formatDay } from '@space-assistant/core/calendar/day'
import { h } from 'koishi'
import type {} from 'koishi-plugin-space-bulletins'
import type {} from 'koishi-plugin-space-materials'
import { exportColumns } from './ask'
import type { ExportTable, ListContext } from './ask'

/** The bulletins that this viewer may see, the newest first. */
export async function bulletinListTable(context: ListContext): Promise<Outcome<ExportTable>> {
  const { ctx, viewer, say, locale } = context
  const bulletins = ctx.get('bulletins')
  if (!bulletins) return refused('not-here')
  const found = await bulletins.work.list(viewer)
  if (!found.ok) return found
  const moment = (at: number) => (at ? formatMoment(new Date(at)) : '')
  const rows = found.value.map(({ id, title, state, dueAt, dataUntil, publishedAt }) => {
    const path = `space-bulletins.state.${state}`
    const stands = h.unescape(ctx.i18n.text([locale], [path], { time: moment(dueAt) }))
    return [id, title, stands, formatDay(dataUntil), moment(publishedAt)]
  })
  const columns = exportColumns(say, {
    ...{ number: [8, 'center'], title: [60, 'text'], state: [26, 'text'], until: [12, 'center'] },
    published: [18, 'center'],
  })
  return done({ columns, rows })
}

export async function materialListTable({ ctx, viewer, say }: ListContext): Promise<Outcome<ExportTable>> {
  const materials = ctx.get('materials')
  if (!materials) return refused('not-here')
  const found = await materials.list(viewer)
  if (!found.ok) return found
  const rows = found.value.map(({ id, title, phase, ending, bytes, by, at }) => [
    ...[id, title, phase, ending, Math.ceil(bytes / 1024), by, formatMoment(at)],
  ])
  const columns = exportColumns(say, {
    ...{ number: [8, 'center'], title: [44, 'text'], phase: [20, 'text'], 'file-kind': [10, 'center'] },
    ...{ size: [12, 'number'], who: [16, 'text'], at: [18, 'center'] },
  })
  return done({ columns, rows })
}
