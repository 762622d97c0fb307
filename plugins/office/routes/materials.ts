import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-materials'
import type { OfficeAsker, RouteHandlers, RouteOutcome } from '../visit'
import { worded } from '../visit'
import { answered } from './answers'

type MaterialRoute = 'materials' | 'material-file' | 'material-remove'

/** Files for everybody who takes part, by the service of the chat. */
export function materialRoutes(ctx: Context): RouteHandlers<MaterialRoute> {
  const { materials } = ctx
  const refused = <T>(asker: OfficeAsker, outcome: RouteOutcome<T>) =>
    worded(ctx, asker, { outcome, from: 'space-materials.refusal' })
  return {
    async materials(asker) {
      const found = await materials.list(asker.viewer)
      if (!found.ok) return refused(asker, found)
      return answered({
        removes: ctx.access.check(asker.viewer, { kind: 'announce' }).ok,
        rows: found.value.map(({ id, title, phase, ending, bytes, at }) => ({
          ...{ id, title, phase, ending, bytes, at: at.toISOString() },
        })),
      })
    },
    async 'material-file'(asker, { id }) {
      const found = await materials.get(asker.viewer, String(id))
      if (!found.ok) return refused(asker, found)
      const { row, bytes } = found.value
      return answered({ name: `${row.title}.${row.ending}`, base64: Buffer.from(bytes).toString('base64') })
    },
    async 'material-remove'(asker, { id }) {
      const found = await materials.remove(asker.viewer, id)
      return found.ok ? answered({}) : refused(asker, found)
    },
  }
}
