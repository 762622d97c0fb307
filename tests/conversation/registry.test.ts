import type { Context } from 'koishi'
import type { Conversation } from 'koishi-plugin-space-conversation'
import { afterEach, expect, it } from 'vitest'
import { startApp } from './app'
import type { TestApp } from './app'

let test: TestApp
afterEach(() => test.stop())

/** A command of one folder: its name, help, texts and intent, and nothing anywhere else. */
const lunch = {
  name: 'space-lunch',
  inject: ['conversation'],
  apply(ctx: Context) {
    ctx.i18n.define('zh-CN', {
      'space-lunch': {
        help: { 午餐: { line: '/午餐：今天吃什么', more: '例如：/午餐。' } },
        today: '今天吃面。',
      },
    })
    ctx.command('午餐').action(({ session }) => session?.text('space-lunch.today') ?? '')
    ctx.effect(() =>
      ctx.conversation.register({
        texts: 'space-lunch',
        help: [{ command: '午餐', for: ['all'], order: 1 }],
        intents: { contact: (session) => Promise.resolve(session.text('space-lunch.today')) },
      }),
    )
  },
}

it('a command of one plugin is in the help, is carried out, and goes with its plugin', async () => {
  test = await startApp()
  expect((await test.say('u1', '/帮助'))[0]).not.toContain('午餐')
  const fork = test.app.plugin(lunch)
  await test.app.lifecycle.flush()
  expect((await test.say('u1', '/帮助'))[0]).toContain('/午餐：今天吃什么')
  expect(await test.say('u1', '/帮助 午餐')).toEqual(['例如：/午餐。'])
  expect(await test.say('u1', '/午餐')).toEqual(['今天吃面。'])
  const { conversation }: { conversation: Conversation } = test.app
  expect(conversation.help().map(({ command }) => command)).toContain('午餐')
  fork.dispose()
  expect((await test.say('u1', '/帮助'))[0]).not.toContain('午餐')
})

it('/help is our help, not the list of all commands', async () => {
  test = await startApp()
  const [own] = await test.say('u1', '/帮助')
  expect(await test.say('u1', '/help')).toEqual([own])
})

it('a bare mention is answered with what this person can ask', async () => {
  test = await startApp()
  expect(await test.say('u1', '<at id="514"/>', 'g1')).toEqual([
    '您好，我是空间助手。您还没有绑定，请私聊我发送“/绑定”，就能查自己的得分和本校排名。',
  ])
  expect(await test.say('u1', '<at id="7"/>', 'g1')).toEqual([])
})
