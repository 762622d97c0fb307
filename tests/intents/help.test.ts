import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startBulletins } from '../bulletins/house'
import type { BulletinHouse } from '../bulletins/house'
import { at } from '../journeys/house'

let test: BulletinHouse
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-17 10:00:00') })
  test = await startBulletins()
})
afterAll(async () => {
  await test.stop()
  vi.useRealTimers()
})

const listed = async (user: string) =>
  [...(await test.say('/帮助', user)).matchAll(/^\/(\p{Script=Han}+)：/gmu)].map(([, command]) => command)

it('an administrator is shown awards, bulletins, pictures and exports', async () => {
  const commands = await listed('4001')
  for (const command of ['评优', '推荐', '异议', '证书', '展示', '走势', '成绩单', '导出', '通报'])
    expect(commands).toContain(command)
  expect(commands).not.toContain('评审')
})

it('staff is shown the judging, too', async () => {
  expect(await listed('5001')).toContain('评审')
})

it('somebody unbound is shown only what needs no role', async () => {
  const commands = await listed('4999')
  expect(commands).toContain('证书')
  for (const command of ['评优', '推荐', '评审', '走势', '成绩单', '导出', '通报', '网页'])
    expect(commands).not.toContain(command)
})

it.each([
  ['异议', '真实姓名'],
  ['导出', '/导出 教师报表'],
  ['走势', '/走势 第一小学'],
  ['通报', '/通报 起草'],
])('/帮助 %s explains it', async (command, part) => {
  expect(await test.say(`/帮助 ${command}`, '4001')).toContain(part)
})
