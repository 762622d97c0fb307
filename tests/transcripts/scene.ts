import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operator } from '@space-assistant/core/access/viewer'
import { recordsCsv } from '@space-assistant/core/demo/csv'
import { makeDistrict } from '@space-assistant/core/demo/district'
import { rosterExport, schoolsExport } from '@space-assistant/core/demo/exports'
import { parseDay } from '@space-assistant/core/calendar/day'
import * as howto from 'koishi-plugin-space-howto'
import * as tickets from 'koishi-plugin-space-tickets'
import { startHouse } from '../journeys/house'
import type { House } from '../journeys/house'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'

export const boss = { id: '9001', name: '电教馆李老师' }
export const admin = { id: '2001', name: '曾红子 (白滩中学管理员)' }
export const teacher = { id: '3001', name: '钱涵晓 (白滩中学教师)' }
export const agent = { id: '8001', name: '李工' }
export const exchange = { id: '700001', name: '交流群' }
export const support = { id: '700002', name: '平台支持群' }
export const district = makeDistrict({ size: 1 })

/** The whole house with the made-up district behind a fake QQ; members are bound and data filled in when asked for. */
export interface Scene {
  fake: FakeOneBot
  house: House
  /** Binds a chat to a member. */
  bind(user: { id: string }, account: string): Promise<void>
  /** Roster, schools and records from March to 15 May. */
  fill(): Promise<void>
  stop(): Promise<void>
}

/** The records of the district from March to the middle of May, as a file. */
export function recordsFile(house: House): { name: string; bytes: Buffer } {
  const window = { from: parseDay('2022-03-01') ?? 0, to: parseDay('2022-05-15') ?? 0 }
  const text = [...recordsCsv(district, house.app.schemes.active, { window })].join('')
  return { name: '行为明细.csv', bytes: Buffer.from(text) }
}

/** Starts the house; the caller has set the clock. */
export async function startScene(): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'space-scene-'))
  const fake = await startFakeOneBot({ selfId: '10001', token: 'loopback' })
  const house = await startHouse({ onebot: fake })
  const { app } = house
  app.plugin(tickets, tickets.Config({ dir: folder } as tickets.Config))
  app.plugin(howto)
  await house.startReminders()
  const who = { platform: 'onebot', selfId: fake.selfId }
  await app.access.grants.give({ ...who, userId: boss.id }, { kind: 'staff', label: '电教馆' })
  await app.access.grants.give({ ...who, userId: agent.id }, { kind: 'support', label: '李工' })
  await app.access.groups.set({ ...who, channelId: exchange.id }, { purpose: 'exchange' }, operator)
  await app.access.groups.set({ ...who, channelId: support.id }, { purpose: 'support' }, operator)
  return {
    fake,
    house,
    async bind({ id }, account) {
      await app.access.link({ ...who, userId: id }, account)
    },
    async fill() {
      const roster = await rosterExport(district)
      for (const { name, bytes } of [roster, schoolsExport(district), recordsFile(house)]) {
        const preview = await app.imports.preview({ name, bytes, by: boss.name }, operator)
        if (!preview.ok) throw new Error(preview.code)
        const stored = await app.imports.confirm(preview.value.id, operator)
        if (!stored.ok) throw new Error(stored.code)
      }
    },
    async stop() {
      await house.stop()
      await fake.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
