import type { Context } from 'koishi'
import { isStaff } from '@space-assistant/core/access/viewer'
import type { ChatRef } from 'koishi-plugin-space-access'
import { operator } from '@space-assistant/core/access/viewer'
import type { AwardActor, AwardFrame } from './frame'

/** The judge of the panel whom a chat account is: by its roster account, else by the name on its grant. */
export async function judgeOfChat(
  { ctx, store }: AwardFrame,
  { viewer }: AwardActor,
  chat: ChatRef,
): Promise<string | undefined> {
  if (isStaff(viewer)) return undefined
  const grants = await ctx.access.grants.of(chat, viewer.account)
  const labels = grants.flatMap(({ kind, label }) => (kind === 'judge' ? [label] : []))
  const panel = await store.rows('space_award_judge')
  const known = panel.find(({ account }) => account !== '' && account === viewer.account)
  return (known ?? panel.find(({ name }) => labels.includes(name)))?.name
}

/** Where judges read messages in private, by their name in the panel. */
export async function judgeChats(ctx: Context, judges: readonly { name: string; account: string }[]) {
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
