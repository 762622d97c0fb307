import { startFakeOneBot } from '../platforms/onebot'
import { startFakeQq } from '../platforms/qq'
import { startFakeWecom } from '../platforms/wecom'
import type { Job } from './sender'

/** What a platform does with one message: hangs (after it arrived, or before), drops the connection, or nothing. */
export type Mishap = { kind: 'stall' | 'drop'; delivered: boolean } | undefined

/** The three platforms on loopback, what arrived there and when. */
export interface World {
  job: Pick<Job, 'onebot' | 'qq' | 'qqSelf' | 'wecom'>
  /** Asked for each message. */
  mishap: (platform: string) => Mishap
  /** Texts in the order in which they arrived, all platforms together, and when: milliseconds since 1970. */
  arrivals: { text: string; at: number }[]
  /** Mishaps that happened. */
  mishaps: { platform: string; at: number }[]
  /** Cuts the connections of a platform. */
  cut(platform: string): void
  close(): Promise<void>
}

export const platforms = ['onebot', 'qq', 'wecom'] as const

export async function startWorld(groups: number): Promise<World> {
  const names = Array.from({ length: groups }, (_, group) => group)
  const onebot = await startFakeOneBot()
  const qq = await startFakeQq({ proactive: names.map((group) => `G${group}`) })
  const wecom = await startFakeWecom()
  for (const group of names) wecom.spoken.add(`wr${group}`)
  const world: World = {
    job: { onebot: onebot.config, qq: qq.config, qqSelf: qq.selfId, wecom: wecom.config },
    mishap: () => undefined,
    arrivals: [],
    mishaps: [],
    cut(platform) {
      world.mishaps.push({ platform, at: Date.now() })
      if (platform === 'onebot') onebot.cut()
      else if (platform === 'qq') qq.disconnect()
      else wecom.cut()
    },
    async close() {
      await Promise.all([onebot.close(), qq.close(), wecom.close()])
    },
  }
  const judge = (platform: string, text: string) => {
    const at = Date.now()
    const mishap = world.mishap(platform)
    if (mishap) world.mishaps.push({ platform, at })
    if (!mishap || mishap.delivered) world.arrivals.push({ text, at })
    return mishap
  }
  onebot.fault = ({ action, params }) => {
    const [first] = (params.message ?? []) as { data: { text?: string } }[]
    return action === 'send_group_msg' ? judge('onebot', first?.data.text ?? '') : undefined
  }
  qq.fault = ({ path, body }) =>
    path.endsWith('/messages') ? judge('qq', (body.content as string | undefined) ?? '') : undefined
  wecom.fault = ({ cmd, body }) =>
    cmd === 'aibot_send_msg'
      ? judge('wecom', (body.markdown as { content?: string } | undefined)?.content ?? '')
      : undefined
  return world
}
