import type { Times } from './clockwork'
import type { FileLimits } from './files'

/** The settings of the service, parsed. */
export interface Options {
  /** Folder of attachments. */
  dir: string
  /** Name of the WeCom group robot that gets a copy of every card. */
  webhook: string
  files: FileLimits
  times: Times
  tickSeconds: number
}
