import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operator } from '@space-assistant/core/access/viewer'
import type { Context } from 'koishi'
import * as gateway from 'koishi-plugin-space-conversation'
import * as identity from 'koishi-plugin-space-access'
import Outbox from 'koishi-plugin-space-outbox'
import * as rescore from 'koishi-plugin-space-rescore'
import * as roster from 'koishi-plugin-space-roster'
import Schemes from 'koishi-plugin-space-schemes'
import * as scoreboard from 'koishi-plugin-space-scoreboard'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { stores } from '../database/stores'
import type { Store } from '../database/stores'

const dir = mkdtempSync(join(tmpdir(), 'space-notice-'))
const file = join(dir, 'schemes/xinzhou-2022.yml')
let store: Store

beforeAll(async () => {
  cpSync('config', dir, { recursive: true })
  store = await stores['SQLite file']()
})
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true })
  await store.drop()
})

/** One run of the bot; answers what it did. */
async function run<T>(act: (app: Context) => Promise<T>): Promise<T> {
  const app = await store.open((ctx) => {
    ctx.plugin(Schemes, { scheme: 'xinzhou-2022', dir, pollSeconds: 3600 })
    ctx.plugin(roster, { pollSeconds: 3600 })
    ctx.plugin(scoreboard, { pollSeconds: 3600 })
    ctx.plugin(identity)
    ctx.plugin(gateway, gateway.Config({} as gateway.Config))
    ctx.plugin(Outbox, new Outbox.Config())
    ctx.plugin(rescore)
  })
  await new Promise<void>((done) => app.inject(['scoreboard', 'outbox', 'access'], () => done()))
  await app.model.prepared()
  try {
    return await act(app)
  } finally {
    await store.close(app)
  }
}

const letters = (app: Context) =>
  app.database.get('space_message', { kind: 'rules' }, { sort: { createdAt: 'asc', id: 'asc' } })
const change = (from: string, to: string) => {
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(file, text.replace(from, to))
}

it('staff are told once, after a start, that changed rules wait, and of a file with mistakes', async () => {
  await run(async (app) => {
    const boss = { platform: 'onebot', selfId: '1', userId: 'boss' }
    await app.access.grants.give(boss, { kind: 'staff', label: '王老师' })
    expect(await letters(app)).toEqual([])
  })
  change('- { from: 8, points: 2 }', '- { from: 8, points: 3 }')
  const told = () =>
    run(async (app) => {
      await expect.poll(() => letters(app)).not.toEqual([])
      return letters(app)
    })
  const [letter, ...others] = await told()
  expect(others).toEqual([])
  expect(letter).toMatchObject({ bot: 'onebot:1', channel: 'private:boss' })
  expect(letter!.content).toContain('计分规则改动了，还没有采用，现在仍按原来的规则计分')
  expect(await told()).toHaveLength(1)

  change('- { from: 8, points: 3 }', '- { from: 0, points: 3 }')
  await run(async (app) => {
    await expect.poll(() => letters(app)).toHaveLength(2)
    expect((await letters(app))[1]!.content).toContain('计分方案有错，现在仍按原来的规则计分')
    // A group of their own is where all of them read.
    const group = { platform: 'onebot', selfId: '1', channelId: 'G9' }
    await app.access.groups.set(group, { purpose: 'staff' }, operator)
  })
  change('- { from: 0, points: 3 }', '- { from: 8, points: 5 }')
  await run(async (app) => {
    await expect.poll(() => letters(app)).toHaveLength(3)
    expect((await letters(app)).map(({ channel }) => channel)).toContain('G9')
  })
})
