import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type { Cast } from './cast'

const staff: Viewer = { grants: [{ kind: 'staff' }], place: { kind: 'private' } }

/** Makes people and groups of the web sandbox known when they first say something: each browser is a platform of its own. */
export class Guests {
  private readonly known = new Map<string, Promise<void>>()

  constructor(
    private readonly ctx: Context,
    private readonly cast: Cast,
  ) {}

  async meet({ platform, selfId, userId = '', channelId = '', isDirect }: Session): Promise<void> {
    await this.once(`${platform} user ${userId}`, () => this.play({ platform, selfId, userId }))
    if (isDirect) return
    await this.once(`${platform} group ${channelId}`, async () => {
      await this.ctx.access.groups.set({ platform, selfId, channelId }, { purpose: 'exchange' }, staff)
    })
  }

  /** True for the first one who asks about a browser. */
  isNew(platform: string): boolean {
    const fresh = !this.known.has(platform)
    this.known.set(platform, Promise.resolve())
    return fresh
  }

  private async play(who: { platform: string; selfId: string; userId: string }): Promise<void> {
    const part = this.cast[who.userId]
    if (!part) return
    if (part.kind === 'member') await this.ctx.access.link(who, part.member.account)
    else await this.ctx.access.grants.give(who, { kind: part.kind, label: who.userId, town: part.town })
  }

  private once(key: string, act: () => Promise<void>): Promise<void> {
    const known = this.known.get(key) ?? act()
    this.known.set(key, known)
    return known
  }
}
