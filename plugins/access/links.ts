import { rollback } from '@space-assistant/core/access/outcome'
import type { Context } from 'koishi'
import { chatOf } from './speaker'
import type { ChatRef } from './speaker'
import type { ChatLink } from './table'

type LinkDatabase = Context['database']

/** Ids that are shorter stand for nobody: some clients send placeholders. */
const SHORTEST_UNION = 8

/**
 * Which chat accounts are the same person's where a platform gives one person an id in each group: by a code that the
 * person brought from one chat to the other, or by an id that the platform itself says is the person's everywhere.
 */
export class ChatLinks {
  /** Chats whose union id is stored already. */
  private readonly noted = new Set<string>()

  constructor(private readonly ctx: Context) {}

  /** The chats that count as the speaker's too. */
  async others(who: ChatRef, unionId: string | undefined): Promise<ChatRef[]> {
    const [links, same] = await Promise.all([
      this.ctx.database.get('space_chat_link', { ...who }),
      isUnion(unionId)
        ? this.ctx.database.get('space_chat_union', {
            ...{ platform: who.platform, selfId: who.selfId, unionId },
          })
        : [],
    ])
    const others = [...links.map(ownerOfLink), ...same.map(chatOf)]
    return others.filter((each) => each.userId !== who.userId || each.platform !== who.platform)
  }

  /** Notes by which id the platform knows a person everywhere, of those only whom the bot knows. */
  async noteUnion(who: ChatRef, unionId: string | undefined): Promise<void> {
    const key = JSON.stringify(who)
    if (!isUnion(unionId) || this.noted.has(key)) return
    await this.ctx.database.upsert('space_chat_union', [{ ...who, unionId }])
    this.noted.add(key)
  }

  /** Makes a chat another one's; `place` is where that was, '' in private. Part of the caller's transaction. */
  async join(db: LinkDatabase, who: ChatRef, owner: ChatRef, place: string): Promise<void> {
    if (JSON.stringify(chatOf(who)) === JSON.stringify(chatOf(owner))) rollback('link-same-chat')
    const [known] = await db.get('space_chat_link', { ...who })
    const [own] = await db.get('space_person_link', { ...who })
    const [theirs] = await db.get('space_person_link', { ...owner })
    if (own && own.account !== theirs?.account) rollback('already-bound')
    if (known) rollback(sameOwner(known, owner) ? 'already-yours' : 'already-bound')
    const { platform, selfId, userId } = owner
    const of = { ofPlatform: platform, ofSelfId: selfId, ofUserId: userId }
    await db.create('space_chat_link', { ...who, ...of, place, linkedAt: new Date() })
  }

  /** The chats that a code has made this one's. */
  of(owner: ChatRef): Promise<ChatLink[]> {
    const { platform, selfId, userId } = owner
    return this.ctx.database.get('space_chat_link', {
      ...{ ofPlatform: platform, ofSelfId: selfId, ofUserId: userId },
    })
  }

  /** The chat by which a linked one is known; itself when it is none. */
  async ownerOf(who: ChatRef): Promise<ChatRef> {
    const [link] = await this.ctx.database.get('space_chat_link', { ...who })
    return link ? ownerOfLink(link) : who
  }

  /** Ends that a chat is another one's; whether it was. */
  async leave(who: ChatRef): Promise<boolean> {
    const { removed } = await this.ctx.database.remove('space_chat_link', { ...who })
    return (removed ?? 0) > 0
  }

  /** Ends that any chat is this one's; how many there were. */
  async release(owner: ChatRef): Promise<number> {
    const { platform, selfId, userId } = owner
    const of = { ofPlatform: platform, ofSelfId: selfId, ofUserId: userId }
    const { removed } = await this.ctx.database.remove('space_chat_link', of)
    return removed ?? 0
  }
}

const isUnion = (unionId: string | undefined): unionId is string =>
  unionId !== undefined && unionId.length >= SHORTEST_UNION

const ownerOfLink = ({ ofPlatform, ofSelfId, ofUserId }: ChatLink): ChatRef => ({
  platform: ofPlatform,
  selfId: ofSelfId,
  userId: ofUserId,
})

const sameOwner = (link: ChatLink, owner: ChatRef) =>
  link.ofPlatform === owner.platform && link.ofSelfId === owner.selfId && link.ofUserId === owner.userId
