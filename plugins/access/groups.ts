import { sharingAName } from '@space-assistant/core/access/group-name'
import { decideAccess } from '@space-assistant/core/access/visibility'
import type { ConversationPlace, Viewer } from '@space-assistant/core/access/viewer'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { Recent } from './recent'
import { speakerGroupKey } from './speaker'
import type { GroupRef, GroupSetting } from './speaker'
import type { GroupRow } from './table'

const LONGEST_NAME = 30

/** What groups are for, and how people call them. */
export class GroupRegistry {
  private readonly places: Recent<ConversationPlace>

  constructor(
    private readonly ctx: Context,
    remember: { size: number; ms: number },
  ) {
    this.places = new Recent(remember)
  }

  /** Says what a group is for; without a setting it is forgotten. */
  async set(group: GroupRef, setting: GroupSetting | undefined, viewer: Viewer): Promise<Outcome<void>> {
    const decision = decideAccess(viewer, { kind: 'groups' })
    if (!decision.allowed) return refused(decision.code, decision.params)
    const { platform, selfId, channelId } = group
    const ref = { platform, selfId, channelId }
    if (setting?.school !== undefined && !this.ctx.roster.school(setting.school)) {
      return refused('unknown-school', { text: setting.school })
    }
    if (setting) await this.store(ref, setting)
    else await this.ctx.database.remove('space_group', ref)
    this.places.forget(speakerGroupKey(ref))
    this.ctx.emit('space/group-changed', ref)
    return done(undefined)
  }

  /** The groups known, in order of purpose and organisation. */
  async list(filter: Partial<GroupSetting & GroupRef> = {}): Promise<GroupRow[]> {
    return this.ctx.database.get('space_group', filter, {
      sort: { purpose: 'asc', school: 'asc', town: 'asc' },
    })
  }

  /**
   * How people call each group that is set up, by `groupKey`: by name, else by what it is for, with a number where
   * several are for the same. `say` gives the texts of this plugin by their whole key.
   */
  async names(say: (key: string, params: object) => string): Promise<Map<string, string>> {
    const groups = await this.list()
    const several = sharingAName(groups)
    return new Map(
      groups.map((group) => {
        const { name, purpose, school, town, number } = group
        const of = (school && (this.ctx.roster.school(school)?.name ?? school)) || town
        const params = { of, number, purpose: say(`space-access.purpose.${purpose}`, {}) }
        const key = several.has(group) && number ? 'numbered' : 'plain'
        return [speakerGroupKey(group), name || say(`space-access.group.${key}`, params).trim()]
      }),
    )
  }

  /** Where else something for a group can go: the robot that staff have assigned to it. */
  async substitutes(): Promise<Map<string, GroupRef>> {
    const rows = (await this.list()).filter(({ robot }) => robot)
    return new Map(
      rows.map((row) => [
        speakerGroupKey(row),
        { platform: 'wecom-webhook', selfId: row.robot, channelId: row.robot },
      ]),
    )
  }

  /** What a group is to those who ask there. Another process may change it, so it is remembered for seconds only. */
  place(group: GroupRef): Promise<ConversationPlace> {
    const { platform, selfId, channelId } = group
    return this.places.get(speakerGroupKey(group), async () => {
      const [row] = await this.ctx.database.get('space_group', { platform, selfId, channelId })
      const ids = platform === 'qq' && ({ ownIds: true } as const)
      if (!row) return { kind: 'group', purpose: 'unknown', ...ids }
      const { purpose, school, town } = row
      return { kind: 'group', purpose, ...(school && { school }), ...(town && { town }), ...ids }
    })
  }

  /** Its number stays for ever; its name and its robot until others are given. */
  private async store(ref: GroupRef, setting: GroupSetting): Promise<void> {
    const { purpose, school = '', town = '' } = setting
    await this.ctx.database.withTransaction(async (database) => {
      const [known] = await database.get('space_group', { ...ref })
      const name = setting.name === undefined ? (known?.name ?? '') : cleaned(setting.name)
      const robot = setting.robot ?? known?.robot ?? ''
      const number = known?.number || (await highest(database)) + 1
      const row = { ...ref, purpose, school, town, name, robot, number, setAt: new Date() }
      await database.upsert('space_group', [row])
    })
  }
}

async function highest(database: Context['database']): Promise<number> {
  const [last] = await database.get('space_group', {}, { sort: { number: 'desc' }, limit: 1 })
  return last?.number ?? 0
}

const cleaned = (name: string) => Array.from(name.replace(/\s+/g, ' ').trim()).slice(0, LONGEST_NAME).join('')
