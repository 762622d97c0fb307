import { parseArgs } from 'node:util'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { changedRequirements } from '@space-assistant/core/scheme/change'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { leave, unconfirmed } from './ask'
import { shellViewer, withServices } from './services'
import { text } from './text'

const services = ['schemes', 'roster', 'scoreboard', 'database']

/** `space adopt`: whose scores the rules in config/ would change, and those rules put in force once that is confirmed. */
export function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      'dry-run': { type: 'boolean', default: false },
      yes: { type: 'boolean', short: 'y', default: false },
    },
  })
  return withServices(services, (ctx) => adopt(ctx, values))
}

async function adopt(
  ctx: Context,
  { yes, 'dry-run': dryRun }: { yes: boolean; 'dry-run': boolean },
): Promise<number> {
  const { schemes } = ctx
  const pending = schemes.pending()
  if (pending.kind === 'nothing') return say(text('adopt-nothing', { name: schemes.active.name }))
  if (pending.kind === 'broken') {
    process.stderr.write(`${pending.problems.join('\n')}\n${text('adopt-broken')}\n`)
    return 1
  }
  for (const line of differenceLines(ctx, pending.scheme)) say(line)
  if (dryRun) return say(text('import-dry-run'))
  const reason = await unconfirmed(text('adopt-ask'), yes)
  if (reason) return leave(reason)
  const adopted = await schemes.adopt(pending.key, shellViewer, process.env['USER'] ?? '')
  if (adopted.ok) return say(text('adopt-done', { number: adopted.value.number }))
  process.stderr.write(`${text('adopt-overtaken')}\n`)
  return 1
}

/** Everybody whose points change, as one line each. */
function differenceLines({ schemes, scoreboard, roster }: Context, scheme: Scheme): string[] {
  const { members, schools } = scoreboard.rescorePreview(scheme)
  const people = new Set(members.map(({ account }) => account)).size
  const judged = changedRequirements(schemes.active, scheme)
  const shown = (score: number | null) => (score === null ? '-' : String(Math.round(score * 1e6) / 1e6))
  return [
    text('adopt-title', { name: scheme.name, members: people, schools: schools.length }),
    ...schools.map(({ code, before, after }) => {
      const name = roster.school(code)?.name ?? ''
      return `  ${code} ${name} ${shown(before)} -> ${shown(after)}`
    }),
    ...members.map(({ account, role, before, after }) => {
      const name = roster.member(account)?.name ?? ''
      return `  ${account} ${name} ${text(`role-${role}`)} ${shown(before)} -> ${shown(after)}`
    }),
    ...(judged.length ? [text('adopt-requirements', { indicators: judged.join(', ') })] : []),
  ]
}

function say(line: string): number {
  process.stdout.write(`${line}\n`)
  return 0
}
