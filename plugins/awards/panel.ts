import { attempt, done, refused, rollback } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import type { Context } from 'koishi'
import { isStaff, operator } from '@space-assistant/core/access/viewer'
import type { ChatRef } from 'koishi-plugin-space-access'
import type { AwardActor, AwardFrame } from './frame'
import type { AwardJudgeRow } from './table'

/** The judge of the panel who somebody is: by the roster account, else by the name on the grant of the chat account. */
export async function judgeOfActor(
  { ctx, store }: AwardFrame,
  { viewer, chat }: AwardActor,
): Promise<string | undefined> {
  if (isStaff(viewer)) return undefined
  const panel = await store.rows('space_award_judge')
  const known = panel.find(({ account }) => account !== '' && account === viewer.account)
  if (known || !chat) return known?.name
  const grants = await ctx.access.grants.of(chat, viewer.account)
  const labels = grants.flatMap(({ kind, label }) => (kind === 'judge' ? [label] : []))
  return panel.find(({ name }) => labels.includes(name))?.name
}

/** Where judges read messages in private, by their name in the panel. */
export async function judgeChats(
  ctx: Context,
  judges: readonly Pick<AwardJudgeRow, 'name' | 'account'>[],
): Promise<Map<string, ChatRef>> {
  const grants = await ctx.access.grants.list(operator)
  const bound = await ctx.access.chats(judges.flatMap(({ account }) => (account ? [account] : [])))
  const chats = new Map<string, ChatRef>()
  for (const { name, account } of judges) {
    const granted = grants.ok
      ? grants.value.find(({ kind, label, userId }) => kind === 'judge' && label === name && userId !== '')
      : undefined
    const chat = granted ?? bound.get(account)?.[0]
    if (chat) chats.set(name, { platform: chat.platform, selfId: chat.selfId, userId: chat.userId })
  }
  return chats
}

/** A judge as staff see the panel. */
export interface PanelMember {
  name: string
  /** Account in the roster; empty for an external judge. */
  account: string
  units: string[]
  /** Nominees (account or school code) that staff have declared a conflict with. */
  conflicts: string[]
  /** Whether a chat account is known that reminders reach. */
  isReachable: boolean
}

/** Who judges, with the units and conflicts of each; staff keep it. */
export class JudgePanel {
  constructor(private readonly frame: AwardFrame) {}

  /** Adds a judge, or another unit of one. Without a unit a conflict cannot be told, so it is refused. */
  async add(
    actor: AwardActor,
    { name, unit, account = '' }: { name: string; unit: string; account?: string },
  ): Promise<Outcome<AwardJudgeRow>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    if (!unit.trim()) return refused('judge-without-unit', { name })
    if (account && !this.frame.ctx.roster.member(account))
      return refused('judge-unknown-account', { account })
    const { store } = this.frame
    await store.write(async () => {
      const [known] = await store.rows('space_award_judge', 'AND name = ?', [name])
      await store.put('space_award_judge', { name, account: account || (known?.account ?? '') })
      await store.put('space_award_judge_unit', { judge: name, unit })
      await store.log({ actor: actor.name, act: 'judge', subject: name, after: unit })
    })
    return done({ scheme: store.scheme, name, account })
  }

  /** Staff declare that a judge must not score a nominee; a sheet that is there stays and is not counted. */
  async declareConflict(
    actor: AwardActor,
    { judge, nominee, reason }: { judge: string; nominee: string; reason: string },
  ): Promise<Outcome<void>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    if (!reason.trim()) return refused('sheet-reason-needed')
    const { store } = this.frame
    return attempt(() =>
      store.write(async () => {
        const [known] = await store.rows('space_award_judge', 'AND name = ?', [judge])
        if (!known) rollback('unknown-judge', { name: judge })
        await store.put('space_award_conflict', { judge, nominee })
        await store.log({ actor: actor.name, act: 'conflict', subject: `${judge} ${nominee}`, reason })
      }),
    )
  }

  /** The panel with units, declared conflicts and whether somebody can be reached; for staff. */
  async members(actor: AwardActor): Promise<Outcome<PanelMember[]>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const { store, ctx } = this.frame
    const [judges, units, conflicts] = await Promise.all([
      store.rows('space_award_judge', 'ORDER BY name'),
      store.rows('space_award_judge_unit'),
      store.rows('space_award_conflict'),
    ])
    const chats = await judgeChats(ctx, judges)
    return done(
      judges.map(({ name, account }) => ({
        name,
        account,
        units: units.flatMap(({ judge, unit }) => (judge === name ? [unit] : [])),
        conflicts: conflicts.flatMap(({ judge, nominee }) => (judge === name ? [nominee] : [])),
        isReachable: chats.has(name),
      })),
    )
  }
}
