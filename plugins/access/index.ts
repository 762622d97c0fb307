import { unwrap } from '@space-assistant/core/delivery/unwrap'
import { decideAccess, known } from '@space-assistant/core/access/visibility'
import type { AccessRequest, Whose } from '@space-assistant/core/access/visibility'
import { rosterGrants } from '@space-assistant/core/access/viewer'
import type { GivenGrant, ConversationPlace, Viewer } from '@space-assistant/core/access/viewer'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type { Member } from '@space-assistant/core/roster/member'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-database'
import { Bindings, isRequestOpen, keyOf } from './bindings'
import { chatOf, unionOf, viewOfRequest } from './speaker'
import type { ChatRef, CodeList, RequestView, SpeakerIdentity, UnboundList } from './speaker'
import { CodeGuesses } from './guesses'
import { Recent } from './recent'
import { findCodes, inDays, inMinutes } from './secret'
import { GroupRegistry } from './groups'
import { personName } from '@space-assistant/core/access/person-name'
import { joinIdentities, linkCodeMinutes, objectionToLinking } from '@space-assistant/core/access/link-code'
import { ChatLinks } from './links'
import * as commands from './commands'
import type {} from './events'
import * as language from './language'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { Grants, grantOf } from './grants'
import * as notice from './notice'
import { findStaffChats } from './staff-chats'
import { attempt, done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { defineAccessTables } from './table'
import type { ChatLink, GrantRow, PersonLink } from './table'
import { present } from '@space-assistant/core/text/present'

export type { ChatRef, CodeList, GroupRef, GroupSetting, RequestView, SpeakerIdentity } from './speaker'
export type { BindRequest, GrantRow, GroupRow } from './table'

declare module 'koishi' {
  interface Context {
    access: Access
  }
}

/** Days for which a code works that a school's list names. */
const listDays = 14
const remember = { size: 50_000, ms: 30_000 }

/**
 * Who is who: bindings of chat accounts to the roster, what staff have granted, what groups are for. A plain object
 * rather than a Koishi `Service`, whose tracing proxies cost more than the look-up, which every command makes.
 */
export class Access {
  private readonly bindings: Bindings
  // Another process on the same database may change this, so it is remembered for seconds only.
  private readonly people = new Recent<{ account?: string; granted: readonly GrantRow[] }>(remember)
  /** Who names people when asking to be bound: trying names must not tell who is in the roster. */
  readonly naming = new CodeGuesses()
  readonly grants: Grants
  readonly groups: GroupRegistry
  readonly languages: language.Languages
  private readonly links: ChatLinks
  private readonly seenStaff = new Set<string>()

  // Taken out of the context once: looking it up there is slow, and every line of a list asks for a town.
  private readonly roster: Context['roster']

  constructor(private readonly ctx: Context) {
    this.roster = ctx.roster
    this.links = new ChatLinks(ctx)
    this.bindings = new Bindings(ctx, this.links)
    this.grants = new Grants(ctx, this.bindings, () => this.people.clear())
    this.groups = new GroupRegistry(ctx, remember)
    this.languages = new language.Languages(ctx)
  }

  /** Who asks, and where. */
  async viewer(session: SpeakerIdentity): Promise<Viewer> {
    const own = unwrap(session)
    const { platform, selfId, userId, channelId, isDirect } = own
    const unionId = unionOf(own)
    const speaker = { platform, selfId, userId, channelId, isDirect, unionId }
    const [{ account, granted }, place] = await Promise.all([this.person(speaker), this.place(speaker)])
    const member = account === undefined ? undefined : this.roster.member(account)
    const grants = [...granted.flatMap(grantOf), ...(member ? rosterGrants(member) : [])]
    if (grants.some(({ kind }) => kind === 'staff')) this.seenStaff.add(keyOf(chatOf(speaker)))
    else this.seenStaff.delete(keyOf(chatOf(speaker)))
    return { ...(member && { account: member.account }), grants, place }
  }

  /**
   * The chat by which a person counts as one, however many chats the person has: whoever may not approve the own work
   * must not do so from another chat.
   */
  async principalOf(speaker: SpeakerIdentity): Promise<ChatRef> {
    const who = chatOf(speaker)
    const own = await this.identity(who)
    if (own.account !== undefined || own.granted.length) return who
    const others = await this.links.others(who, unionOf(unwrap(speaker)))
    for (const other of others) {
      const { account, granted } = await this.identity(other)
      if (account !== undefined || granted.length) return other
    }
    return who
  }

  /** How others read who speaks: by roster, by what staff said, by nickname; never by a platform's id. */
  async nameOf(speaker: SpeakerIdentity & { locales?: string[] }): Promise<string> {
    const own = unwrap(speaker)
    const { account, granted } = await this.person({
      ...chatOf(own),
      isDirect: own.isDirect,
      unionId: unionOf(own),
    })
    const name = personName({
      member: account === undefined ? undefined : this.roster.member(account)?.name,
      labels: granted.map(({ label }) => label),
      nicks: [own.event?.member?.nick, own.event?.user?.name],
      userId: own.userId ?? '',
    })
    const [platform] = platformKeys.filter((key) => key === own.platform)
    const path = `space-access.somebody.${platform ?? 'other'}`
    return name || this.ctx.i18n.text(own.locales ?? ['zh-CN'], [path], {})
  }

  /** Where staff are told something: their groups, or each of them in private. */
  staffChats(): Promise<ChannelRef[]> {
    return findStaffChats(this)
  }

  /** Whether the speaker was staff when last asked, without looking anything up. */
  wasStaff(speaker: SpeakerIdentity): boolean {
    return this.seenStaff.has(keyOf(chatOf(unwrap(speaker))))
  }

  /** Binds with a one-time code, takes what staff granted by it, or joins the chat to the one that asked for the code. */
  async bindByCode(
    speaker: SpeakerIdentity,
    code: string,
  ): Promise<Outcome<{ account?: string; grant?: GivenGrant; linked?: true }>> {
    const place = speaker.isDirect ? '' : (speaker.channelId ?? '')
    if (!speaker.isDirect && !(await this.bindings.isLink(code)))
      return refused((await this.voidCodes(code)) ? 'code-in-group' : 'code-not-in-group')
    const outcome = await this.bindings.redeem(chatOf(speaker), code, place)
    if (!outcome.ok) return outcome
    this.people.clear()
    await this.links.noteUnion(chatOf(speaker), unionOf(unwrap(speaker)))
    const { kind, account, owner } = outcome.value
    if (owner) this.ctx.emit('space/linked', owner, chatOf(speaker), place)
    if (account && !place) this.ctx.emit('space/bound', chatOf(speaker), account, false)
    if (kind === 'link') return done({ linked: true, ...(account && { account }) })
    return done(kind === 'account' ? { account } : { grant: kind })
  }

  /** Whether a text is an open code by which somebody joins a chat to another: it may be read by others. */
  isLinkCode(text: string): Promise<boolean> {
    return this.bindings.isLink(text)
  }

  /** Makes every code in a text that others have read useless; how many there were that still worked. */
  voidCodes(text: string): Promise<number> {
    const codes = findCodes(text)
    return codes.length ? this.bindings.voidAll(codes) : Promise.resolve(0)
  }

  /** Asks to be taken for the member; the number is what the school's administrator confirms. */
  async request(speaker: SpeakerIdentity, account: string): Promise<Outcome<{ id: number; member: Member }>> {
    const member = this.roster.member(account)
    if (!member || member.state !== 'active') return refused('no-such-member')
    if ((await this.person(speaker)).account === account) return refused('already-yours')
    const outcome = await this.bindings.ask(chatOf(speaker), account, speaker.channelId ?? '')
    if (!outcome.ok) return outcome
    const id = outcome.value
    const open = await this.bindings.openRequests()
    const request = open.find((each) => each.id === id)
    if (request) this.ctx.emit('space/binding-requested', viewOfRequest(request, member, open))
    return done({ id, member })
  }

  /** Confirms or refuses a request. */
  async decide(
    id: number,
    verdict: 'confirmed' | 'refused',
    viewer: Viewer,
  ): Promise<Outcome<{ member: Member; who: ChatRef }>> {
    if (!known(viewer)) return refused('not-bound')
    const request = await this.bindings.request(id)
    const member = request && this.roster.member(request.account)
    // Nobody confirms oneself; whoever asks for the own account from another chat needs no confirmation.
    if (request && request.account === viewer.account) return refused('own-request')
    // Whoever may not decide it does not learn that there is one.
    if (!request || !member || !this.mayDecide(viewer, member)) return refused('no-such-request', { id })
    if (!isRequestOpen(request)) return refused('already-decided', { id })
    const outcome = await this.bindings.decide(id, verdict)
    if (!outcome.ok) return outcome
    const who = chatOf(outcome.value)
    this.people.clear()
    if (verdict === 'confirmed') this.ctx.emit('space/bound', who, member.account, true)
    this.ctx.emit('space/request-decided', outcome.value)
    return done({ member, who })
  }

  /** The open requests that the viewer may decide, oldest first. */
  async requests(viewer: Viewer): Promise<RequestView[]> {
    const open = await this.bindings.openRequests()
    return open.flatMap((request) => {
      const member = this.roster.member(request.account)
      return member && this.mayDecide(viewer, member) ? [viewOfRequest(request, member, open)] : []
    })
  }

  /** The speaker's own requests that nobody has decided yet. */
  async waiting(speaker: SpeakerIdentity): Promise<RequestView[]> {
    const who = keyOf(chatOf(speaker))
    const open = await this.bindings.openRequests()
    return open.flatMap((request) => {
      const member = this.roster.member(request.account)
      return member && keyOf(chatOf(request)) === who ? [viewOfRequest(request, member, open)] : []
    })
  }

  /** The chats of a school's administrators, who may decide its requests. */
  async deciders(school: string): Promise<ChatRef[]> {
    const accounts = this.roster
      .members()
      .filter((member) => member.school === school && member.state === 'active')
      .filter(({ roles }) => roles.includes('administrator'))
      .map(({ account }) => account)
    return [...(await this.chats(accounts)).values()].flat()
  }

  /** The active members of a school that no chat account is bound to, and how many are bound. */
  async unbound(schoolCode: string, viewer: Viewer): Promise<Outcome<UnboundList>> {
    const decision = decideAccess(viewer, { kind: 'codes', school: schoolCode })
    if (!decision.allowed) return refused(decision.code, decision.params)
    const school = this.roster.school(schoolCode)
    if (!school) return refused('unknown-school', { text: schoolCode })
    const members = this.roster
      .members()
      .filter((member) => member.school === schoolCode && member.state === 'active')
    const bound = await this.boundAmong(members)
    return done({ school, open: members.filter(({ account }) => !bound.has(account)), bound: bound.size })
  }

  /** New one-time codes for the active members of a school that no chat account is bound to. */
  async codes(schoolCode: string, viewer: Viewer): Promise<Outcome<CodeList>> {
    const found = await this.unbound(schoolCode, viewer)
    if (!found.ok) return found
    const { school, open, bound } = found.value
    const expiresAt = inDays(listDays)
    const codes = await this.bindings.issue(
      open.map(({ account }) => ({ kind: 'account', account, town: '', label: '' })),
      expiresAt,
    )
    const rows = open.map(({ name, account }, i) => ({
      name,
      account,
      code: present(codes[i], 'a new code'),
    }))
    return done({ school, rows, bound, expiresAt })
  }

  /** A code by which somebody whom the bot knows is known in a group, or by another chat account, too. */
  async linkCode(speaker: SpeakerIdentity): Promise<Outcome<{ code: string; minutes: number }>> {
    const objection = objectionToLinking(await this.viewer(speaker))
    if (objection) return refused(objection)
    const owner = await this.links.ownerOf(chatOf(speaker))
    const purpose = { kind: 'link', account: '', town: '', label: '', ...owner } as const
    const [code = ''] = await this.bindings.issue([purpose], inMinutes(linkCodeMinutes))
    return done({ code, minutes: linkCodeMinutes })
  }

  /** The chats that count as the speaker's by a code. */
  linked(speaker: SpeakerIdentity): Promise<ChatLink[]> {
    return this.links.of(chatOf(speaker))
  }

  /** Takes back all links to the speaker's chat; how many there were. */
  async unlinkAll(speaker: SpeakerIdentity): Promise<number> {
    const count = await this.links.release(chatOf(speaker))
    this.people.clear()
    return count
  }

  /** Binds without a question to anybody: the command line and the demo. */
  async link(who: ChatRef, account: string): Promise<Outcome<void>> {
    const outcome = await attempt(() =>
      this.bindings.transact((db) => this.bindings.link(db, chatOf(who), account)),
    )
    this.people.clear()
    return outcome
  }

  /** Removes the speaker's own binding, where there is one, else what joins this chat to another. */
  async unbind(speaker: SpeakerIdentity): Promise<'unbound' | 'unlinked' | 'nothing'> {
    const { removed } = await this.ctx.database.remove('space_person_link', chatOf(speaker))
    const left = await this.links.leave(chatOf(speaker))
    this.people.clear()
    if (removed) return 'unbound'
    return left ? 'unlinked' : 'nothing'
  }

  /** Removes all bindings of a member (somebody else's chat account, a lost phone); how many there were. */
  async unbindMember(account: string, viewer: Viewer): Promise<Outcome<number>> {
    const member = this.roster.member(account)
    if (!member) return refused('no-such-member')
    const decision = decideAccess(viewer, { kind: 'unbind', member: this.whose(member) })
    if (!decision.allowed) return refused(decision.code, decision.params)
    const links = await this.ctx.database.get('space_person_link', { account })
    const { removed } = await this.ctx.database.remove('space_person_link', { account })
    for (const link of links) await this.links.release(chatOf(link))
    this.people.clear()
    return done(removed ?? 0)
  }

  /** The chat accounts of members, for messages to them. */
  async chats(accounts: readonly string[]): Promise<Map<string, ChatRef[]>> {
    const chats = new Map<string, ChatRef[]>()
    if (!accounts.length) return chats
    // Asked for everybody when a week's nudges are planned, so past the framework's conversion of rows.
    const links = await this.ctx.bulk.rows<Omit<PersonLink, 'boundAt'>>(
      `SELECT platform, selfId, userId, account FROM space_person_link
       WHERE account IN (${accounts.map(() => '?').join(', ')})`,
      accounts,
    )
    for (const link of links) chats.set(link.account, [...(chats.get(link.account) ?? []), chatOf(link)])
    return chats
  }

  /** A member as the rules of visibility need it. */
  whose(member: Member): Whose {
    const town = this.roster.school(member.school)?.town
    return { account: member.account, school: member.school, ...(town !== undefined && { town }) }
  }

  /** Whether the viewer may, as a value or as the refusal to answer with. */
  check(viewer: Viewer, question: AccessRequest): Outcome<{ masked: boolean; rows: 'all' | 'own-school' }> {
    const decision = decideAccess(viewer, question)
    return decision.allowed ? done(decision) : refused(decision.code, decision.params)
  }

  private mayDecide(viewer: Viewer, member: Member): boolean {
    return decideAccess(viewer, { kind: 'confirm-binding', member: this.whose(member) }).allowed
  }

  /** Who speaks, with what the person's other chats add: what was looked up of one is looked up anew when any changes. */
  private person(speaker: SpeakerIdentity) {
    const { unionId } = speaker
    return this.people.get(`${keyOf(chatOf(speaker))} ${unionId ?? ''}`, async () => {
      const who = chatOf(speaker)
      const own = await this.identity(who)
      const known = own.account !== undefined || own.granted.length > 0
      if (known) await this.links.noteUnion(who, unionId)
      const others = await this.links.others(who, unionId)
      return joinIdentities([own, ...(await Promise.all(others.map((other) => this.identity(other))))])
    })
  }

  private async identity(who: ChatRef) {
    const [link] = await this.ctx.database.get('space_person_link', who)
    const account = link?.account
    const granted = await this.grants.of(who, account)
    return { ...(account !== undefined && { account }), granted }
  }

  private place({ platform, selfId, channelId, isDirect }: SpeakerIdentity): Promise<ConversationPlace> {
    if (isDirect || channelId === undefined) return Promise.resolve({ kind: 'private' })
    return this.groups.place({ platform, selfId, channelId })
  }

  private async boundAmong(members: readonly Member[]): Promise<Set<string>> {
    const account = members.map((member) => member.account)
    if (!account.length) return new Set()
    return new Set(
      (await this.ctx.database.get('space_person_link', { account })).map((link) => link.account),
    )
  }
}

const platformKeys = ['qq', 'onebot', 'wecom'] as const

export const name = 'space-access'
export const inject = ['database', 'bulk', 'roster']

export function apply(ctx: Context): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  defineAccessTables(ctx)
  ctx.provide('access')
  ctx.set('access', new Access(ctx))
  ctx.plugin(commands)
  ctx.plugin(notice)
  ctx.plugin(language)
}

export default { name, inject, apply }
