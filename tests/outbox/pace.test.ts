// A human's pace, and few messages in doubt when something falls.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { OutboxHouse } from './harness'

let house: OutboxHouse
beforeEach(async () => void (house = await OutboxHouse.start()))
afterEach(() => house.close())

const groups = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1))
const times: number[] = []
const noteTimes = () => {
  times.length = 0
  house.onebot.onDelivered = () => void times.push(performance.now())
}
const enqueue = (count: number) =>
  house.app.outbox.enqueue(groups(count).map((group) => house.message(`g${group}`, house.toOneBot(group))))

test('28 groups at once: no two messages closer than the gap, and the slot is taken when it is found free', async () => {
  await house.open({ quotas: true, gapMinMs: 200, gapMaxMs: 300 })
  noteTimes()
  await enqueue(28)
  // The platform's own limit lets 20 go in a minute.
  await vi.waitFor(() => expect(times).toHaveLength(20), { timeout: 20_000 })
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(times).toHaveLength(20)
  const gaps = times.slice(1).map((time, index) => time - times[index]!)
  expect(Math.min(...gaps)).toBeGreaterThan(50)
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(19 * 190)
  expect(house.app.outbox.standstills()).toMatchObject([{ why: 'pace' }])
  expect((await house.app.outbox.status()).counts).toMatchObject({ sent: 20, pending: 8, unknown: 0 })
})

test('by default one or three seconds lie between two groups', async () => {
  await house.open({ quotas: true })
  noteTimes()
  await enqueue(3)
  await vi.waitFor(() => expect(times).toHaveLength(3), { timeout: 10_000 })
  const gaps = times.slice(1).map((time, index) => time - times[index]!)
  for (const gap of gaps) expect(gap).toBeGreaterThan(950)
})

test('what people are answered counts too', async () => {
  await house.open({ quotas: true, gapMinMs: 0, gapMaxMs: 0 })
  for (let each = 0; each < 20; each++) {
    const { platform, selfId, channelId } = house.toOneBot(`a${each}`)
    house.app.emit('space/spoken', { platform, selfId, channelId, messages: 1 })
  }
  await enqueue(2)
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(house.onebot.delivered).toHaveLength(0)
  expect(await house.states('g1', 'g2')).toEqual(['pending', 'pending'])
})

test('at most four are under way, so that a connection that falls leaves at most four in doubt', async () => {
  await house.open()
  house.onebot.fault = ({ action }) =>
    action === 'send_group_msg' ? { kind: 'stall', delivered: true } : undefined
  await enqueue(60)
  await vi.waitFor(() => expect(house.onebot.delivered).toHaveLength(4), { timeout: 10_000 })
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(house.onebot.delivered).toHaveLength(4)
  house.onebot.fault = () => undefined
  house.onebot.cut()
  await vi.waitFor(
    async () => expect((await house.app.outbox.status()).counts).toMatchObject({ sent: 56, unknown: 4 }),
    {
      timeout: 20_000,
    },
  )
  expect(house.onebot.delivered).toHaveLength(60)
})

test('while one hangs nothing new begins, and staff can be told that', async () => {
  await house.open({ hangMs: 100 })
  house.onebot.fault = ({ params }) =>
    String(params['group_id']) === '1' ? { kind: 'stall', late: 800, delivered: true } : undefined
  await house.app.outbox.enqueue(house.message('g1', house.toOneBot('1')))
  await house.until(['g1'], ['leased'])
  await vi.waitFor(() => expect(house.app.outbox.standstills()).toMatchObject([{ why: 'hanging' }]), {
    timeout: 10_000,
  })
  await house.app.outbox.enqueue(house.message('g2', house.toOneBot('2')))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await house.states('g1', 'g2')).toEqual(['leased', 'pending'])
  await house.until(['g1', 'g2'], ['sent', 'sent'])
})
