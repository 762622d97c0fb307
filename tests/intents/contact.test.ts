import { afterEach, beforeEach, expect, it } from 'vitest'
import { startApp } from '../ticket-commands/app'
import type { TestApp } from '../ticket-commands/app'

let test: TestApp
beforeEach(async () => void (test = await startApp()))
afterEach(() => test.stop())

const cases = [
  ['电教馆电话', '区教育局电教馆：还没有公开的联系方式，请问本校信息技术管理员'],
  ['平台客服电话多少', '武汉教育云（人人通空间）客服：还没有公开的联系方式，请问本校信息技术管理员'],
  ['交流群号是多少', '管理员交流群：还没有公开的联系方式，请问街镇教育总支。'],
  ['怎么联系我们学校管理员', '请找本校信息技术管理员；'],
] as const

it('contacts are told to everybody as the file has them, also in a foreign group', async () => {
  for (const [question, part] of cases) {
    expect(await test.say('stranger', question)).toContain(part)
    expect(await test.say('stranger', `<at id="514"/> ${question}`, 'foreign')).toContain(part)
  }
})

it.each([
  ['积分怎么算', '教师指数就是教师本年的成长积分'],
  ['开通率怎么算', '空间开通率 = '],
])('%s is a how-to', async (question, part) => {
  expect(await test.say('stranger', question)).toContain(part)
})

it('one how-to after another is not taken for a remark on the first', async () => {
  await test.say('stranger', '积分怎么算')
  expect(await test.say('stranger', '开通率怎么算')).toContain('空间开通率 = ')
})
