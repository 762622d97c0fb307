import { refKey } from '@space-assistant/core/delivery/channel'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'

/** The groups that support and staff read, as staff have set them; remembered until one is changed. */
export class SupportGroups {
  private known: Promise<{ support: ChannelRef[]; staff: ChannelRef[] }> | undefined

  constructor(private readonly ctx: Context) {
    ctx.on('space/group-changed', () => this.forget())
  }

  /** Another process may have set one. */
  forget(): void {
    this.known = undefined
  }

  /** In the order in which they were set: the first takes new reports. */
  async support(): Promise<ChannelRef[]> {
    return (await this.load()).support
  }

  async staff(): Promise<ChannelRef[]> {
    return (await this.load()).staff
  }

  /** Key of the group for new reports; '' while there is none. Without a support group staff's own takes them. */
  async first(): Promise<string> {
    const { support, staff } = await this.load()
    const [group] = [...support, ...staff]
    return group ? refKey(group) : ''
  }

  /** Whose a group is. */
  async holderOf(key: string): Promise<'support' | 'staff' | 'nobody'> {
    const { support, staff } = await this.load()
    if (support.some((group) => refKey(group) === key)) return 'support'
    return staff.some((group) => refKey(group) === key) ? 'staff' : 'nobody'
  }

  /** Every group that can have tickets, support's before staff's: their place in the list is their number. */
  async all(): Promise<ChannelRef[]> {
    const { support, staff } = await this.load()
    return [...support, ...staff]
  }

  /** The group of a key; the first one when that group is no longer one of these. */
  async find(key: string): Promise<ChannelRef | undefined> {
    const all = await this.all()
    return all.find((group) => refKey(group) === key) ?? all[0]
  }

  private load() {
    this.known ??= this.ctx.access.groups.list().then((rows) => {
      const of = (purpose: string) =>
        rows
          .filter((row) => row.purpose === purpose)
          .sort((a, b) => a.setAt.getTime() - b.setAt.getTime() || (refKey(a) < refKey(b) ? -1 : 1))
          .map(({ platform, selfId, channelId }) => ({ platform, selfId, channelId }))
      return { support: of('support'), staff: of('staff') }
    })
    // A failure is not remembered.
    this.known.catch(() => this.forget())
    return this.known
  }
}
