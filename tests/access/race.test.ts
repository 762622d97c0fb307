import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operator } from '@space-assistant/core/access/viewer'
import type { Context } from 'koishi'
import * as identity from 'koishi-plugin-space-access'
import { stores } from '../database/stores'
import type { Store } from '../database/stores'
import { Roster } from './app'

const speaker = (userId: string) => ({
  platform: 'mock',
  selfId: '514',
  userId,
  channelId: userId,
  isDirect: true,
})
const crowd = Array.from({ length: 12 }, (_, i) => speaker(`u${i}`))

describe.each([
  ['SQLite file', stores['SQLite file']],
  ['MariaDB', stores.MariaDB],
] as const)('at once, on %s', (_, launch) => {
  let store: Store
  let app: Context

  beforeAll(async () => {
    store = await launch()
    app = await store.open((context) => {
      context.plugin(Roster)
      context.plugin(identity)
    })
  })
  afterAll(async () => {
    await store.close(app)
    await store.drop()
  })

  it('a code is used once by twelve people', async () => {
    const list = await app.access.codes('S1', operator)
    const code = list.ok ? list.value.rows[1]!.code : ''
    const outcomes = await Promise.all(crowd.map((who) => app.access.bindByCode(who, code)))
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1)
    expect(outcomes.filter((outcome) => !outcome.ok && outcome.code === 'code-unknown')).toHaveLength(11)
    expect(await app.database.get('space_person_link', {})).toHaveLength(1)
  })

  it('a request is decided once by twelve people, half of whom refuse', async () => {
    const asked = await app.access.request(speaker('asker'), '20002')
    const id = asked.ok ? asked.value.id : 0
    const outcomes = await Promise.all(
      crowd.map((_, i) => app.access.decide(id, i % 2 ? 'confirmed' : 'refused', operator)),
    )
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1)
    expect(outcomes.filter((outcome) => !outcome.ok && outcome.code === 'already-decided')).toHaveLength(11)
    const [request] = await app.database.get('space_bind_request', { id })
    const links = await app.database.get('space_person_link', { userId: 'asker' })
    expect(links).toHaveLength(request!.state === 'confirmed' ? 1 : 0)
  })

  it('one chat account is bound to one member, whatever it sends', async () => {
    const list = await app.access.codes('S1', operator)
    const codes = list.ok ? list.value.rows.slice(0, 2).map((row) => row.code) : []
    const who = speaker('double')
    const outcomes = await Promise.allSettled(codes.map((code) => app.access.bindByCode(who, code)))
    const bound = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value.ok)
    expect(bound).toHaveLength(1)
    expect(await app.database.get('space_person_link', { userId: 'double' })).toHaveLength(1)
    expect(await app.database.get('space_bind_code', { state: 'used' })).toHaveLength(2)
  })
})
