import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from 'koishi'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { speakerGroupKey } from './speaker'
import type { GroupRef, GroupSetting } from './speaker'
import type { GroupRow } from './table'
import { chooseSchool, accessRefusal } from './talk'
import type { AccessDialogue } from './talk'
import { parseGroup, words } from './words'
import type { GroupWish } from './words'
import { present } from '@space-assistant/core/text/present'

const shownGroups = 60
/** Whoever sets a group up is answered, also when the platform does not answer us. */
const NAME_MS = 3_000
const platforms = new Set(['qq', 'onebot', 'wecom', 'wecom-webhook'])

/** Answers the group command: what a group is for. */
export async function group(talk: AccessDialogue, text: string): Promise<string> {
  const { ctx, session, say } = talk
  const viewer = await ctx.access.viewer(session)
  const may = ctx.access.check(viewer, { kind: 'groups' })
  if (!may.ok) return accessRefusal(say, may)
  const wish = parseGroup(text)
  if (wish.kind === 'list') return list(talk)
  if (wish.kind === 'unknown') return say('.unknown-purpose')
  if (session.isDirect) return say('.not-a-group')
  const { platform, selfId, channelId } = session
  const here = { platform, selfId, channelId: present(channelId, 'channel') }
  if (wish.kind === 'view') {
    const [row] = await ctx.access.groups.list(here)
    return row ? say('.here', { what: describe(talk, row) }) : say('.not-set')
  }
  if (wish.kind === 'name') return rename(talk, here, wish.name)
  if (wish.kind === 'robot') return assign(talk, here, wish.name)
  const setting = wish.kind === 'set' ? settingOf(talk, wish) : undefined
  if (setting && !setting.ok) return accessRefusal(say, setting)
  if (setting && setting.value.name === undefined) {
    const [known] = await ctx.access.groups.list(here)
    const name = known?.name ? '' : await platformName(session)
    if (name) setting.value.name = name
  }
  const outcome = await ctx.access.groups.set(here, setting?.value, viewer)
  if (!outcome.ok) return accessRefusal(say, outcome)
  if (!setting) return say('.cleared')
  const [row] = await ctx.access.groups.list(here)
  return say('.set', { what: describe(talk, row ?? setting.value) })
}

/** Gives a group that is set up the name by which staff know it. */
async function rename({ ctx, session, say }: AccessDialogue, here: GroupRef, name: string): Promise<string> {
  const [row] = await ctx.access.groups.list(here)
  if (!row) return say('.not-set')
  if (!name) return say('.which-name')
  const setting = { ...settingIn(row), name }
  const outcome = await ctx.access.groups.set(here, setting, await ctx.access.viewer(session))
  if (!outcome.ok) return accessRefusal(say, outcome)
  const names = await ctx.access.groups.names(say)
  return say('.named', { name: names.get(speakerGroupKey(here)) ?? name })
}

/** Notes which of WeCom's robots can write into a group: it says there what the bot itself may not. */
async function assign({ ctx, session, say }: AccessDialogue, here: GroupRef, name: string): Promise<string> {
  const [row] = await ctx.access.groups.list(here)
  if (!row) return say('.not-set')
  if (here.platform !== 'wecom') return say('.no-robots-here')
  const robots = ctx.bots.filter(({ platform }) => platform === 'wecom-webhook').map(({ selfId }) => selfId)
  const robot = words.group.none.includes(name) ? '' : name
  if ((robot || !name) && !robots.includes(robot)) {
    return robots.length
      ? say('.which-robot', { robots: robots.join(say('space-access.and')) })
      : say('.no-robots')
  }
  const setting = { ...settingIn(row), robot }
  const outcome = await ctx.access.groups.set(here, setting, await ctx.access.viewer(session))
  if (!outcome.ok) return accessRefusal(say, outcome)
  return robot ? say('.robot-set', { robot }) : say('.robot-cleared')
}

const settingIn = ({ purpose, school, town }: GroupRow): GroupSetting => ({
  purpose,
  ...(school && { school }),
  ...(town && { town }),
})

/** The name that a platform gives the group, if it says so soon; QQ's official one and WeCom give none. */
async function platformName({ bot, guildId }: Session): Promise<string> {
  if (!guildId) return ''
  const ask = async () => (await bot.getGuild(guildId)).name ?? ''
  return Promise.race([ask().catch(() => ''), sleep(NAME_MS, '', { ref: false })])
}

function settingOf(
  { ctx, say }: AccessDialogue,
  { purpose, of, name }: GroupWish & { kind: 'set' },
): Outcome<GroupSetting> {
  const named = name === undefined ? {} : { name }
  if (purpose === 'school') {
    if (of === undefined) return { ok: false, code: 'which-school', params: {} }
    const school = chooseSchool({ ctx, say }, of)
    return school.ok ? { ok: true, value: { purpose, school: school.value.code, ...named } } : school
  }
  if (purpose !== 'exchange' || of === undefined) return { ok: true, value: { purpose, ...named } }
  if (!ctx.roster.schools().some((school) => school.town === of)) {
    return {
      ok: false,
      code: 'unknown-town-of-group',
      params: { town: Array.from(of).slice(0, 20).join('') },
    }
  }
  return { ok: true, value: { purpose, town: of, ...named } }
}

function describe({ ctx, say }: AccessDialogue, setting: GroupSetting): string {
  const what = say(`space-access.purpose.${setting.purpose}`)
  const of = setting.school ? (ctx.roster.school(setting.school)?.name ?? setting.school) : setting.town
  const whole = of ? `${what} ${of}` : what
  return setting.name ? say('.with-name', { what: whole, name: setting.name }) : whole
}

async function list(talk: AccessDialogue): Promise<string> {
  const { ctx, say } = talk
  const groups = await ctx.access.groups.list()
  if (!groups.length) return say('.none')
  const names = await ctx.access.groups.names(say)
  const lines = groups.map((row) => {
    const platform = say(`space-access.platform.${platforms.has(row.platform) ? row.platform : 'other'}`)
    return say('.line', {
      platform,
      name: names.get(speakerGroupKey(row)),
      what: describe(talk, { ...row, name: '' }),
    })
  })
  const more = lines.length > shownGroups ? [say('.more', { count: lines.length - shownGroups })] : []
  return [say('.head', { count: groups.length }), ...lines.slice(0, shownGroups), ...more].join('\n')
}
