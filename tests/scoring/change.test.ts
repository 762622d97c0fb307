import { expect, it } from 'vitest'
import { planTallies } from '@space-assistant/core/scoring/change'
import { encode, emptyPack } from '@space-assistant/core/scoring/tallies'

const pack = encode([{ indicator: 0, day: 19_000, count: 2 }])
const known = {
  pack: () => emptyPack,
  school: (account: string) => (account === 'stranger' ? undefined : 'S'),
  members: () => ['known', 'idle'],
}

it.each([true, false])('strangers and members without an action change nothing (ids: %s)', (withIds) => {
  const stated = new Map([
    ['known', pack],
    ['idle', emptyPack],
    ['stranger', pack],
  ])
  const changes = planTallies({ withIds, stated, days: new Set([19_000]), spared: new Map() }, known)
  expect(changes.map(({ account }) => account)).toEqual(['known'])
})
