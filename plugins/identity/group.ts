import type { Outcome } from './outcome'
import type { GroupSetting } from './speaker'
import { chooseSchool, refusal } from './talk'
import type { Talk } from './talk'
import { parseGroup } from './words'
import type { GroupWish } from './words'

const shownGroups = 15

/** Answers the group command: what a group is for. */
export async function group(talk: Talk, text: string): Promise<string> {
  const { ctx, session, say } = talk
  const viewer = await ctx.identity.viewer(session)
  const may = ctx.identity.check(viewer, { kind: 'groups' })
  if (!may.ok) return refusal(say, may)
  const wish = parseGroup(text)
  if (wish.kind === 'list') return list(talk)
  if (wish.kind === 'unknown') return say('.unknown-purpose')
  if (session.isDirect) return say('.not-a-group')
  const { platform, selfId, channelId } = session
  const here = { platform, selfId, channelId: channelId! }
  if (wish.kind === 'view') {
    const [row] = await ctx.identity.groups(here)
    return row ? say('.here', { what: describe(talk, row) }) : say('.not-set')
  }
  const setting = wish.kind === 'set' ? settingOf(talk, wish) : undefined
  if (setting && !setting.ok) return refusal(say, setting)
  const outcome = await ctx.identity.setGroup(here, setting?.value, viewer)
  if (!outcome.ok) return refusal(say, outcome)
  return setting ? say('.set', { what: describe(talk, setting.value) }) : say('.cleared')
}

function settingOf({ ctx, say }: Talk, { purpose, of }: GroupWish & { kind: 'set' }): Outcome<GroupSetting> {
  if (purpose === 'school') {
    if (of === undefined) return { ok: false, code: 'which-school', params: {} }
    const school = chooseSchool({ ctx, say }, of)
    return school.ok ? { ok: true, value: { purpose, school: school.value.code } } : school
  }
  if (purpose !== 'exchange' || of === undefined) return { ok: true, value: { purpose } }
  if (!ctx.roster.schools().some((school) => school.town === of)) {
    return { ok: false, code: 'unknown-town', params: { town: Array.from(of).slice(0, 20).join('') } }
  }
  return { ok: true, value: { purpose, town: of } }
}

function describe({ ctx, say }: Talk, setting: GroupSetting): string {
  const what = say(`space-identity.purpose.${setting.purpose}`)
  const of = setting.school ? (ctx.roster.school(setting.school)?.name ?? setting.school) : setting.town
  return of ? `${what} ${of}` : what
}

async function list(talk: Talk): Promise<string> {
  const { ctx, say } = talk
  const groups = await ctx.identity.groups()
  if (!groups.length) return say('.none')
  // Channel ids mean nothing to people, so groups of one kind are counted.
  const counts = new Map<string, number>()
  for (const row of groups) {
    const key = say('.line', { platform: row.platform, what: describe(talk, row) })
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const lines = [...counts].map(([line, count]) => say('.count', { line, count }))
  const more = lines.length > shownGroups ? [say('.more', { count: lines.length - shownGroups })] : []
  return [say('.head', { count: groups.length }), ...lines.slice(0, shownGroups), ...more].join('\n')
}
