import { h } from 'koishi'
import type { Session } from 'koishi'
import type { GivenAnswer, QuestionRequest } from 'koishi-plugin-space-conversation'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startApp } from './app'
import type { TestApp } from './app'

let test: TestApp
let done: string[]
let told: { target: object; content: string }[]
const mention = (text: string) => `<at id="514"/> ${text}`

const base: QuestionRequest = {
  about: 'notice',
  form: 'act',
  label: '发出 5 号公告',
  number: 5,
  ms: 600_000,
  expired: '5 号公告没有发出。',
  answer: (_: Session, answer: GivenAnswer) => {
    done.push(answer.kind === 'chosen' ? `chosen ${answer.choice}` : answer.kind)
    return Promise.resolve(`done: ${answer.kind}`)
  },
}

/** A command that asks the question of the test. */
function asking(name: string, request: Partial<QuestionRequest> = {}): void {
  test.app.command(name).action(({ session }) => {
    const number = test.app.conversation.ask(session!, { ...base, ...request })
    return `number ${number}`
  })
}

beforeEach(async () => {
  done = []
  told = []
  test = await startApp()
  test.app.provide('outbox')
  test.app.set('outbox', { enqueue: (message: never) => Promise.resolve(void told.push(message)) } as never)
  test.app.conversation.knowViewers(({ isDirect, channelId }) =>
    Promise.resolve({
      grants: [],
      place: isDirect
        ? { kind: 'private' }
        : { kind: 'group', purpose: channelId === 'staff' ? 'staff' : 'exchange' },
    }),
  )
})
afterEach(async () => {
  vi.useRealTimers()
  await test.stop()
})

describe('an act that reaches many', () => {
  it.each([
    '好的',
    '可以',
    '是',
    '确认',
    'ok',
    '嗯',
    '谢谢',
    mention('好的'),
    '<at id="7"/> 好的',
    '<at id="7"/> 确认',
  ])('is not done by %s in a group', async (said) => {
    asking('发')
    await test.say('boss', '/发', 'staff')
    await test.say('boss', said, 'staff')
    expect(done).toEqual([])
  })

  it('is not done by words to a colleague whose message is quoted', async () => {
    asking('发')
    await test.say('boss', '/发', 'staff')
    expect(await test.say('boss', '<quote id="9"><author id="7"/>几点</quote>确认', 'staff')).toEqual([])
    expect(done).toEqual([])
  })

  it('is done by the word and its number in the staff group, by nobody else, and once', async () => {
    asking('发')
    await test.say('boss', '/发', 'staff')
    expect(await test.say('other', '确认 5', 'staff')).toEqual([])
    expect(await test.say('boss', '确认 5', 'staff')).toEqual(['done: yes'])
    expect(await test.say('boss', '确认 5', 'staff')).toEqual([])
    expect(await test.say('boss', '确认 5')).toEqual([
      '没有编号 5 的事在等您确认。发出 5 号公告：已经答复过了。',
    ])
    expect(done).toEqual(['yes'])
  })

  it('is not done in a group of others, even with its number, but in private', async () => {
    asking('发')
    await test.say('boss', '/发', 'exchange')
    expect(await test.say('boss', '确认 5', 'exchange')).toEqual([
      '发出 5 号公告：请私聊我，或到工作专班的群里发送“确认 5”。',
    ])
    expect(done).toEqual([])
    expect(await test.say('boss', '确认')).toEqual(['done: yes'])
  })

  it('needs its number in private, too, when two wait', async () => {
    asking('发')
    asking('存', { about: 'import', label: '保存“名册”', number: 8 })
    await test.say('boss', '/发')
    await test.say('boss', '/存')
    expect(await test.say('boss', '确认')).toEqual([
      '有几件事在等您，请带上编号：\n确认 5：发出 5 号公告\n确认 8：保存“名册”',
    ])
    expect(await test.say('boss', '好')).toEqual(['保存“名册”：请发送“确认 8”，不办请发送“取消 8”。'])
    expect(done).toEqual([])
    expect(await test.say('boss', '确认 5')).toEqual(['done: yes'])
    expect(await test.say('boss', '确认')).toEqual(['done: yes'])
  })

  it('gives way to a later one about the same, which says so', async () => {
    asking('发')
    asking('撤', { label: '撤回 3 号公告', number: 3 })
    await test.say('boss', '/发')
    expect(await test.say('boss', '/撤')).toEqual([
      '之前等您确认的“发出 5 号公告”先放下了，没有办。\nnumber 3',
    ])
    expect(await test.say('boss', '确认 5')).toEqual([
      '没有编号 5 的事在等您确认。发出 5 号公告：后来换了别的，没有办。',
    ])
    expect(done).toEqual([])
  })

  it('has a number of its own when that of the thing is taken', async () => {
    asking('发')
    asking('存', { about: 'import', number: 5 })
    await test.say('boss', '/发')
    const [said = ''] = await test.say('boss', '/存')
    expect(said).toMatch(/^number \d{4}$/)
  })
})

describe('what is understood otherwise', () => {
  it('comes before every open question', async () => {
    asking('发', { form: 'text', label: '公告的内容' })
    await test.say('boss', '/发')
    expect(await test.say('boss', '/排名 本校')).toEqual([
      '排名(本校)\n（还在等：公告的内容。接着发给我就行，不写了请发送“取消”。）',
    ])
    expect(await test.say('boss', '明天开会')).toEqual(['done: given'])
    expect(done).toEqual(['given'])
  })

  it('a sentence that a plugin understands is a question where a text is waited for', async () => {
    test.app.conversation.variant((text) => (text === '本校排名' ? '排名 本校' : undefined))
    asking('发', { form: 'text', label: '公告的内容' })
    await test.say('boss', '/发')
    expect((await test.say('boss', '本校排名'))[0]).toContain('排名(本校)\n（还在等：公告的内容。')
    expect(done).toEqual([])
  })
})

describe('a text that is waited for in a group', () => {
  it('is not the next line of chat, but what is said to the assistant', async () => {
    asking('报', { form: 'text', label: '您遇到的问题' })
    await test.say('wang', '/报', 'g1')
    expect(await test.say('wang', '我先去上课了', 'g1')).toEqual([])
    expect(await test.say('wang', '<at id="7"/> 网页打不开', 'g1')).toEqual([])
    expect(done).toEqual([])
    expect(await test.say('wang', mention('网页打不开'), 'g1')).toEqual(['done: given'])
  })
})

describe('words with nothing waiting', () => {
  it.each([
    ['确认', '现在没有等您确认的事。'],
    ['取消', '现在没有可以取消的事。'],
    ['是', '好的。现在没有等您回答的事，有问题直接问我就行。'],
    ['确认 7', '没有编号 7 的事在等您确认。'],
  ])('%s is answered', async (said, reply) => {
    expect(await test.say('u1', said)).toEqual([reply])
  })

  it('are nothing in a group', async () => {
    for (const said of ['确认', '取消', '是', '确认 7']) expect(await test.say('u1', said, 'g1')).toEqual([])
  })
})

describe('an offer', () => {
  it('is taken by an everyday word in private and by its number in a group', async () => {
    asking('问', { form: 'offer', number: 12 })
    await test.say('u1', '/问')
    expect(await test.say('u1', '好的')).toEqual(['done: yes'])
    await test.say('u1', '/问', 'g1')
    expect((await test.say('u1', mention('好的'), 'g1'))[0]).toContain('请发送“确认 12”')
    expect(await test.say('u1', '确认 12', 'g1')).toEqual(['done: yes'])
  })
})

describe('a choice', () => {
  it('is made by the number of a line', async () => {
    asking('选', { form: 'choice', choices: 3 })
    await test.say('u1', '/选')
    expect(await test.say('u1', '2')).toEqual(['done: chosen'])
    expect(done).toEqual(['chosen 2'])
  })
})

describe('an end without an answer', () => {
  it('is told once, in private', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    asking('发')
    const reply = test.say('boss', '/发', 'staff')
    await vi.advanceTimersByTimeAsync(100)
    await reply
    await vi.advanceTimersByTimeAsync(600_000)
    vi.useRealTimers()
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({
      target: { platform: 'mock', selfId: '514', channelId: 'private:boss' },
      content: '5 号公告没有发出。',
    })
    expect(done).toEqual([])
  })

  it('comes by 取消, which says what does not happen', async () => {
    asking('发')
    await test.say('boss', '/发')
    expect(await test.say('boss', '取消')).toEqual(['done: no'])
    expect(await test.say('boss', '取消')).toEqual(['现在没有可以取消的事。发出 5 号公告：已经取消。'])
  })
})

it('the elements of a mention at the end are no part of what is said', async () => {
  test.app.middleware(({ stripped }, next) => (stripped.appel ? h.text(`[${stripped.content}]`) : next()))
  expect(await test.say('u1', '我多少分 <at id="514"/>', 'g1')).toEqual(['[我多少分]'])
  expect(await test.say('u1', '@空间助手 我多少分', 'g1')).toEqual(['[我多少分]'])
  expect(await test.say('u1', '空间助手，我多少分', 'g1')).toEqual(['[我多少分]'])
  expect(await test.say('u1', '张老师，我多少分', 'g1')).toEqual([])
})
