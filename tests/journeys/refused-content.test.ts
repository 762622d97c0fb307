// What QQ refuses for its content goes in another form, support are told, and nobody is answered with silence.
import { resolve } from 'node:path'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operator } from '@space-assistant/core/access/viewer'
import * as operations from 'koishi-plugin-space-operations'
import * as tickets from 'koishi-plugin-space-tickets'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startFakeQq } from '../platforms/qq'
import type { FakeQq } from '../platforms/qq'
import { eventually, files, startHouse } from './house'
import type { House } from './house'

const exchange = '6A8B3C2D1E0F0001'
const support = '6A8B3C2D1E0F0002'
const staff = '6A8B3C2D1E0F0003'
const admin = 'ADMIN0000000000000000000000000001'
const agent = 'AGENT0000000000000000000000000001'
const patient = { wait: 20_000, quiet: 500 }
const sensitive = '违禁词'

let house: House
let qq: FakeQq
let folder: string

beforeEach(async () => {
  qq = await startFakeQq({ proactive: [exchange, support, staff, admin, agent] })
  // The platform takes nothing that holds the word, in whatever form.
  qq.fault = ({ method, path, body }) =>
    method === 'POST' && path.endsWith('/messages') && JSON.stringify(body).includes(sensitive)
      ? { kind: 'refuse', code: 40034006 }
      : undefined
  house = await startHouse({ qq })
  const { app } = house
  folder = mkdtempSync(join(tmpdir(), 'space-tickets-'))
  app.plugin(tickets, tickets.Config({ dir: resolve(folder) } as tickets.Config))
  app.plugin(operations, operations.Config({} as operations.Config))
  await new Promise<void>((done) => app.inject(['tickets'], () => done()))
  await app.model.prepared()
  await app.lifecycle.flush()
  const preview = await app.imports.preview({ name: 'roster.csv', bytes: files.roster }, operator)
  if (!preview.ok) throw new Error(preview.code)
  await app.imports.confirm(preview.value.id, operator)
  const chat = { platform: 'qq', selfId: qq.selfId }
  await app.access.link({ ...chat, userId: admin }, '20001')
  await app.access.grants.give({ ...chat, userId: agent }, { kind: 'support', label: '李工' })
  await app.access.groups.set({ ...chat, channelId: exchange }, { purpose: 'exchange' }, operator)
  await app.access.groups.set({ ...chat, channelId: support }, { purpose: 'support' }, operator)
  await app.access.groups.set({ ...chat, channelId: staff }, { purpose: 'staff' }, operator)
})
afterEach(async () => {
  await house.stop()
  await qq.close()
  rmSync(folder, { recursive: true, force: true })
})

it('the card of a report comes without its text, and whoever asks for the text is told why it is not shown', async () => {
  const filed = await qq.say(exchange, admin, `/反馈 资源上传失败 ${sensitive} 一直转圈`, patient)
  expect(filed.join('\n')).toMatch(/#?\d{4}/)
  const [, number] = /(\d{4,})/.exec(filed.join('\n')) ?? []
  await eventually(() => expect(qq.texts(support).join('\n')).toContain('一条问题反馈的内容平台不让显示'))
  const asked = await qq.say(support, agent, `/工单 ${number}`, patient)
  expect(asked.join('\n')).toContain('平台不让显示的内容')
  // Staff hear of the refused answer, in their own group.
  await eventually(() => expect(qq.texts(staff).join('\n')).toContain('因内容被'))
})

it('a name of a menu, which looks like a domain, is no reason to refuse', async () => {
  await qq.say(exchange, admin, '/反馈 点 1.登录 之后没有反应，页面是 2.设置', patient)
  await eventually(() => expect(qq.texts(support).join('\n')).toContain('之后没有反应'))
  expect(qq.refusals.filter((code) => code === 40054010)).toEqual([])
})

it('a question with a face is understood, and a face in an answer reaches the reporter', async () => {
  const face = '<faceType=1,faceId="178",ext="eyJ0ZXh0IjoiW+aWnOecvOeskV0ifQ==">'
  const answered = await qq.say(exchange, admin, `现在是什么阶段${face}`, patient)
  expect(answered.join('\n')).toMatch(/阶段|报名|活动/)
  expect(answered.join('\n')).not.toContain('没有听懂')
  const filed = await qq.say(exchange, admin, '/反馈 资源上传失败，一直转圈', patient)
  const [, number] = /(\d{4,})/.exec(filed.join('\n')) ?? []
  await eventually(() => expect(qq.texts(support).join('\n')).toContain('资源上传失败'))
  await qq.say(support, agent, `/回复 ${number} 已经修好了${face}`, patient)
  await eventually(() => expect(qq.texts(exchange).join('\n')).toContain('已经修好了[表情]'))
  expect(qq.texts(exchange).join('\n')).not.toContain('faceType')
})
