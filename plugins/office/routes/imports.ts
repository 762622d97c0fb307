import { decideAccess } from '@space-assistant/core/access/visibility'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import type { PageImportPreview } from '@space-assistant/core/office/contract/imports'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-imports'
import type { Change, ImportRow, Preview } from 'koishi-plugin-space-imports'
import type { OfficeService } from '../office'
import type { OfficeAsker, RouteHandlers, RouteOutcome } from '../visit'
import { answered, declined } from './answers'

type ImportRoute = 'imports' | 'import-confirm' | 'import-discard' | 'import-undo'
type Line = OfficeAnswer<'imports'>['rows'][number]

const PROBLEMS = 50
const HISTORY = 100

/** Files that staff bring, by the same service as in the chat and on the command line. */
export function importRoutes(ctx: Context, office: OfficeService): RouteHandlers<ImportRoute> {
  return {
    async imports({ viewer }) {
      const found = await ctx.imports.history(viewer, HISTORY)
      return found.ok ? answered({ rows: found.value.map(lineOf) }) : found
    },
    async 'import-confirm'(asker, { id }) {
      const stored = await ctx.imports.confirm(id, asker.viewer)
      if (stored.ok) office.events.tell('imports')
      return stored.ok ? answered(lineOf(stored.value)) : explained(ctx, asker, stored)
    },
    'import-discard': ({ viewer }, { id }) => {
      const may = decideAccess(viewer, { kind: 'import' })
      if (!may.allowed) return Promise.resolve(declined(may.code, may.params))
      ctx.imports.discard(id)
      return Promise.resolve(answered({}))
    },
    async 'import-undo'(asker, { id }) {
      const undone = await ctx.imports.undo(id, asker.viewer)
      if (undone.ok) office.events.tell('imports')
      return undone.ok ? answered(lineOf(undone.value)) : explained(ctx, asker, undone)
    },
  }
}

/** Looks at a file that came in. */
export async function previewFile(
  ctx: Context,
  asker: OfficeAsker,
  file: { name: string; bytes: Uint8Array; progress: (rows: number) => void },
): Promise<RouteOutcome<PageImportPreview>> {
  const preview = await ctx.imports.preview(file, asker.viewer)
  return preview.ok ? answered(previewLine(asker, preview.value)) : explained(ctx, asker, preview)
}

function explained(
  ctx: Context,
  { locale }: OfficeAsker,
  refusal: Extract<RouteOutcome<never>, { ok: false }>,
): Extract<RouteOutcome<never>, { ok: false }> {
  if (refusal.code === 'staff-only' || refusal.code === 'not-bound') return refusal
  return { ...refusal, text: ctx.imports.explain(refusal, locale) }
}

function previewLine({ locale }: OfficeAsker, preview: Preview): PageImportPreview {
  const { id, name, kind, understood, refused, problems, nothingNew, until } = preview
  return {
    ...{ id, name, kind, understood, refused, nothingNew, until: until.toISOString() },
    problems: problems.slice(0, PROBLEMS).map((problem) => describeRowProblem(problem, locale)),
    change: changeLines(preview.change).filter(({ count }) => count > 0),
  }
}

function changeLines(change: Change): PageImportPreview['change'] {
  switch (change.kind) {
    case 'roster': {
      const { members, schools } = change
      return [
        { what: 'added', count: members.added },
        { what: 'changed', count: members.changed },
        { what: 'moved', count: members.moved },
        { what: 'schools-added', count: schools.added },
        { what: 'schools', count: schools.changed },
      ]
    }
    case 'records':
      return [
        { what: 'added', count: change.added },
        { what: 'replaced', count: change.replaced },
        { what: 'repeated', count: change.repeated },
        { what: 'members', count: change.members },
      ]
    case 'snapshot':
      return [
        { what: 'added', count: change.added },
        { what: 'replaced', count: change.replaced },
        { what: 'members', count: change.members },
        { what: 'schools', count: change.schools },
      ]
  }
}

function lineOf(row: ImportRow): Line {
  const { id, kind, name, understood, refused, changed, firstDay, lastDay, by, at, state } = row
  return {
    ...{ id, kind, name, understood, refused, changed, firstDay, lastDay, by },
    at: at.toISOString(),
    undone: state === 'undone',
  }
}
