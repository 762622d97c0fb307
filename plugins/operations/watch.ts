import { h } from 'koishi'
import { dayOf } from '@space-assistant/core/calendar/day'
import { unknownYears } from '@space-assistant/core/calendar/workday'
import { AbsenceBook, orderStaffChats, seemsDeaf } from '@space-assistant/core/delivery/trouble'
import { operator } from '@space-assistant/core/access/viewer'
import type { StaffChat } from '@space-assistant/core/delivery/trouble'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-outbox'
import type {} from 'koishi-plugin-space-schemes'

const ONLINE = 1
/** One sentence about one thing an hour: what goes on and on is not said on and on. */
const AGAIN_MS = 3_600_000
/** Holidays are announced weeks before; told once a day. */
const AHEAD_DAYS = 14
const failures = new Set(['banned', 'auth', 'content', 'expired'])
/** Over by themselves, or no harm: worth a line in the log only. */
const quiet = new Set(['account-online', 'friend-granted'])

export interface TroubleNote {
  /** `platform:selfId`, or `database`. */
  about: string
  what: string
}

/** What is wrong, for `/healthz` and the status command, and told to staff by another way than the broken one. */
export class Watch {
  readonly absences = new AbsenceBook()
  private readonly saidAt = new Map<string, number>()
  private readonly open = new Map<string, TroubleNote>()
  /** The chats of staff as last seen, for when the database cannot be asked. */
  private known: StaffChat[] = []
  private calendarSaidOn: number | undefined
  private readonly log

  constructor(
    private readonly ctx: Context,
    private readonly locale: string,
  ) {
    this.log = ctx.logger('space-operations')
    ctx.on('space/trouble', ({ platform, selfId, what }) => {
      const bot = `${platform}:${selfId}`
      if (what === 'account-online') this.over(bot, 'account-offline')
      void this.note(bot, what)
    })
    ctx.on('space/delivery-alert', ({ bot, reason }) => {
      if (failures.has(reason)) void this.note(bot, `failed-${reason}`)
    })
    ctx.on('bot-status-updated', ({ sid, status }) => {
      if (Number(status) !== ONLINE) return
      for (const what of ['login-refused', 'banned', 'offline']) this.over(sid, what)
    })
  }

  /** What is wrong and not over. */
  get troubles(): TroubleNote[] {
    return [...this.open.values()]
  }

  /** Looks whether connections are away and whether anything can be written. */
  async look(now = Date.now()): Promise<void> {
    const leads = new Set((this.ctx.get('leases')?.awaited() ?? []).map(({ name }) => name))
    for (const { sid, platform = '', selfId = '', status } of this.ctx.bots) {
      // Of several processes only one may be connected there.
      const online = Number(status) === ONLINE || leads.has(`lead:${platform}:${selfId}`)
      if (this.absences.note(sid, online, now)) await this.note(sid, 'offline')
    }
    this.listen(now)
    this.readCalendar(now)
    if (await this.canWrite()) this.over('database', 'cannot-write')
    else await this.note('database', 'cannot-write')
    await this.rememberStaff().catch(() => undefined)
  }

  /** A connection that sends and hears nobody is likely deaf. */
  private listen(now: number): void {
    const outbox = this.ctx.get('outbox')
    for (const { sid, platform } of outbox ? this.ctx.bots : []) {
      if (platform === 'wecom-webhook') continue
      if (outbox && seemsDeaf(outbox.traffic(sid), now)) void this.note(sid, 'deaf')
      else this.over(sid, 'deaf')
    }
  }

  /** Whoever plans by working days must know the holidays, of the coming weeks too. */
  private readCalendar(now: number): void {
    const calendar = this.ctx.get('schemes')?.calendar
    const day = dayOf(new Date(now))
    const [year] = calendar ? unknownYears({ from: day, to: day + AHEAD_DAYS }, calendar) : []
    if (year === undefined) return
    if (this.calendarSaidOn === day) return
    this.calendarSaidOn = day
    void this.note('calendar', 'calendar-unknown', { year })
  }

  /** Whether the database takes a row; a full disk answers questions and stores nothing. */
  async canWrite(): Promise<boolean> {
    const leases = this.ctx.get('leases')
    return leases ? leases.probe().catch(() => false) : true
  }

  over(about: string, what: string): void {
    this.open.delete(`${about} ${what}`)
  }

  private async note(about: string, what: string, params: object = {}): Promise<void> {
    const key = `${about} ${what}`
    const now = Date.now()
    const [platform = ''] = about.split(':')
    this.log[quiet.has(what) ? 'info' : 'error']('%s: %s', platform, what)
    if (!quiet.has(what) && !/granted|left|failed|short|calendar/.test(what))
      this.open.set(key, { about: platform, what })
    if (quiet.has(what) || Math.abs(now - (this.saidAt.get(key) ?? -Infinity)) < AGAIN_MS) return
    this.saidAt.set(key, now)
    await this.tell(about, what, params).catch(() => this.log.error('staff could not be told: %s', what))
  }

  private async tell(about: string, what: string, params: object): Promise<void> {
    const { i18n } = this.ctx
    const [platform = 'other'] = about.split(':')
    const name = i18n.text([this.locale], [`space-operations.platform.${platform}`], {})
    const text = i18n.text([this.locale], [`space-operations.trouble.${what}`], { ...params, platform: name })
    if (what !== 'cannot-write') await this.rememberStaff()
    const chats = orderStaffChats(this.withStates(this.known), about)
    const [first, ...others] = chats
    if (!first) return this.log.error('there is nobody to tell: %s', what)
    // Nothing can be queued: said at once, to the first who can be reached.
    if (what === 'cannot-write') return this.sayNow(chats, text)
    await this.ctx.get('outbox')?.enqueue({
      key: `alert/${about}/${what}/${Math.floor(Date.now() / AGAIN_MS)}`.slice(0, 190),
      ...{
        target: first,
        alternatives: others,
        kind: 'alert',
        priority: 'answer',
        content: text,
        anytime: true,
      },
    })
  }

  private async sayNow(chats: readonly StaffChat[], text: string): Promise<void> {
    for (const { platform, selfId, channelId, online } of chats) {
      const bot = this.ctx.bots.find((each) => each.platform === platform && each.selfId === selfId)
      if (!online || !bot) continue
      const sent = await bot.sendMessage(channelId, h.parse(text)).catch(() => [])
      if (sent.length) return
    }
    this.log.error('staff could not be told at once')
  }

  private withStates(chats: readonly StaffChat[]): StaffChat[] {
    const online = new Set(
      this.ctx.bots.filter(({ status }) => Number(status) === ONLINE).map(({ sid }) => sid),
    )
    return chats.map((chat) => ({ ...chat, online: online.has(`${chat.platform}:${chat.selfId}`) }))
  }

  /** Groups of staff, each of them in private, and webhook bots, which reach a group without any account. */
  private async rememberStaff(): Promise<void> {
    const access = this.ctx.get('access')
    if (!access) return
    const groups = await access.groups.list({ purpose: 'staff' })
    const grants = await access.grants.list(operator)
    const people = grants.ok ? grants.value.filter(({ kind, userId }) => kind === 'staff' && userId) : []
    const webhooks = this.ctx.bots.filter(({ platform }) => platform === 'wecom-webhook')
    this.known = this.withStates([
      ...groups.map(({ platform, selfId, channelId }) => ({ platform, selfId, channelId, online: false })),
      ...people.map(({ platform, selfId, userId }) => ({
        ...{ platform, selfId, channelId: `private:${userId}`, online: false },
      })),
      ...webhooks.map(({ selfId = '' }) => ({
        ...{ platform: 'wecom-webhook', selfId, channelId: selfId, online: false },
      })),
    ])
  }
}
