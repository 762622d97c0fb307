import { readCannedAnswers } from '@space-assistant/core/tickets/canned'
import type { CannedAnswer } from '@space-assistant/core/tickets/canned'
import { ConfigError } from '@space-assistant/core/scheme/problem'
import { readTicketRules } from '@space-assistant/core/tickets/rules'
import type { TicketRules } from '@space-assistant/core/tickets/rules'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-schemes'

/** config/tickets.yml; a mistake in it throws with file, place, what was given and what is permitted. */
export function readRules(ctx: Context): TicketRules {
  const file = 'config/tickets.yml'
  const [source] = ctx.schemes.texts(/^tickets\.yml$/)
  if (!source) throw new ConfigError([{ file, path: '', code: 'no-such-file', params: {} }])
  const read = readTicketRules(source.text, source.file)
  if (!read.ok) throw new ConfigError(read.problems)
  return read.value
}

/** config/answers.yml; without the file there are no canned answers. */
export function readAnswers(ctx: Context): CannedAnswer[] {
  const [source] = ctx.schemes.texts(/^answers\.yml$/)
  if (!source) return []
  const read = readCannedAnswers(source.text, source.file)
  if (!read.ok) throw new ConfigError(read.problems)
  return read.value
}
