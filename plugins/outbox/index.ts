import type { Anchor, Inbound, ModeChange } from '@space-assistant/core/delivery/channel'

declare module 'koishi' {
  interface Events {
    /** Emitted by the adapters for everything a person says, before anything else sees it. */
    'space/inbound'(inbound: Inbound): void
    /** Emitted by the adapters when an owner's switch was turned, a bot was added or thrown out. */
    'space/channel-mode'(change: ModeChange): void
    /**
     * Asked by parts of which only one may run among all processes on a database (`wecom:BOT`); whoever holds the
     * lease answers `lead`. Nobody listening means a single process, which leads. (Koishi takes false for no answer.)
     */
    'space/lead'(duty: string): Promise<'lead' | 'follow' | undefined> | 'lead' | 'follow' | undefined
  }
}

declare module '@satorijs/protocol' {
  interface SendOptions {
    /** Send as an answer to this; without it (and without a session) the bot speaks first. */
    anchor?: Anchor
  }
}

export const name = 'space-outbox'

export function apply() {}
