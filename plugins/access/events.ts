import type {} from 'koishi'
import type { ChatRef, GroupRef, RequestView } from './speaker'
import type { BindRequest } from './table'

declare module 'koishi' {
  interface Events {
    /** A chat account has become a member's; `requested` when somebody confirmed it. */
    'space/bound'(who: ChatRef, account: string, requested: boolean): void
    /** A request was confirmed or refused. */
    'space/request-decided'(request: BindRequest): void
    /** Somebody has asked to be taken for a member. */
    'space/binding-requested'(request: RequestView): void
    /** A chat has become another one's by a code; `place` is the group where that was, '' in private. */
    'space/linked'(owner: ChatRef, who: ChatRef, place: string): void
    /** So many wrong codes came within an hour that somebody seems to guess. */
    'space/codes-guessed'(): void
    /** A group has got another purpose or organisation, or none. */
    'space/group-changed'(group: GroupRef): void
  }
}
