// Orders to stop reach what is on its way.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CLOSED, OPEN, OutboxHouse } from './harness'

let house: OutboxHouse
beforeEach(async () => {
  house = await OutboxHouse.start({ proactive: [OPEN] })
  await house.open({ hangMs: 60_000 })
})
afterEach(() => house.close())

const later = async () => new Promise((resolve) => setTimeout(resolve, 300))

describe('a passing refusal that comes after the order', () => {
  beforeEach(async () => {
    house.qq.fault = ({ path }) =>
      path.endsWith('/messages') ? { kind: 'refuse', status: 429, err: 22009, late: 400 } : undefined
    await house.app.outbox.enqueue([
      house.message('a', house.toQq(OPEN)),
      house.message('b', house.toQq(`${OPEN}B`)),
    ])
    await house.until(['a', 'b'], ['leased', 'leased'])
  })

  const settled = async () => {
    await vi.waitFor(async () => expect((await house.app.outbox.status()).counts.leased).toBe(0), {
      timeout: 10_000,
    })
    house.qq.fault = () => undefined
    await house.app.database.set('space_message', {}, { notBefore: 0 })
    await later()
  }

  test('cancelled stays cancelled: nothing comes a quarter of an hour later', async () => {
    await house.app.outbox.cancel({ batch: 'b' })
    await settled()
    expect(await house.states('a', 'b')).toEqual(['failed', 'failed'])
    expect(house.qq.delivered).toEqual([])
    expect((await house.app.outbox.receipts({ batch: 'b' })).map(({ reason }) => reason)).toEqual([
      'cancelled',
      'cancelled',
    ])
  })

  test('recalled stays recalled', async () => {
    await house.app.outbox.recall({ batch: 'b' })
    await settled()
    expect(await house.states('a', 'b')).toEqual(['failed', 'failed'])
    expect(house.qq.delivered).toEqual([])
  })

  test('resumed before the refusal came it is tried again', async () => {
    await house.app.outbox.cancel({ batch: 'b' })
    await house.app.outbox.resume({ batch: 'b' })
    await vi.waitFor(async () => expect((await house.app.outbox.status()).counts.leased).toBe(0), {
      timeout: 10_000,
    })
    expect(await house.states('a', 'b')).toEqual(['pending', 'pending'])
  })
})

test('an answer whose outcome is open is not repeated after the order: nobody can know', async () => {
  house.qq.fault = ({ body }) =>
    Number(body['msg_seq']) > 100 ? { kind: 'drop', delivered: false } : undefined
  await house.app.outbox.enqueue(house.message('a', house.toQq(CLOSED)))
  await house.until(['a'], ['parked'])
  await house.qq.say(CLOSED, 'F0E1D2C3B4A5', 'ping', { quiet: 300 })
  await vi.waitFor(
    async () => expect((await house.app.database.get('space_message', 'a'))[0]?.routeKind).toBe('message'),
    { timeout: 10_000 },
  )
  await house.app.outbox.cancel({ batch: 'b' })
  house.qq.fault = () => undefined
  await house.until(['a'], ['unknown'])
  await later()
  expect(house.qq.texts(CLOSED)).toEqual(['pong'])
})

test('a muted group knows after a pause why it waits', async () => {
  house.onebot.fault = ({ action }) =>
    action === 'send_group_msg'
      ? { kind: 'refuse', retcode: 1200, wording: 'EventRet: {"result": 120}' }
      : undefined
  await house.app.outbox.enqueue([house.message('a'), house.message('b')])
  const reasons = async () => (await house.app.outbox.receipts({ batch: 'b' })).map(({ reason }) => reason)
  await vi.waitFor(async () => expect(await reasons()).toEqual(['muted', 'muted']), { timeout: 10_000 })
  await house.app.outbox.cancel({ batch: 'b' })
  expect(await house.states('a', 'b')).toEqual(['failed', 'failed'])
  expect(await house.app.outbox.resume({ batch: 'b' })).toBe(2)
  await later()
  expect(await house.states('a', 'b')).toEqual(['pending', 'pending'])
  expect(await reasons()).toEqual(['muted', 'muted'])
})
