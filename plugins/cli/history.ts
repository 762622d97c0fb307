import { formatMoment } from '@space-assistant/core/calendar/clock'
import { parseArgs } from 'node:util'
import type { ImportRow } from 'koishi-plugin-space-imports'
import { shellViewer, withServices } from './services'
import { locale, text } from './text'

const MOST = 1000

/** `space history`: every import, the newest first. */
export function run(args: string[]): Promise<number> {
  parseArgs({ args, options: {} })
  return withServices(['imports', 'database'], async (ctx) => {
    const history = await ctx.imports.history(shellViewer, MOST)
    if (!history.ok) throw new Error(ctx.imports.explain(history, locale))
    const lines = history.value.length ? history.value.map(lineOf) : [text('history-none')]
    process.stdout.write(`${lines.join('\n')}\n`)
    return 0
  })
}

function lineOf({ id, at, kind, scheme, name, understood, by, state }: ImportRow): string {
  const params = {
    id,
    at: formatMoment(at),
    kind: text(`kind-${kind}`),
    name,
    understood,
    by: by || '-',
    scheme: scheme || '-',
  }
  return text(`history-${state}`, params)
}
