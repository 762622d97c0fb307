import type { TicketTimes } from './clockwork'
import type { AttachmentLimits } from './files'

/** The settings of the service, parsed. */
export interface TicketOptions {
  /** Folder of attachments. */
  dir: string
  /** Name of the WeCom group robot that gets a copy of every card. */
  webhook: string
  files: AttachmentLimits
  times: TicketTimes
  tickSeconds: number
}
