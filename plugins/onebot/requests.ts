import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type { Config } from './config'
import type { OneBotRequest } from './decode'

/** Answers friend requests and invitations into groups by the rule of the configuration; `undefined` leaves them to a person. */
export async function answerRequest(
  ctx: Context,
  selfId: string,
  { request, settings }: { request: OneBotRequest; settings: Pick<Config, 'friends' | 'invitations'> },
): Promise<{ action: string; params: object } | undefined> {
  const { flag } = request
  if (request.kind === 'friend') {
    if (settings.friends === 'never') return
    return { action: 'set_friend_add_request', params: { flag, approve: true } }
  }
  if (settings.invitations === 'never') return
  if (settings.invitations === 'known' && !(await isKnown(ctx, selfId, request.groupId))) return
  return { action: 'set_group_add_request', params: { flag, sub_type: 'invite', approve: true } }
}

/** Whether staff have set the group up. */
async function isKnown(ctx: Context, selfId: string, channelId: string): Promise<boolean> {
  const groups = await ctx.get('access')?.groups.list({ platform: 'onebot', selfId, channelId })
  return Boolean(groups?.length)
}
