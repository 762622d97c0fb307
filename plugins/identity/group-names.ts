import { sharingAName } from '@space-assistant/core/identity/group-name'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import { groupKey } from './speaker'
import type { GroupRef, GroupSetting } from './speaker'
import type { GroupRow } from './table'

const LONGEST = 30

/** Stores what a group is for. Its number stays for ever; its name until another one is given. */
export async function setUp(ctx: Context, ref: GroupRef, setting: GroupSetting): Promise<void> {
  const { purpose, school = '', town = '' } = setting
  await ctx.database.withTransaction(async (database) => {
    const [known] = await database.get('space_group', { ...ref })
    const name = setting.name === undefined ? (known?.name ?? '') : cleaned(setting.name)
    const robot = setting.robot ?? known?.robot ?? ''
    const number = known?.number || (await highest(database)) + 1
    const row = { ...ref, purpose, school, town, name, robot, number, setAt: new Date() }
    await database.upsert('space_group', [row])
  })
}

async function highest(database: Context['database']): Promise<number> {
  const [last] = await database.get('space_group', {}, { sort: { number: 'desc' }, limit: 1 })
  return last?.number ?? 0
}

const cleaned = (name: string) => Array.from(name.replace(/\s+/g, ' ').trim()).slice(0, LONGEST).join('')

/** How people call groups, by `groupKey`: by name, else by what they are for, with a number where several are. */
export function namesOf(
  ctx: Context,
  groups: readonly GroupRow[],
  say: (key: string, params: object) => string,
): Map<string, string> {
  const several = sharingAName(groups)
  return new Map(
    groups.map((group) => {
      const { name, purpose, school, town, number } = group
      const of = (school && (ctx.roster.school(school)?.name ?? school)) || town
      const params = { of, number, purpose: say(`space-identity.purpose.${purpose}`, {}) }
      const key = several.has(group) && number ? 'numbered' : 'plain'
      return [groupKey(group), name || say(`space-identity.group.${key}`, params).trim()]
    }),
  )
}
