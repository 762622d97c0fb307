import type { WorkClock } from '@space-assistant/core/tickets/hours'
import type { TicketRules } from '@space-assistant/core/tickets/rules'
import type { Context } from 'koishi'
import type { Files } from './files'
import type { Groups } from './groups'
import type { OpenReports } from './open'
import type { TicketStore } from './store'
import type { Say } from './texts'

/** What every part of the service works with. */
export interface House {
  ctx: Context
  rules: TicketRules
  clock: WorkClock
  store: TicketStore
  files: Files
  groups: Groups
  open: OpenReports
  /** Text of what leaves by itself. */
  say: Say
  /** Name of the WeCom group robot that gets a copy of every card; '' for none. */
  webhook: string
}
