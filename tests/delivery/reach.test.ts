import { channelReaches, decideReach } from '@space-assistant/core/delivery/reach'
import { expect, it } from 'vitest'
import enUS from '../../plugins/outbox/locales/en-US.json'
import zhCN from '../../plugins/outbox/locales/zh-CN.json'

const online = 'online'
it.each([
  ['a platform that nobody set up', 'wecom', false, 'proactive', 'absent', 'not-configured'],
  ['a QQ group whose owner lets nobody speak first', 'qq', false, 'passive-only', online, 'must-mention'],
  ['a QQ person', 'qq', true, 'passive-only', online, 'must-speak'],
  ['a WeCom chat that never spoke', 'wecom', false, 'passive-only', online, 'must-speak'],
  ['somebody who is no friend on OneBot', 'onebot', true, 'passive-only', online, 'must-speak'],
  ['a group that threw the bot out', 'onebot', false, 'down', online, 'gone'],
  ['a bot that is away', 'onebot', false, 'proactive', 'offline', 'offline'],
  ['a webhook bot', 'wecom-webhook', false, 'send-only', online, 'reachable'],
] as const)('%s', (_, platform, direct, mode, bot, reach) => {
  expect(decideReach(platform, direct, { channel: { mode }, bot })).toBe(reach)
})

it('each has a sentence in both languages', () => {
  for (const texts of [zhCN, enUS]) {
    expect(Object.keys(texts['space-outbox'].reach).sort()).toEqual([...channelReaches].sort())
  }
})
