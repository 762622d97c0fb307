import { Context, Logger } from 'koishi'
import * as identity from 'koishi-plugin-space-access'
import * as onebot from 'koishi-plugin-space-onebot'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot, Fault } from '../platforms/onebot'
import { Roster } from './app'

Logger.levels.base = Logger.SILENT

let app: Context
let fake: FakeOneBot
let database: { dispose(): unknown }

beforeEach(async () => {
  fake = await startFakeOneBot()
  app = new Context({ prefix: ['/'], autoAssign: true, autoAuthorize: 1 })
  database = app.plugin(sqlite, { path: ':memory:' })
  app.plugin(Roster)
  app.plugin(identity)
  const patient = { responseTimeout: 60_000 }
  app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...fake.config, ...patient })
  await app.start()
  await app.model.prepared()
  await fake.online()
  const staff = { platform: 'onebot', selfId: fake.selfId, userId: '300' }
  await app.access.grants.give(staff, { kind: 'staff', label: '电教馆' })
})

afterEach(async () => {
  database.dispose()
  await app.stop()
  await fake.close()
})

const asked = () => fake.calls.filter(({ action }) => action === 'get_group_info').length
const onName = (fault: Fault) => {
  fake.fault = ({ action }) => (action === 'get_group_info' ? fault : undefined)
}
const setUp = () => fake.say('200', '300', '/群 交流群', { wait: 10_000 })
const nameStored = async () => (await app.access.groups.list({ channelId: '200' }))[0]?.name

describe('the name of a group', { timeout: 30_000 }, () => {
  it('is asked of the platform when the group is set up', async () => {
    expect(await setUp()).toEqual(['已设置，本群是：交流群，名称“group 200”。'])
    expect(await nameStored()).toBe('group 200')
  })

  it('that staff have given is kept, and the platform is not asked again', async () => {
    await setUp()
    await fake.say('200', '300', '/群 名称 江北片区')
    await setUp()
    expect(await nameStored()).toBe('江北片区')
    expect(asked()).toBe(1)
  })

  it('stays empty where the platform refuses, and the group is set up all the same', async () => {
    onName({ kind: 'refuse', retcode: 1200 })
    expect(await setUp()).toEqual(['已设置，本群是：交流群。'])
    expect(await nameStored()).toBe('')
  })

  it('is asked for again the next time', async () => {
    onName({ kind: 'refuse', retcode: 1200 })
    await setUp()
    fake.fault = () => undefined
    await setUp()
    expect(await nameStored()).toBe('group 200')
  })

  it('is not waited for when the platform does not answer', async () => {
    onName({ kind: 'stall' })
    expect(await setUp()).toEqual(['已设置，本群是：交流群。'])
    expect(asked()).toBe(1)
  })
})
