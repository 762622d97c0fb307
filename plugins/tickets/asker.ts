import type { Viewer } from '@space-assistant/core/access/viewer'

/** Who speaks, where, and by which message. */
export interface Origin {
  platform: string
  selfId: string
  userId: string
  channelId: string
  isDirect: boolean
  messageId: string
  name: string
}

/** Somebody who asks about tickets. */
export interface Asker {
  origin: Origin
  viewer: Viewer
}
