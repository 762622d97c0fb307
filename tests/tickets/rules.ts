import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigError } from '../../src/scheme/problem'
import { readTicketRules } from '../../src/tickets/rules'
import type { TicketRules } from '../../src/tickets/rules'

export const rulesText = readFileSync(resolve(import.meta.dirname, '../../config/tickets.yml'), 'utf8')

function load(): TicketRules {
  const read = readTicketRules(rulesText, 'config/tickets.yml')
  if (!read.ok) throw new ConfigError(read.problems)
  return read.value
}

/** The rules that the project ships. */
export const rules = load()
