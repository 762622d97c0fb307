import { silencedBy, defaultSettings } from '@space-assistant/core/nudges/settings'
import type { NudgeSettings } from '@space-assistant/core/nudges/settings'
import { subjectsOf } from '@space-assistant/core/nudges/plan'
import { operator } from '@space-assistant/core/access/viewer'
import type { Candidate, Office } from '@space-assistant/core/nudges/candidate'
import { refKey } from '@space-assistant/core/delivery/channel'
import type { ChannelCapability } from '@space-assistant/core/delivery/capability'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type { KnownNudge, Subject } from '@space-assistant/core/nudges/nudge'
import type { Occasion } from '@space-assistant/core/nudges/occasion'
import type { Context } from 'koishi'
import type { ChatRef, GrantRow, GroupRow } from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-outbox'
import { chatKey, reminderGroupKey, memberKey } from './settings'
import type { Settings } from './settings'
import { present } from '@space-assistant/core/text/present'

/** Where somebody is told, best first, and whether others read along. */
export interface ReminderAddress {
  to: ChannelRef
  alternatives: ChannelRef[]
  place: 'private' | 'group'
}

/** What is known of a subject, with the chat to speak into. */
export type Reach = KnownNudge & { mailbox?: ReminderAddress }

export type LookUp = (candidate: Candidate, subject: Subject) => Reach

/** The private chat of a chat account. */
export const privateChat = ({ platform, selfId, userId }: ChatRef): ChannelRef => ({
  ...{ platform, selfId },
  channelId: `private:${userId}`,
})

const refOf = ({ platform, selfId, channelId }: GroupRow): ChannelRef => ({ platform, selfId, channelId })

/** The chats in which people and groups are told, as of one moment. */
export class Directory {
  private constructor(
    private readonly ctx: Context,
    private readonly settings: Settings,
    private readonly places: {
      /** Group chats by school. */
      schools: ReadonlyMap<string, ChannelRef[]>
      holders: ReadonlyMap<string, ChannelRef[]>
      /** Robots that stand in for the bot, by group. */
      substitutes: ReadonlyMap<string, ChannelRef>
    },
    readonly offices: readonly Office[],
  ) {}

  static async open(ctx: Context, settings: Settings): Promise<Directory> {
    const schools = new Map<string, ChannelRef[]>()
    for (const row of await ctx.access.groups.list({ purpose: 'school' })) {
      schools.set(row.school, [...(schools.get(row.school) ?? []), refOf(row)])
    }
    const holders = new Map<string, ChannelRef[]>()
    const offices: Office[] = []
    const add = (office: Office, refs: readonly ChannelRef[]) => {
      if (!offices.some(({ kind, id }) => kind === office.kind && id === office.id)) offices.push(office)
      holders.set(office.id, [...(holders.get(office.id) ?? []), ...refs])
    }
    const groups = await ctx.access.groups.list({ purpose: 'staff' })
    for (const row of groups) add({ kind: 'staff', id: reminderGroupKey(refOf(row)) }, [refOf(row)])
    const grants = await ctx.access.grants.list(operator)
    for (const grant of grants.ok ? grants.value : []) {
      // A group of the staff's own is where all of them read.
      if (grant.kind === 'support' || (grant.kind === 'staff' && groups.length)) continue
      const { id, refs } = await holderOf(ctx, grant)
      const { kind, town } = grant
      add(kind === 'town' ? { kind, id, town } : { kind, id }, refs)
    }
    const substitutes = await ctx.access.groups.substitutes()
    return new Directory(ctx, settings, { schools, holders, substitutes }, offices)
  }

  /** Where offices are told: some of these people are members too. */
  get officeChats(): ReadonlySet<string> {
    return new Set([...this.places.holders.values()].flat().map(refKey))
  }

  /** Looks up everything that the decision on some candidates needs, in two queries and one question to the outbox. */
  async look(batch: readonly Candidate[], occasion: Occasion): Promise<LookUp> {
    const subjects = batch.flatMap((candidate) => [...subjectsOf(candidate)])
    const accounts = subjects.flatMap((subject) => (subject.kind === 'member' ? subject.account : []))
    const chats = accounts.length ? await this.ctx.access.chats(accounts) : new Map<string, ChatRef[]>()
    const privates = new Map([...chats].map(([account, list]) => [account, list.map(privateChat)]))
    const refs = subjects.flatMap((subject) => this.withSubstitutes(this.refsOf(subject, privates)))
    const modes = new Modes(refs, this.ctx.outbox.channels(refs))
    // Whoever has no chat has said nothing either.
    const keys = subjects.flatMap((subject) => this.keysOf(subject, privates))
    const known = await this.settings.ofMany(keys)
    const settingsOf = (key: string) => known.get(key) ?? defaultSettings
    return (candidate, subject) => {
      const refs = this.refsOf(subject, privates)
      switch (subject.kind) {
        case 'member': {
          const alive = modes.alive(refs)
          const stand = candidate.kind === 'school' && this.standIn(candidate.school.code, alive, modes)
          return reach(settingsOf(memberKey(subject.account)), stand ? [] : alive, 'private')
        }
        case 'school': {
          const willing = refs.filter((ref) => !silencedBy(settingsOf(reminderGroupKey(ref)), occasion))
          const [first] = refs
          // All of them muted: the settings of the first say why.
          if (!willing.length && first) return reach(settingsOf(reminderGroupKey(first)), [], 'group')
          return reach(defaultSettings, modes.alive(this.withSubstitutes(willing)), 'group')
        }
        case 'office': {
          const place = subject.id.startsWith('group:') ? 'group' : 'private'
          return reach(settingsOf(subject.id), modes.alive(refs), place)
        }
      }
    }
  }

  private refsOf(
    subject: Subject,
    privates: ReadonlyMap<string, readonly ChannelRef[]>,
  ): readonly ChannelRef[] {
    switch (subject.kind) {
      case 'member':
        return privates.get(subject.account) ?? []
      case 'school':
        return this.places.schools.get(subject.code) ?? []
      case 'office':
        return this.places.holders.get(subject.id) ?? []
    }
  }

  private keysOf(subject: Subject, chats: ReadonlyMap<string, unknown>): string[] {
    switch (subject.kind) {
      case 'member':
        return chats.has(subject.account) ? [memberKey(subject.account)] : []
      case 'school':
        return (this.places.schools.get(subject.code) ?? []).map(reminderGroupKey)
      case 'office':
        return [subject.id]
    }
  }

  /** Whether the school's group can be spoken to now, while an administrator's chats only can be answered. */
  private standIn(code: string, refs: readonly ChannelRef[], modes: Modes): boolean {
    const groups = this.withSubstitutes(this.places.schools.get(code) ?? [])
    return !refs.some((ref) => modes.isOpen(ref)) && groups.some((ref) => modes.isOpen(ref))
  }

  private withSubstitutes(refs: readonly ChannelRef[]): ChannelRef[] {
    return refs.flatMap((ref) => [ref, this.places.substitutes.get(refKey(ref)) ?? []].flat())
  }
}

/** What the outbox may do in some conversations, as of one moment. */
class Modes {
  private readonly modes: ReadonlyMap<ChannelRef, ChannelCapability['mode']>

  constructor(refs: readonly ChannelRef[], known: readonly ChannelCapability[]) {
    this.modes = new Map(refs.map((ref, index) => [ref, present(known[index], 'a capability').mode]))
  }

  /** Without those that are gone; where the bot may speak first comes before where it may only answer. */
  alive(refs: readonly ChannelRef[]): ChannelRef[] {
    const open = refs.filter((ref) => this.isOpen(ref))
    return [...open, ...refs.filter((ref) => this.modes.get(ref) === 'passive-only')]
  }

  isOpen(ref: ChannelRef): boolean {
    const mode = this.modes.get(ref)
    return mode === 'proactive' || mode === 'send-only'
  }
}

function reach(settings: NudgeSettings, refs: readonly ChannelRef[], place: ReminderAddress['place']): Reach {
  const [to, ...alternatives] = refs
  if (!to) return { settings, reachable: false }
  return { settings, reachable: true, mailbox: { to, alternatives: alternatives.slice(0, 3), place } }
}

/** Who holds a grant: a member under the member's own settings, wherever it was granted. */
async function holderOf(ctx: Context, grant: GrantRow): Promise<{ id: string; refs: ChannelRef[] }> {
  if (grant.account) {
    const chats = await ctx.access.chats([grant.account])
    return { id: memberKey(grant.account), refs: (chats.get(grant.account) ?? []).map(privateChat) }
  }
  const ref = privateChat(grant)
  const { account } = await ctx.access.viewer({ ...grant, isDirect: true })
  return { id: account === undefined ? chatKey(ref) : memberKey(account), refs: [ref] }
}
