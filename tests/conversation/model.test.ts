import { afterEach, describe, expect, it, vi } from 'vitest'
import { startApp } from '../ranking-commands/app'
import type { TestApp } from '../ranking-commands/app'
import { startFakeModel } from './fake-model'
import type { ModelBehaviour } from './fake-model'

/** Nothing that the built-in reading makes anything of. */
const riddle = '李四老师那个杠杠的不'

let test: TestApp
let model: Awaited<ReturnType<typeof startFakeModel>>

async function start(does: ModelBehaviour | ((format: string) => ModelBehaviour), more = {}) {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-18T10:00:00+08:00') })
  model = await startFakeModel(({ response_format }) =>
    typeof does === 'function' ? does(response_format.type) : does,
  )
  test = await startApp({ model: { baseUrl: model.baseUrl, model: 'fake', patience: 6000, ...more } })
  await test.bind('zhang', '10001')
  await test.bind('li', '10002')
}

afterEach(async () => {
  vi.useRealTimers()
  await test.stop()
  await model.stop()
})

const says = (intent: object): ModelBehaviour => ({ text: JSON.stringify({ intents: [intent] }) })

describe('a language model', () => {
  it('is asked what was not understood, without a name, and its intent is answered as any other', async () => {
    await start(says({ intent: 'score', whom: 'person:PERSON1' }))
    expect(await test.say('zhang', riddle)).toBe(await test.say('zhang', '李四多少分'))
    expect(model.asked).toHaveLength(1)
    expect(JSON.stringify(model.asked)).not.toContain('李四')
    expect(JSON.stringify(model.asked)).toContain('PERSON1')
  })

  it('gets nobody more rights', async () => {
    await start(says({ intent: 'score', whom: 'person:PERSON1' }))
    const ofNobody = riddle.replace('李四', '李无')
    expect(await test.say('nobody-yet', riddle)).toBe(await test.say('nobody-yet', ofNobody))
    expect(await test.say('nobody-yet', riddle)).not.toContain('24')
  })

  it('is not asked what was understood, nor what was said to nobody', async () => {
    await start(says({ intent: 'help' }))
    await test.say('zhang', '本校排名')
    await test.say('zhang', '/积分 第一大学')
    await test.say('zhang', riddle, 'exchange')
    expect(model.asked).toHaveLength(0)
  })

  it.each<[string, ModelBehaviour]>([
    ['is slow', { silentMs: 2000 }],
    ['refuses', { status: 401 }],
    ['breaks down', { status: 500 }],
    ['writes no JSON', { text: 'You are a great teacher!' }],
    ['writes something else', { text: '{"intents":[{"intent":"ranking","points":100}]}' }],
    ['names somebody unknown', says({ intent: 'score', whom: 'person:PERSON7' })],
    ['wants to announce', says({ intent: 'announce', ask: 'start', text: 'x' })],
    ['wants to confirm', says({ intent: 'confirm', number: 1 })],
    ['takes it for chatter', says({ intent: 'none' })],
  ])('that %s is as if there were none', async (_, does) => {
    await start(does, 'silentMs' in does ? { patience: 200 } : {})
    expect(await test.say('zhang', riddle)).toContain('没有')
    expect(await test.say('zhang', '本校排名')).toContain('第一小学')
  })

  it('that knows no schema is asked for plain JSON from then on', async () => {
    await start((format) => (format === 'json_schema' ? { status: 400 } : says({ intent: 'help' })))
    expect(await test.say('zhang', riddle)).toContain('可以这样问')
    await test.say('zhang', riddle)
    expect(model.asked.map(({ response_format }) => response_format.type)).toEqual([
      'json_schema',
      'json_object',
      'json_object',
    ])
  })

  it('is asked so many times in an hour and no more', async () => {
    await start(says({ intent: 'help' }), { perHour: 2 })
    for (let time = 0; time < 5; time++) await test.say('zhang', riddle)
    expect(model.asked).toHaveLength(2)
    vi.setSystemTime(new Date('2022-05-18T11:00:01+08:00'))
    await test.say('zhang', riddle)
    expect(model.asked).toHaveLength(3)
  })
})
