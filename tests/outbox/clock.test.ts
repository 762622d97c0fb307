// A clock that was ahead is set right: what was stored by it does not wait for the hours that it was ahead.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { OutboxHouse } from './harness'

let house: OutboxHouse

beforeEach(async () => void (house = await OutboxHouse.start()))
afterEach(() => house.close())

test('messages of an hour ahead leave at once when the clock is set back', async () => {
  const right = Date.parse('2022-03-09T10:00:00+08:00')
  vi.useFakeTimers({ toFake: ['Date'], now: right + 3_600_000, shouldAdvanceTime: true })
  await house.open()
  const offline = house.onebot
  offline.fault = ({ action }) => (action === 'send_group_msg' ? { kind: 'refuse', retcode: 100 } : undefined)
  await house.app.outbox.enqueue(house.message('a'))
  await vi.waitFor(() => expect(offline.calls.some(({ action }) => action === 'send_group_msg')).toBe(true), {
    timeout: 10_000,
  })
  // Behind the one that is tried again these have not begun.
  await house.app.outbox.enqueue([house.message('b'), house.message('c')])
  vi.setSystemTime(right)
  offline.fault = () => undefined
  await house.until(['a', 'b', 'c'], ['sent', 'sent', 'sent'])
  expect(offline.texts('200')).toEqual(['text of a', 'text of b', 'text of c'])
})
