import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigError } from '@space-assistant/core/scheme/problem'
import { readTicketRules } from '@space-assistant/core/tickets/rules'
import type { TicketRules } from '@space-assistant/core/tickets/rules'
import type { Context } from 'koishi'

/** config/tickets.yml; a mistake in it throws with file, place, what was given and what is permitted. */
export function readRules(ctx: Context): TicketRules {
  const path = resolve(ctx.baseDir, 'config/tickets.yml')
  const read = readTicketRules(readFileSync(path, 'utf8'), 'config/tickets.yml')
  if (!read.ok) throw new ConfigError(read.problems)
  return read.value
}
