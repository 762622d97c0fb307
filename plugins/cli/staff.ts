import { showCode } from '@space-assistant/core/access/code-form'
import { formatMoment } from '@space-assistant/core/calendar/clock'
import { parseArgs } from 'node:util'
import type {} from 'koishi-plugin-space-access'
import { shellViewer, withServices } from './services'
import { text } from './text'

/** `space staff NAME`: a one-time code that makes whoever sends it to the bot in private one of the staff. */
export async function run(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
  const label = positionals.join(' ').trim()
  if (!label) {
    process.stderr.write(`${text('staff-no-name')}\n`)
    return 2
  }
  const outcome = await withServices(['access', 'database'], (ctx) =>
    ctx.access.grants.code({ kind: 'staff', label }, shellViewer),
  )
  if (!outcome.ok) throw new Error(outcome.code)
  const { expiresAt } = outcome.value
  const code = showCode(outcome.value.code)
  process.stdout.write(`${code}\n`)
  process.stderr.write(`${text('staff-code', { label, code, until: formatMoment(expiresAt) })}\n`)
  return 0
}
