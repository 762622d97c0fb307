import type { WorkClock } from '@space-assistant/core/calendar/working-hours'
import type { TicketRules } from '@space-assistant/core/tickets/rules'
import type { Context } from 'koishi'
import type { Files } from './files'
import type { SupportGroups } from './groups'
import type { OpenReports } from './open'
import type { TicketStore } from './store'
import type { Translate } from '@space-assistant/core/text/translate'

/** What every part of the service works with. */
export interface House {
  ctx: Context
  rules: TicketRules
  clock: WorkClock
  store: TicketStore
  files: Files
  groups: SupportGroups
  open: OpenReports
  /** Text of what leaves by itself. */
  say: Translate
  /** Name of the WeCom group robot that gets a copy of every card; '' for none. */
  webhook: string
}
