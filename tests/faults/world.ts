import { startFakeOneBot } from '../platforms/onebot'
import { startFakeQq } from '../platforms/qq'
import { startFakeWecom } from '../platforms/wecom'
import type { Fault } from './verdict'
import type { Job } from './sender'

/** What a platform does with one message: hangs (after it arrived, or before), drops the connection, or nothing. */
export type Mishap = { kind: 'stall' | 'drop'; delivered: boolean } | undefined

/** Group number n belongs to `platforms[n % platforms.length]`. */
export const platforms = ['onebot', 'qq', 'wecom', 'wecom-webhook'] as const

/** The platforms on loopback, what arrived there, and what went wrong. */
export interface World {
  job: Pick<Job, 'onebot' | 'qq' | 'qqSelf' | 'wecom'>
  /** Asked for each message; `answer` is one that may be repeated, since QQ takes it once. */
  mishap: (platform: string, answer: boolean) => Mishap
  /** Texts in the order in which they arrived, all platforms together. */
  arrivals: string[]
  /** When each of them did. */
  times: number[]
  /** Messages to which a platform never said a word. */
  unanswered: Set<string>
  /** Connections that fell. */
  cuts: Fault[]
  /** Cuts the connections of a platform. */
  cut(platform: (typeof platforms)[number]): void
  close(): Promise<void>
}

/** Where a message has a connection of its own. */
const overHttp: Readonly<Record<string, true>> = { qq: true, 'wecom-webhook': true }

/** Time between two lines of chat: while people talk, messages leave one at a time. */
const CHAT_MS = [25, 150] as const

export async function startWorld(groups: number, random: () => number): Promise<World> {
  const all = Array.from({ length: groups }, (_, group) => group)
  const of = (name: string) => all.filter((group) => platforms[group % platforms.length] === name)
  const onebot = await startFakeOneBot()
  const qq = await startFakeQq({ proactive: of('qq').map((group) => `G${group}`) })
  const wecom = await startFakeWecom()
  for (const group of of('wecom')) wecom.spoken.add(`wr${group}`)
  const webhookBots = of('wecom-webhook').map((group) => `r${group}=${wecom.webhook(`k${group}`)}`)

  // In every other group of QQ people talk: there the messages are answers, several in one message.
  const talking = of('qq').filter((_, index) => index % 2)
  const chat = setInterval(
    () => {
      const group = talking[Math.floor(random() * talking.length)]
      if (qq.connected) void qq.say(`G${group}`, 'PERSON', 'chat', { full: true, wait: 1 })
    },
    CHAT_MS[random() < 0.5 ? 0 : 1],
  )

  const world: World = {
    job: {
      onebot: onebot.config,
      qq: qq.config,
      qqSelf: qq.selfId,
      wecom: { ...wecom.config, webhooks: webhookBots.join(',') },
    },
    mishap: () => undefined,
    arrivals: [],
    times: [],
    unanswered: new Set(),
    cuts: [],
    cut(platform) {
      fallen(platform)
      if (platform === 'onebot') onebot.cut()
      if (platform === 'wecom') wecom.cut()
      if (platform === 'wecom-webhook') wecom.hangUp()
      if (platform !== 'qq') return
      qq.disconnect()
      qq.hangUp()
    },
    async close() {
      clearInterval(chat)
      await Promise.all([onebot.close(), qq.close(), wecom.close()])
    },
  }
  const fallen = (platform: string, text?: string) => {
    const only = text === undefined ? undefined : new Set(lettersIn(text))
    world.cuts.push({ platform, at: Date.now(), before: world.arrivals.length, only })
  }
  const judge = (platform: string, text: string, answer = false) => {
    const mishap = world.mishap(platform, answer)
    if (mishap?.kind === 'drop') fallen(platform, platform in overHttp ? text : undefined)
    if (mishap?.kind === 'stall') for (const message of lettersIn(text)) world.unanswered.add(message)
    return mishap
  }
  onebot.fault = ({ action, params }) => {
    const [first] = (params['message'] ?? []) as { data: { text?: string } }[]
    return action === 'send_group_msg' ? judge('onebot', first?.data.text ?? '') : undefined
  }
  qq.fault = ({ path, body }) =>
    path.endsWith('/messages') ? judge('qq', String(body['content']), Boolean(body['msg_id'])) : undefined
  wecom.fault = ({ cmd, body }) => {
    const content = ((body['markdown'] ?? body['text']) as { content?: string } | undefined)?.content ?? ''
    if (cmd === 'aibot_send_msg') return judge('wecom', content)
    return cmd === 'webhook' ? judge('wecom-webhook', content) : undefined
  }
  const arrived = (text: string) => {
    for (const letter of lettersIn(text)) {
      world.arrivals.push(letter)
      world.times.push(Date.now())
    }
  }
  for (const fake of [onebot, qq, wecom]) fake.onDelivered = arrived
  return world
}

/** Several messages in one message stand apart by an empty line. */
function lettersIn(text: string): string[] {
  return text.split('\n\n')
}
