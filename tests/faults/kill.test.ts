import { beforeAll, describe, expect, test } from 'vitest'
import { campaign } from './campaign'
import { buildSender } from './process'
import { demands } from './verdict'

beforeAll(buildSender)

const none = { lost: 0, twice: 0, disorder: 0, unsettled: 0, outside: 0, afterCancel: 0 }

// The short form; `kill.ts` does the same as often as it is told.
describe('500 messages to 50 groups of QQ, OneBot, WeCom and its webhook bots, nothing lost, nothing twice', () => {
  test.each([
    ['process', 12],
    ['two', 4],
    ['server', 3],
    ['connections', 20],
  ] as const)('%s: %i faults', { timeout: 180_000 }, async (kind, faults) => {
    const seed = Date.now() % 1_000_000
    const figures = await campaign({ kind, seed, faults, perRun: kind === 'connections' ? 20 : 12 })
    const found = Object.fromEntries(demands.map((demand) => [demand, figures[demand]]))
    expect(found, `seed ${seed}`).toEqual(none)
    expect(figures.faults).toBeGreaterThanOrEqual(faults)
    expect(figures.arrived + figures.unknown - figures.unknownArrived).toBe(figures.messages)
    // The process lives on: what became of every message is known.
    if (kind === 'server') expect(figures.unknown).toBe(0)
  })
})
