import { formatDay } from '@space-assistant/core/calendar/day'
import type { Refusal } from '@space-assistant/core/access/outcome'
import { decideAccess } from '@space-assistant/core/access/visibility'
import type { AccessRequest, AccessScope } from '@space-assistant/core/access/visibility'
import { pictureWindowText } from './ask'
import type { PictureAnswer, PictureAsk, PictureContext } from './ask'
import { drawList } from './list'
import { drawPlace } from './place'
import { drawReportCard } from './report-card'
import { drawTrend } from './trend'

export type PictureOutcome = { ok: true; value: PictureAnswer } | ({ ok: false } & Refusal)

/** What a picture shows to this viewer in this place, or why there is none. Asks who may know it. */
export function answerPicture(context: PictureContext, ask: PictureAsk): PictureOutcome {
  const decision = decideAccess(context.viewer, questionOf(context, ask))
  if (!decision.allowed) return { ok: false, code: decision.code, params: decision.params }
  const nothing = noData(context, ask)
  if (nothing) return { ok: false, ...nothing }
  const answer = draw(context, ask, decision)
  if (answer) return { ok: true, value: answer }
  const { code = '' } = ask
  const school = context.ctx.roster.school(code)?.name ?? code
  return { ok: false, code: 'not-ranked', params: { school } }
}

function draw(context: PictureContext, ask: PictureAsk, decision: Parameters<typeof drawList>[2]) {
  switch (ask.kind) {
    case 'list':
      return drawList(context, ask, decision)
    case 'place':
      return drawPlace(context, ask)
    case 'trend':
      return drawTrend(context, ask)
    case 'card':
      return drawReportCard(context, ask)
  }
}

function questionOf({ ctx }: PictureContext, { kind, of, scope, code }: PictureAsk): AccessRequest {
  const placed = (school: string): AccessScope => {
    const town = ctx.roster.school(school)?.town
    return { kind: 'school', school, ...(town !== undefined && { town }) }
  }
  if (kind !== 'list') return { kind: 'school-figures', scope: placed(code ?? '') }
  const where = scope.kind === 'school' ? placed(scope.code) : scope
  return { kind: of === 'school' ? 'school-standing' : 'member-standing', scope: where }
}

function noData(context: PictureContext, ask: PictureAsk): Refusal | undefined {
  const { dataUntil } = context.ctx.scoreboard
  if (dataUntil === undefined) return { code: 'no-data', params: {} }
  if (ask.window.from <= dataUntil) return undefined
  const window = pictureWindowText(context, ask)
  return { code: 'no-data-window', params: { window, until: formatDay(dataUntil) } }
}
