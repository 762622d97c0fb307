// QQ gives a person another id in each group: who is bound in private is carried into a group by a code.
import { operator } from '@space-assistant/core/access/viewer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startFakeQq } from '../platforms/qq'
import type { FakeQq, QqOptions } from '../platforms/qq'
import { files, startHouse } from './house'
import type { House } from './house'

const group = '6A8B3C2D1E0F0001'
const schoolGroup = '6A8B3C2D1E0F0002'
const staffUser = 'STAFF0000000000000000000000000001'
const adminUser = 'ADMIN0000000000000000000000000001'
const readerUser = 'READER000000000000000000000000001'
const patient = { wait: 15_000, quiet: 300 }

let house: House
let qq: FakeQq

async function begin(options: QqOptions): Promise<void> {
  qq = await startFakeQq(options)
  house = await startHouse({ qq })
  const preview = await house.app.imports.preview({ name: 'roster.csv', bytes: files.roster }, operator)
  if (!preview.ok) throw new Error(preview.code)
  await house.app.imports.confirm(preview.value.id, operator)
}

const whisper = async (user: string, text: string) => (await qq.whisper(user, text, patient)).join('\n')
const say = async (place: string, user: string, text: string) =>
  (await qq.say(place, user, text, patient)).join('\n')
const codeIn = (text: string) => /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(text)?.[0] ?? ''

/** Binds as people do: with a code, in private. */
async function bindAsStaff(): Promise<void> {
  const granted = await house.app.access.grants.code({ kind: 'staff', label: '电教馆' }, operator)
  expect(granted.ok && (await whisper(staffUser, `/绑定 ${granted.value.code}`))).toContain('工作专班')
}

async function bindAsAdministrator(): Promise<void> {
  const codes = await house.app.access.codes('S2', operator)
  const row = codes.ok ? codes.value.rows.find(({ name }) => name === '赵六') : undefined
  expect(await whisper(adminUser, `/绑定 ${row?.code}`)).toContain('绑定成功：赵六，清港小学')
}

afterEach(async () => {
  await house.stop()
  await qq.close()
})

describe('where ids differ and nothing else says who somebody is', () => {
  beforeEach(() => begin({ ids: 'different', unions: false }))

  it('staff bound in private register a group with a code, and the group hears from them', async () => {
    await bindAsStaff()
    const refused = await say(group, staffUser, '/群 交流群')
    expect(refused).toContain('已经私聊绑定过的，请私聊我发送“/绑定 加绑”')
    const given = await whisper(staffUser, '/绑定 加绑')
    expect(given).toContain('请到您要用的群里@我发送')
    const code = codeIn(given)
    expect(await say(group, staffUser, `/绑定 ${code}`)).toBe('加绑成功，您在这个群里也可以使用了。')
    expect(await say(group, staffUser, '/群 交流群')).toContain('已设置，本群是：交流群')
    // Once only, and in this group only.
    expect(await say(group, readerUser, `/绑定 ${code}`)).toContain('没有可以作废的')
    expect(await say(schoolGroup, staffUser, '/群 学校群 清港小学')).toContain('还没有绑定')
    expect(await whisper(staffUser, '/绑定')).toContain('您已在 1 处加绑')
  })

  it('a sole administrator is known in the group without confirming the own request', async () => {
    await bindAsAdministrator()
    await house.app.access.groups.set(
      { platform: 'qq', selfId: qq.selfId, channelId: group },
      { purpose: 'exchange' },
      operator,
    )
    const asked = await say(group, adminUser, '/绑定 赵六 清港小学')
    const [, id] = /编号 (\d+)/.exec(asked) ?? []
    expect(await whisper(adminUser, `/绑定 确认 ${id}`)).toContain('这是您自己的申请，不用确认')
    const code = codeIn(await whisper(adminUser, '/绑定 加绑'))
    expect(await say(group, adminUser, code)).toBe('加绑成功，您在这个群里也可以使用了。')
    expect(await say(group, adminUser, '/绑定')).toContain('您已绑定：赵六，清港小学')
  })

  it('the link is told in private, undone with one word, and gone with the binding', async () => {
    await bindAsAdministrator()
    const code = codeIn(await whisper(adminUser, '/绑定 加绑'))
    await say(group, adminUser, `/绑定 ${code}`)
    // QQ may not let the bot speak first: it follows the next thing said.
    const told = await qq.whisper(adminUser, '/绑定', { ...patient, quiet: 2_000 })
    expect(told.join('\n') + qq.texts(adminUser).join('\n')).toContain('不是您本人操作的，请马上发送')
    expect(await whisper(adminUser, '/绑定 解除 加绑')).toContain('已取消 1 处加绑')
    expect(await say(group, adminUser, '/绑定')).toContain('您在这个群里还没有绑定')
    const second = codeIn(await whisper(adminUser, '/绑定 加绑'))
    await say(group, adminUser, `/绑定 ${second}`)
    expect(await whisper(adminUser, '/绑定 解除')).toContain('已解除绑定')
    expect(await say(group, adminUser, '/绑定')).toContain('您在这个群里还没有绑定')
  })

  it('support answer from their group with a code, and a revoked grant ends everywhere', async () => {
    const granted = await house.app.access.grants.code({ kind: 'support', label: '李工' }, operator)
    await whisper(readerUser, `/绑定 ${granted.ok ? granted.value.code : ''}`)
    const code = codeIn(await whisper(readerUser, '/绑定 加绑'))
    expect(await say(group, readerUser, `/绑定 ${code}`)).toContain('加绑成功')
    expect(await say(group, readerUser, '/绑定')).toContain('您是平台工作人员')
    const list = await house.app.access.grants.list(operator)
    for (const { id } of list.ok ? list.value : []) await house.app.access.grants.revoke(id, operator)
    expect(await say(group, readerUser, '/绑定')).toContain('您在这个群里还没有绑定')
  })

  it('a code that is said to nobody is void, an old one says so, and a stranger gets none', async () => {
    await bindAsStaff()
    const code = codeIn(await whisper(staffUser, '/绑定 加绑'))
    const heard = await qq.say(group, staffUser, `我的码是 ${code}`, { ...patient, full: true, at: false })
    expect(heard.join('')).toContain('已作废')
    expect(await say(group, readerUser, `/绑定 ${code}`)).toContain('没有可以作废的')
    const late = codeIn(await whisper(staffUser, '/绑定 加绑'))
    await house.app.database.set(
      'space_bind_code',
      { state: 'open' },
      { expiresAt: new Date(Date.now() - 1000) },
    )
    expect(await say(group, staffUser, `/绑定 ${late}`)).toContain('这个加绑码已过期')
    expect(await whisper(readerUser, '/绑定 加绑')).toContain('还没有绑定')
    expect(await say(group, staffUser, '/绑定 加绑')).toContain('请私聊我再发一次')
  })
})

it('where the platform says who somebody is everywhere, no code is needed', async () => {
  await begin({ ids: 'different', unions: true })
  await bindAsStaff()
  expect(await say(group, staffUser, '/群 交流群')).toContain('已设置，本群是：交流群')
  expect(await say(group, readerUser, '/群 专班群')).toContain('还没有绑定')
})

it('where ids are the same everywhere, no code is needed', async () => {
  await begin({ ids: 'equal', unions: false })
  await bindAsStaff()
  expect(await say(group, staffUser, '/群 交流群')).toContain('已设置，本群是：交流群')
})
