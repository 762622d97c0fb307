import { showCode } from '@space-assistant/core/access/code-form'
import { nameFor } from '@space-assistant/core/access/visibility'
import { schoolOfViewer } from '@space-assistant/core/access/viewer'
import type { GivenGrant, Viewer } from '@space-assistant/core/access/viewer'
import { dayOf, formatDay } from '@space-assistant/core/calendar/day'
import type { Member } from '@space-assistant/core/roster/member'
import type { Context, h } from 'koishi'
import { keyOf } from './bindings'
import { unboundOf } from './code-list'
import { chatOf } from './speaker'
import { chooseSchool, accessRefusal } from './talk'
import type { AccessDialogue } from './talk'
import type { Translate } from '@space-assistant/core/text/translate'
import { parseBind } from './words'
import type { BindWish } from './words'

/** Numbers that one message may hold. */
const most = 20

/** Answers the binding command. */
export async function bind(talk: AccessDialogue, text: string): Promise<string | h[]> {
  const { ctx, session, say } = talk
  const wish = parseBind(text)
  const viewer = await ctx.access.viewer(session)
  switch (wish.kind) {
    case 'view':
      return view(talk, viewer)
    case 'code':
      return redeem(talk, wish.code)
    case 'request':
      return request(talk, wish)
    case 'confirm':
    case 'refuse':
      return decideRequests(talk, viewer, wish)
    case 'requests':
      return requests(talk, viewer)
    case 'unbind':
      return say(unbindings[await ctx.access.unbind(session)])
    case 'unlink':
      return say('.unlinked', { count: await ctx.access.unlinkAll(session) })
    case 'unbind-member':
      return unbindMember(talk, viewer, wish)
    case 'codes':
      return unboundOf(talk, viewer, wish.school)
    case 'another':
      return another(talk)
    case 'grant':
      return grant(talk, viewer, wish)
    case 'people':
      return people(talk, viewer)
    case 'revoke':
      return revoke(talk, viewer, wish.ids)
    case 'no-code':
      return accessRefusal(say, { code: 'code-malformed', params: {} })
    case 'no-school':
    case 'no-number':
    case 'no-grant':
      return say(`.${wish.kind}`)
  }
}

const unbindings = { unbound: '.unbound', unlinked: '.unlinked-here', nothing: '.nothing-to-unbind' }

async function view({ ctx, session, say }: AccessDialogue, viewer: Viewer): Promise<string> {
  const lines = [...grantLines(say, viewer)]
  const member = viewer.account === undefined ? undefined : ctx.roster.member(viewer.account)
  if (member) lines.unshift(describe(ctx, say, '.bound', member))
  for (const { id, member: wanted, createdAt } of await ctx.access.waiting(session)) {
    const school = ctx.roster.school(wanted.school)?.name ?? wanted.school
    lines.push(say('.waiting', { id, school, day: formatDay(dayOf(createdAt)) }))
  }
  if (!lines.length) return say(session.isDirect ? '.how-to' : howToIn(session.platform))
  const linked = session.isDirect ? await ctx.access.linked(session) : []
  if (linked.length) lines.push(say('.linked', { count: linked.length }))
  const open = await ctx.access.requests(viewer)
  if (open.length) lines.push(say('.requests-open', { count: open.length }))
  return lines.join('\n')
}

/** On QQ a person who is bound in private is a stranger in a group, and must not be told to bind once more. */
const howToIn = (platform: string) => (platform === 'qq' ? '.how-to-group-qq' : '.how-to-group')

function* grantLines(say: Translate, viewer: Viewer): Generator<string> {
  for (const each of viewer.grants) {
    if (each.kind === 'town') yield say('.has-town', { town: each.town })
    else if (each.kind === 'staff' || each.kind === 'support' || each.kind === 'judge')
      yield say(`.has-${each.kind}`)
  }
}

function describe(ctx: Context, say: Translate, key: string, member: Member): string {
  const roles = member.roles.map((role) => say(`space-access.role.${role}`)).join(say('space-access.and'))
  const school = ctx.roster.school(member.school)?.name ?? member.school
  return say(key, { name: member.name, school, roles })
}

async function redeem({ ctx, session, say }: AccessDialogue, code: string): Promise<string> {
  const outcome = await ctx.access.bindByCode(session, code)
  if (!outcome.ok) return accessRefusal(say, outcome)
  const { account, grant: kind, linked } = outcome.value
  if (linked) return say(session.isDirect ? '.now-linked' : '.now-linked-here')
  if (kind !== undefined) return say(`.now-${kind}`)
  const member = account === undefined ? undefined : ctx.roster.member(account)
  return member ? describe(ctx, say, '.now-bound', member) : say('.now-bound-unknown')
}

async function request(
  { ctx, session, say }: AccessDialogue,
  wish: BindWish & { kind: 'request' },
): Promise<string> {
  const given = chooseSchool({ ctx, say }, wish.school)
  // Many write the school first.
  const turned = given.ok ? given : chooseSchool({ ctx, say }, wish.name)
  const school = turned.ok ? turned : given
  if (!school.ok) return accessRefusal(say, school)
  const asker = keyOf(chatOf(session))
  const minutes = await ctx.access.naming.take(asker)
  if (minutes > 0) return accessRefusal(say, { code: 'too-many-names', params: { minutes } })
  const named = ctx.roster
    .findMembers(given.ok ? wish.name : wish.school, school.value.code)
    .filter((member) => member.state === 'active')
    .filter((member) => wish.hint === undefined || fits(member, wish.hint))
  const [member] = named
  if (!member) return accessRefusal(say, { code: 'no-such-member', params: {} })
  if (named.length > 1)
    return accessRefusal(say, { code: 'several-members', params: { count: named.length } })
  const outcome = await ctx.access.request(session, member.account)
  if (!outcome.ok) return accessRefusal(say, outcome)
  await ctx.access.naming.giveBack(asker)
  return say('.requested', { id: outcome.value.id, school: school.value.name })
}

/** Namesakes are told apart by the end of the account or the subject. */
const fits = (member: Member, hint: string) =>
  member.subject === hint || (hint.length >= 3 && member.account.endsWith(hint))

async function decideRequests(
  { ctx, say }: AccessDialogue,
  viewer: Viewer,
  { kind, ids }: BindWish & { kind: 'confirm' | 'refuse' | 'revoke' },
): Promise<string> {
  const lines: string[] = []
  for (const id of ids.slice(0, most)) {
    const outcome = await ctx.access.decide(id, kind === 'confirm' ? 'confirmed' : 'refused', viewer)
    const name = outcome.ok ? shown(ctx, viewer, outcome.value.member) : ''
    lines.push(
      outcome.ok
        ? say(kind === 'confirm' ? '.confirmed' : '.refused', { id, name })
        : accessRefusal(say, outcome),
    )
  }
  if (ids.length > most) lines.push(say('.too-many-numbers', { most }))
  return lines.join('\n')
}

const shown = (ctx: Context, viewer: Viewer, member: Member) =>
  nameFor(viewer, { ...ctx.access.whose(member), name: member.name }) ?? '*'

async function requests({ ctx, say }: AccessDialogue, viewer: Viewer): Promise<string> {
  const open = await ctx.access.requests(viewer)
  if (!open.length) return say('.no-requests')
  const lines = open.slice(0, 10).map(({ id, member, createdAt, platform, tail, claims }) => {
    const school = ctx.roster.school(member.school)?.name ?? member.school
    const from = say(`space-access.platform.${knownPlatform(platform)}`)
    const params = { id, name: shown(ctx, viewer, member), school, platform: from, tail, claims }
    const day = formatDay(dayOf(createdAt))
    return say(claims > 1 ? '.request-line-several' : '.request-line', { ...params, day })
  })
  return [say('.requests-head', { count: open.length }), ...lines, say('.requests-foot')].join('\n')
}

const knownPlatform = (platform: string) =>
  ['qq', 'onebot', 'wecom'].find((each) => each === platform) ?? 'other'

async function unbindMember(
  { ctx, say }: AccessDialogue,
  viewer: Viewer,
  wish: BindWish & { kind: 'unbind-member' },
): Promise<string> {
  const own = schoolOfViewer(viewer)
  const school = wish.school === undefined ? undefined : chooseSchool({ ctx, say }, wish.school)
  if (school && !school.ok) return accessRefusal(say, school)
  const named = ctx.roster.findMembers(wish.name, school?.value.code ?? own)
  // Whoever may not unbind anybody learns nothing about who is in the roster.
  const mine = named.filter(
    (member) => ctx.access.check(viewer, { kind: 'unbind', member: ctx.access.whose(member) }).ok,
  )
  const [member] = mine
  if (!member) return accessRefusal(say, { code: 'nobody-to-unbind', params: {} })
  if (mine.length > 1) return accessRefusal(say, { code: 'several-members', params: { count: mine.length } })
  const outcome = await ctx.access.unbindMember(member.account, viewer)
  if (!outcome.ok) return accessRefusal(say, outcome)
  const name = shown(ctx, viewer, member)
  return outcome.value
    ? say('.unbound-member', { name, count: outcome.value })
    : say('.member-not-bound', { name })
}

async function another({ ctx, session, say }: AccessDialogue): Promise<string> {
  const outcome = await ctx.access.linkCode(session)
  if (!outcome.ok) return accessRefusal(say, outcome)
  const { code, minutes } = outcome.value
  return say(session.platform === 'qq' ? '.another-qq' : '.another', { code: showCode(code), minutes })
}

async function grant(
  { ctx, session, say }: AccessDialogue,
  viewer: Viewer,
  wish: BindWish & { kind: 'grant' },
): Promise<string> {
  if (!session.isDirect) return accessRefusal(say, { code: 'private-only', params: {} })
  // Before the roster is looked at: whoever may not grant learns nothing of namesakes in it.
  const may = ctx.access.check(viewer, { kind: 'grants' })
  if (!may.ok) return accessRefusal(say, may)
  const kind: GivenGrant = wish.grant
  const judge = kind === 'judge' ? ctx.roster.findMembers(wish.label) : []
  if (kind === 'judge' && judge.length > 1) {
    return accessRefusal(say, { code: 'several-members', params: { count: judge.length } })
  }
  const account = judge[0]?.account
  const { label, town } = wish
  const outcome = await ctx.access.grants.code(
    { kind, label, ...(town !== undefined && { town }), ...(account !== undefined && { account }) },
    viewer,
  )
  if (!outcome.ok) return accessRefusal(say, outcome)
  return say('.granted', {
    label,
    grant: say(`space-access.grant.${kind}`),
    code: showCode(outcome.value.code),
  })
}

async function people({ ctx, say }: AccessDialogue, viewer: Viewer): Promise<string> {
  const outcome = await ctx.access.grants.list(viewer)
  if (!outcome.ok) return accessRefusal(say, outcome)
  if (!outcome.value.length) return say('.no-people')
  const lines = outcome.value.map(({ id, kind, label, town }) => {
    const what = say(`space-access.grant.${kind}`)
    return say('.people-line', { id, what: town ? `${what} ${town}` : what, label })
  })
  return [...lines, say('.people-foot')].join('\n')
}

async function revoke({ ctx, say }: AccessDialogue, viewer: Viewer, ids: number[]): Promise<string> {
  const lines: string[] = []
  for (const id of ids.slice(0, most)) {
    const outcome = await ctx.access.grants.revoke(id, viewer)
    lines.push(outcome.ok ? say('.revoked', { label: outcome.value.label }) : accessRefusal(say, outcome))
  }
  if (ids.length > most) lines.push(say('.too-many-numbers', { most }))
  return lines.join('\n')
}
