// The answers that a platform allows are counted in its own messages.
import { h } from 'koishi'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CLOSED, OutboxHouse } from './harness'

const U = 'F0E1D2C3B4A5'
let house: OutboxHouse
beforeEach(async () => {
  house = await OutboxHouse.start()
  await house.open()
})
afterEach(() => house.close())

const picture = (name: string) => h.image(Buffer.from(name), 'image/png')
const long = (letter: string) => letter.repeat(2500)
const park = async (...keys: string[]) =>
  house.until(
    keys,
    keys.map(() => 'parked'),
  )

test('of six messages of which three need two parts none is cut: what does not fit waits whole', async () => {
  const contents = ['a', long('b'), 'c', long('d'), 'e', long('f')]
  const keys = contents.map((_, index) => `m${index}`)
  await house.app.outbox.enqueue(
    contents.map((text, index) => house.message(keys[index]!, house.toQq(), { content: h.text(text) })),
  )
  await park(...keys)
  for (let each = 0; each < 4; each++) await house.qq.say(CLOSED, U, 'ping', { quiet: 400 })
  await house.until(
    keys,
    keys.map(() => 'sent'),
  )
  const texts = house.qq.texts(CLOSED).filter((text) => text !== 'pong')
  expect(texts.join('').replace(/\s/g, '')).toBe(contents.join(''))
  // Refused once, as the bot may not speak first; never for a sixth answer.
  expect(house.qq.refusals).toEqual([40034105])
})

test('a card with six pictures goes on at the next thing said, and says what is still to come', async () => {
  const content = [h.text('report'), ...['1', '2', '3', '4', '5', '6'].map(picture)]
  await house.app.outbox.enqueue(house.message('card', house.toQq(), { content }))
  await park('card')
  const said = async () => house.qq.say(CLOSED, U, 'ping', { quiet: 500 })
  expect(await said()).toEqual(['pong', 'report', '[image]', expect.stringContaining('还有 5 条')])
  await park('card')
  expect(await said()).toEqual(['pong', '[image]', '[image]', expect.stringContaining('还有 3 条')])
  expect(await said()).toEqual(['pong', '[image]', '[image]', '[image]'])
  await house.until(['card'], ['sent'])
  const pictures = house.qq.delivered.flatMap(({ file }) => (file ? [file.bytes.toString()] : []))
  expect(pictures).toEqual(['1', '2', '3', '4', '5', '6'])
})

test('a half that was refused is known, and only the rest comes again', async () => {
  house.onebot.fault = ({ action }) =>
    action === 'send_group_msg' && house.onebot.delivered.length === 1
      ? { kind: 'refuse', retcode: 100 }
      : undefined
  await house.app.outbox.enqueue(
    house.message('a', house.toOneBot(), { content: h.text('x'.repeat(12_000)) }),
  )
  await vi.waitFor(
    async () =>
      expect((await house.app.database.get('space_message', 'a'))[0]).toMatchObject({ sentParts: 1 }),
    { timeout: 10_000 },
  )
  expect(await house.states('a')).toEqual(['pending'])
  house.onebot.fault = () => undefined
  await house.app.database.set('space_message', 'a', { notBefore: 0 })
  await house.app.database.set('space_channel', {}, { blockedUntil: 0 })
  await house.until(['a'], ['sent'])
  expect(house.onebot.texts('200').map(({ length }) => length)).toEqual([9000, 3000])
})
