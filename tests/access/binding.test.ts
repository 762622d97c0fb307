import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { operator } from '@space-assistant/core/access/viewer'
import { startApp } from './app'
import type { TestApp } from './app'

let test: TestApp

beforeEach(async () => {
  test = await startApp()
})

afterEach(() => test.stop())

const who = (userId: string) => ({ platform: 'mock', selfId: '514', userId })
const privately = (userId: string) => ({ ...who(userId), channelId: `private:${userId}`, isDirect: true })

async function codesOf(school: string): Promise<Map<string, string>> {
  const list = await test.app.access.codes(school, operator)
  if (!list.ok) throw new Error(list.code)
  return new Map(list.value.rows.map((row) => [row.account, row.code]))
}

async function makeStaff(user: string) {
  await test.app.access.grants.give(who(user), { kind: 'staff', label: 'staff' })
}

describe('a one-time code', () => {
  it('binds, however it is typed, and says what to do next', async () => {
    const codes = await codesOf('S1')
    const code = codes.get('10002')!
    expect(await test.say('u1', `/绑定 ${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`)).toBe(
      '绑定成功：李四，第一小学，教师。可以发送“/任务”看看本周要做什么。',
    )
    expect(await test.say('u1', '/绑定')).toContain('您已绑定：李四，第一小学，教师。')
    const viewer = await test.app.access.viewer(privately('u1'))
    expect(viewer).toEqual({
      account: '10002',
      grants: [{ kind: 'teacher', school: 'S1', account: '10002' }],
      place: { kind: 'private' },
    })
  })

  it('makes an administrator of whom the roster calls one', async () => {
    const code = (await codesOf('S1')).get('10001')!
    expect(await test.say('u1', `/绑定 ${code}`)).toContain('信息技术管理员、教师')
    const { grants } = await test.app.access.viewer(privately('u1'))
    expect(grants.map((grant) => grant.kind)).toEqual(['administrator', 'teacher'])
  })

  it('works once, also when two people send it at once', async () => {
    const code = (await codesOf('S1')).get('10002')!
    const replies = await Promise.all(
      ['u1', 'u2', 'u3'].map((user) => test.app.access.bindByCode(privately(user), code)),
    )
    expect(replies.filter((reply) => reply.ok)).toHaveLength(1)
    expect(await test.app.database.get('space_person_link', {})).toHaveLength(1)
    expect(await test.say('u4', `/绑定 ${code}`)).toContain('没有这个绑定码')
  })

  it('is refused and void once it was pasted into a group', async () => {
    const code = (await codesOf('S1')).get('10002')!
    expect(await test.say('u1', `/绑定 ${code}`, 'g1')).toContain('绑定码不能发在群里')
    expect(await test.say('u1', `/绑定 ${code}`)).toContain('没有这个绑定码')
  })

  it('is found anywhere in a line of a group, and the sentence follows the effect', async () => {
    const codes = [...(await codesOf('S1')).values()]
    const [one = '', two = '', three = '', four = '', five = ''] = codes
    const full = Array.from(two, (each) => String.fromCodePoint(each.codePointAt(0)! + 0xfee0)).join('')
    expect(await test.say('u1', `各位老师，我的码是${one}对吗？`, 'g1')).toContain('这个码已作废')
    expect(await test.say('u1', `${full}`, 'g1')).toContain('这个码已作废')
    const list = `本校绑定码\n2345 ${three}\n王芳：${four?.toLowerCase()}\n${'说明'.repeat(200)}`
    expect(await test.say('u2', list, 'g1')).toMatch(four ? /2 个绑定码已经全部作废/ : /已作废/)
    for (const code of [one, two, three, four].filter(Boolean))
      expect(await test.say(`x${code}`, `/绑定 ${code}`)).toContain('没有这个绑定码')
    expect(five).toBe('')
    expect(await test.say('u3', '今天的会议编号是 ABCD-2345，请准时参加', 'g1')).toBe('')
    expect(await test.say('u3', '/绑定 ABCD-2345', 'g1')).toContain('没有可以作废的')
  })

  it('is voided in a group also by somebody who has guessed too often', async () => {
    const code = (await codesOf('S1')).get('10002')!
    for (let i = 0; i < 6; i++) await test.say('u1', `/绑定 AAAA222${i + 2}`)
    expect(await test.say('u1', `我的码 ${code}`, 'g1')).toContain('已作废')
    expect(await test.say('u2', `/绑定 ${code}`)).toContain('没有这个绑定码')
  })

  it('still works for everybody else while a hundred accounts send wrong ones', async () => {
    const code = (await codesOf('S1')).get('10002')!
    let warned = 0
    test.app.on('space/codes-guessed', () => void warned++)
    for (let i = 0; i < 130; i++) await test.say(`bad${i}`, `/绑定 AAAA2${222 + i}`.replace(/[01]/g, '7'))
    expect(await test.say('u2', `/绑定 ${code}`)).toContain('绑定成功')
    expect(warned).toBe(1)
  })

  it('is void once a newer list was made, or when it is too old', async () => {
    const first = (await codesOf('S1')).get('10002')!
    const second = (await codesOf('S1')).get('10002')!
    expect(await test.say('u1', `/绑定 ${first}`)).toContain('没有这个绑定码')
    await test.app.database.set(
      'space_bind_code',
      { state: 'open' },
      { expiresAt: new Date(Date.now() - 1000) },
    )
    expect(await test.say('u1', `/绑定 ${second}`)).toContain('已经过期')
  })

  it('cannot be guessed: after five wrong ones the right one has to wait', async () => {
    const code = (await codesOf('S1')).get('10002')!
    for (let i = 0; i < 5; i++)
      expect(await test.say('u1', `/绑定 AAAA222${i + 2}`)).toContain('没有这个绑定码')
    expect(await test.say('u1', `/绑定 ${code}`)).toMatch(/请 1\d 分钟后再试/)
    expect(await test.say('u2', `/绑定 ${code}`)).toContain('绑定成功')
  })

  it('that is right does not count as a guess among wrong ones', async () => {
    const code = (await codesOf('S1')).get('10002')
    const wrong = (last: number) => test.say('u1', `/绑定 AAAA222${last}`)
    for (const last of [2, 3, 4, 5]) expect(await wrong(last)).toContain('没有这个绑定码')
    expect(await test.say('u1', `/绑定 ${code}`)).toContain('绑定成功')
    expect(await wrong(6)).toContain('没有这个绑定码')
    expect(await wrong(7)).toMatch(/请 1\d 分钟后再试/)
  })

  it('does not take a chat account from one member to another', async () => {
    const codes = await codesOf('S1')
    await test.say('u1', `/绑定 ${codes.get('10002')}`)
    expect(await test.say('u1', `/绑定 ${codes.get('10003')}`)).toContain('已经绑定了别人')
    expect(await test.say('u1', '/绑定 解除')).toContain('已解除绑定')
    expect(await test.say('u1', `/绑定 ${codes.get('10003')}`)).toContain('绑定成功：王芳')
  })

  it('adds a second chat account of the same person', async () => {
    await test.app.access.link(who('u1'), '10002')
    const reply = await test.say('u1', '/绑定 加绑')
    const code = /绑定 ([A-Z0-9]{4}-[A-Z0-9]{4})/.exec(reply)![1]!
    expect(await test.say('u2', `/绑定 ${code}`)).toContain('加绑成功，这个聊天账号也是您了')
    expect(await test.say('u2', '/绑定')).toContain('您已绑定：李四')
    expect((await test.app.access.chats(['10002'])).get('10002')).toEqual([who('u1'), who('u2')])
  })

  it('is nowhere in the database', async () => {
    const code = (await codesOf('S1')).get('10002')!
    expect(JSON.stringify(await test.app.database.get('space_bind_code', {}))).not.toContain(code)
  })
})

describe('a request', () => {
  it('is confirmed by the administrator of the school', async () => {
    await test.app.access.link(who('admin'), '10001')
    expect(await test.say('u1', '/绑定 李四 第一小学')).toBe(
      '已提交申请，编号 1，已转给第一小学的信息技术管理员（还没有管理员时转给工作专班），确认后告诉您。急用请向管理员要绑定码。',
    )
    expect(await test.say('admin', '/绑定')).toContain('有 1 份绑定申请等您确认')
    expect(await test.say('admin', '/绑定 申请')).toContain('1 号：李四，第一小学')
    expect(await test.say('admin', '/绑定 确认 1')).toBe('已确认 1 号申请：李四。')
    expect(await test.say('u1', '/绑定')).toContain('您已绑定：李四')
  })

  it('masks the name in an exchange group and shows it in the own school group', async () => {
    await makeStaff('boss')
    await test.app.access.link(who('admin'), '10001')
    await test.say('boss', '/群 交流群', 'g1')
    await test.say('boss', '/群 学校群 第一小学', 'g2')
    await test.say('u1', '/绑定 李四 第一小学', 'g1')
    expect(await test.say('admin', '/绑定 申请', 'g1')).toContain('1 号：李*，第一小学')
    expect(await test.say('admin', '/绑定 申请', 'g2')).toContain('1 号：李四，第一小学')
    expect(await test.say('admin', '/绑定 拒绝 1', 'g1')).toBe('已拒绝 1 号申请：李*。')
  })

  it('is answered through the outbox where it was asked, once, without a name', async () => {
    const enqueued: { key: string; target: object; content: string }[] = []
    test.app.provide('outbox')
    test.app.set('outbox', { enqueue: (letter: never) => Promise.resolve(enqueued.push(letter)) } as never)
    await test.app.access.link(who('admin'), '10001')
    await test.say('u1', '/绑定 李四 第一小学', 'g1')
    await test.say('admin', '/绑定 确认 1')
    await test.say('admin', '/绑定 确认 1')
    const told = enqueued.filter(({ target }) => 'channelId' in target && target.channelId === 'g1')
    expect(told).toHaveLength(1)
    expect(told[0]!.content).toBe('1 号绑定申请已确认，可以使用了。发送“/任务”看看要做什么。')
  })

  it('reaches the administrator in private with who asks, and staff where there is none', async () => {
    const enqueued: { target: { channelId: string }; content: string }[] = []
    test.app.provide('outbox')
    test.app.set('outbox', { enqueue: (letter: never) => Promise.resolve(enqueued.push(letter)) } as never)
    await makeStaff('boss')
    await test.say('boss', '/群 专班群', 'staff-group')
    await test.say('someone-7777', '/绑定 赵六 第二小学')
    await vi.waitFor(() => expect(enqueued).toHaveLength(1), { timeout: 10_000 })
    expect(enqueued[0]?.target.channelId).toBe('staff-group')
    await test.app.access.link(who('admin'), '10001')
    await test.say('someone-1234', '/绑定 李四 第一小学')
    await vi.waitFor(() => expect(enqueued).toHaveLength(2), { timeout: 10_000 })
    expect(enqueued[1]?.target.channelId).toBe('private:admin')
    expect(enqueued[1]?.content).toMatch(/李四（第一小学）.*尾号 1234.*“\/绑定 确认 2”/)
  })

  it('of two people for one person is told apart, and the one who waits is told so', async () => {
    await test.app.access.link(who('admin'), '10001')
    await test.say('someone-1234', '/绑定 李四 第一小学')
    await test.say('someone-5678', '/绑定 李四 第一小学')
    const list = await test.say('admin', '/绑定 申请')
    expect(list).toMatch(/1 号：李四，第一小学（.*尾号 1234.*有 2 个账号都申请绑定这个人/)
    expect(list).toMatch(/2 号：李四，第一小学（.*尾号 5678/)
    expect(await test.say('someone-1234', '/绑定 查看')).toMatch(/您的 1 号绑定申请.*还在等第一小学/)
  })

  it('is not confirmed by a colleague, an administrator of another school, or oneself', async () => {
    await test.app.access.link(who('other'), '20001')
    await test.app.access.link(who('colleague'), '10003')
    await test.say('u1', '/绑定 李四 第一小学')
    const unknown = (await test.say('other', '/绑定 确认 99')).replace('99', '1')
    expect(await test.say('other', '/绑定 确认 1')).toBe(unknown)
    expect(await test.say('colleague', '/绑定 确认 1')).toBe(unknown)
    expect(await test.say('u1', '/绑定 确认 1')).toContain('您还没有绑定身份')
    expect(await test.say('u1', '/绑定')).toContain('还在等第一小学')
  })

  it.each(['李四 第一小学', '第一小学 李四', '李四，第一小学', '第一小学、李四', '李四+第一小学'])(
    'names person and school in any order: %s',
    async (text) => {
      expect(await test.say('u1', `/绑定 ${text}`)).toContain('已转给第一小学的信息技术管理员')
      const [request] = await test.app.database.get('space_bind_request', {})
      expect(request!.account).toBe('10002')
    },
  )

  it('is confirmed with others in one message, each told by itself', async () => {
    await test.app.access.link(who('admin'), '10001')
    await test.say('u1', '/绑定 李四 第一小学')
    await test.say('u2', '/绑定 王芳 第一小学 数学')
    expect(await test.say('admin', '/绑定 确认 第1号')).toBe('已确认 1 号申请：李四。')
    expect(await test.say('admin', '/绑定 确认 1、2 3')).toBe(
      [
        '1 号申请已经处理过或已过期，不用再处理。',
        '已确认 2 号申请：王芳。',
        '没有等您确认的 3 号申请。发送“/绑定 申请”查看待确认的编号。',
      ].join('\n'),
    )
    expect(await test.say('admin', '/绑定 确认 99999999999999')).toContain('请带上编号')
    const many = Array.from({ length: 21 }, (_, i) => i + 10).join(' ')
    expect(await test.say('admin', `/绑定 拒绝 ${many}`)).toContain('一次最多写 20 个编号')
  })

  it('is decided once when two confirm at once', async () => {
    await makeStaff('boss')
    await test.app.access.link(who('admin'), '10001')
    await test.say('u1', '/绑定 李四 第一小学')
    const { access } = test.app
    const viewers = await Promise.all([access.viewer(privately('boss')), access.viewer(privately('admin'))])
    const outcomes = await Promise.all(viewers.map((viewer) => access.decide(1, 'confirmed', viewer)))
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1)
    expect(outcomes.filter((outcome) => !outcome.ok && outcome.code === 'already-decided')).toHaveLength(1)
    expect(await test.app.database.get('space_person_link', { account: '10002' })).toHaveLength(1)
  })

  it('tells namesakes apart by subject or the end of the account', async () => {
    expect(await test.say('u1', '/绑定 王芳 第一小学')).toContain('有 2 位同名的人')
    expect(await test.say('u1', '/绑定 王芳 第一小学 英语')).toContain('编号 1')
    expect(await test.say('u2', '/绑定 王芳 第一小学 003')).toContain('编号 2')
    const accounts = (await test.app.database.get('space_bind_request', {})).map((row) => row.account)
    expect(accounts).toEqual(['10004', '10003'])
  })

  it.each([
    ['/绑定 李四', '请写上学校'],
    ['/绑定 李四 新低初级', '您要找的是不是：新堤中学'],
    ['/绑定 李四 小学', '对应好几所学校：第一小学、第二小学'],
    ['/绑定 周九 第一小学', '名册里没有找到这个人'],
    ['/绑定 欧阳修 第一小学', '名册里没有找到这个人'],
    ['/绑定 ABCD-23O0', '里面没有数字 0、1 和字母 I、L、O'],
    ['/绑定 abc4567', '绑定码是 8 位字母和数字'],
    ['/绑定 确认', '请带上编号'],
    ['/绑定 确认 99', '您还没有绑定身份'],
    ['/绑定 解除', '您没有绑定名册里的账号，不用解除'],
    ['/绑定', '您还没有绑定'],
  ])('%s is answered with what to do', async (text, part) => {
    expect(await test.say('u1', text)).toContain(part)
  })

  it('does not help to find out who is in the roster: after five wrong names even a right one has to wait', async () => {
    for (const name of ['甲一', '甲二', '甲三']) {
      expect(await test.say('u1', `/绑定 ${name} 第一小学`)).toContain('名册里没有找到这个人')
    }
    // A right one is not counted.
    expect(await test.say('u1', '/绑定 李四 第一小学')).toContain('编号 1')
    for (const name of ['甲四', '甲五']) await test.say('u1', `/绑定 ${name} 第一小学`)
    const wait = await test.say('u1', '/绑定 甲六 第一小学')
    expect(wait).toBe('试的次数太多了，请 15 分钟后再试，并向本校信息技术管理员核对名册里的姓名和学校。')
    expect(await test.say('u1', '/绑定 钱七 第二小学')).toBe(wait)
    expect(await test.say('u2', '/绑定 钱七 第二小学')).toContain('编号 2')
  })

  it('is held back after three open ones, and asking again is the same one', async () => {
    await test.say('u1', '/绑定 李四 第一小学')
    expect(await test.say('u1', '/绑定 李四 第一小学')).toContain('编号 1')
    await test.say('u1', '/绑定 钱七 第二小学')
    await test.say('u1', '/绑定 孙八 新堤中学')
    expect(await test.say('u1', '/绑定 赵六 第二小学')).toContain('您有 3 份申请')
  })
})

describe('code lists', () => {
  it('go to the own administrator in private only', async () => {
    await test.app.access.link(who('admin'), '10001')
    expect(await test.say('admin', '/绑定 名单 第一小学', 'g1')).toContain('不能在群里办理')
    const open = await test.say('admin', '/绑定 名单')
    expect(open).toContain('第一小学还有 3 人没有绑定（已绑定 1 人）：\n')
    expect(open).not.toMatch(/[A-Z0-9]{4}-[A-Z0-9]{4}/)
    expect(await test.app.database.get('space_bind_code', {})).toEqual([])
    const list = await test.say('admin', '确认')
    expect(list).toContain('第一小学的绑定码（3 人，另有 1 人已绑定）')
    expect(list).toMatch(/李四 [A-Z0-9]{4}-[A-Z0-9]{4}/)
    const others = '这件事只有本校信息技术管理员和工作专班可以办。需要办理请联系他们。'
    expect(await test.say('admin', '/绑定 名单 第二小学')).toBe(others)
    await test.app.access.link(who('colleague'), '10002')
    expect(await test.say('colleague', '/绑定 名单 第一小学')).toBe(others)
    expect(await test.say('u9', '/绑定 名单 第一小学')).toContain('还没有绑定')
  })
})

it('a code list in a message tells namesakes apart', async () => {
  await makeStaff('boss')
  await test.say('boss', '/绑定 名单 第一小学')
  const list = await test.say('boss', '确认')
  const code = '[A-Z0-9]{4}-[A-Z0-9]{4}'
  expect(list).toMatch(new RegExp(`\n王芳（账号末尾 0003） ${code}\n王芳（账号末尾 0004） ${code}\n`))
  expect(list).toMatch(new RegExp(`\n李四 ${code}\n`))
})

describe('staff', () => {
  it('become so by a code from the command line, and hand out more', async () => {
    const first = await test.app.access.grants.code({ kind: 'staff', label: '刘主任' }, operator)
    if (!first.ok) throw new Error(first.code)
    expect(await test.say('boss', `/绑定 ${first.value.code}`)).toContain('已记为工作专班成员')
    const reply = await test.say('boss', '/绑定 授权 街镇 城关镇 王主任')
    const code = /：([A-Z0-9]{4}-[A-Z0-9]{4})/.exec(reply)![1]!
    expect(await test.say('office', `/绑定 ${code}`)).toContain('已记为街镇负责人')
    expect((await test.app.access.viewer(privately('office'))).grants).toEqual([
      { kind: 'town', town: '城关镇' },
    ])
    expect(await test.say('boss', '/绑定 人员')).toContain('2 号：王主任，街镇 城关镇')
    expect(await test.say('boss', '/绑定 撤销 2')).toContain('已撤销王主任的授权')
    expect((await test.app.access.viewer(privately('office'))).grants).toEqual([])
  })

  it('hand out no code where others read along', async () => {
    await makeStaff('boss')
    const text = '/绑定 授权 街镇 城关镇 王主任'
    expect(await test.say('boss', text, 'group')).toContain('私聊')
    expect(await test.app.database.get('space_bind_code', {})).toEqual([])
    expect(await test.say('boss', text)).toMatch(/：[A-Z0-9]{4}-[A-Z0-9]{4}/)
  })

  it('may be more than one thing at once, and what is taken back is one of them', async () => {
    await makeStaff('boss')
    const { grants } = test.app.access
    await grants.give(who('both'), { kind: 'town', town: '城关镇', label: 'Wang' })
    await grants.give(who('both'), { kind: 'support', label: 'Wang at the desk' })
    const held = async () => (await test.app.access.viewer(privately('both'))).grants.map(({ kind }) => kind)
    expect(await held()).toEqual(['town', 'support'])
    expect(await test.say('boss', '/绑定 撤销 2')).toContain('已撤销Wang的授权')
    expect(await held()).toEqual(['support'])
  })

  it('are the only ones to grant, to list and to revoke', async () => {
    await test.app.access.link(who('admin'), '10001')
    // Two people are called 王芳, which is nobody's business.
    const texts = ['/绑定 授权 平台 李工', '/绑定 授权 专家 王芳', '/绑定 人员', '/绑定 撤销 1', '/群 交流群']
    for (const text of texts) expect(await test.say('admin', text)).toContain('只有工作专班可以做')
    expect(await test.say('stranger', '/绑定 授权 专家 王芳')).toContain('您还没有绑定身份')
  })

  it('are told what to do about towns, other chat accounts and people without one', async () => {
    await makeStaff('boss')
    expect(await test.say('boss', '/绑定 授权 街镇 火星镇 王主任')).toBe(
      '没有找到街镇“火星镇”。请写名册里的街镇名，例如“/绑定 授权 街镇 城关镇 王主任”。',
    )
    // As the panel's answer tells staff to write it.
    expect(await test.say('boss', '/绑定 授权 评委 陈教授')).toMatch(/[A-Z0-9]{4}-[A-Z0-9]{4}/)
    const [, code] = /绑定 ([A-Z0-9-]{9})/.exec(await test.say('boss', '/绑定 加绑')) ?? []
    expect(await test.say('boss2', `/绑定 ${code}`)).toContain('加绑成功')
    expect(await test.say('boss2', '/绑定')).toContain('您是工作专班成员')
    expect(await test.say('boss', '/绑定 解除 李四')).toBe('李四还没有绑定聊天账号，不用解除。')
  })

  it('and administrators unbind others; nobody else does', async () => {
    await makeStaff('boss')
    await test.app.access.link(who('admin'), '10001')
    await test.app.access.link(who('u2'), '10002')
    await test.app.access.link(who('u3'), '20002')
    expect(await test.say('u2', '/绑定 解除 张三')).toContain('没有找到您可以解除的人')
    expect(await test.say('admin', '/绑定 解除 钱七 第二小学')).toContain('没有找到您可以解除的人')
    expect(await test.say('admin', '/绑定 解除 李四')).toBe('已解除李四的 1 个聊天账号。')
    expect(await test.say('boss', '/绑定 解除 钱七')).toBe('已解除钱七的 1 个聊天账号。')
    expect((await test.app.access.viewer(privately('u3'))).account).toBeUndefined()
  })
})

describe('groups', () => {
  it('get purpose and organisation from staff', async () => {
    await makeStaff('boss')
    expect(await test.say('boss', '/群', 'g1')).toContain('还没有设置用途')
    expect(await test.say('boss', '/群 学校群 第一小学', 'g1')).toBe('已设置，本群是：学校群 第一小学。')
    expect(await test.say('boss', '/群 交流群 城关镇', 'g2')).toBe('已设置，本群是：交流群 城关镇。')
    expect(await test.say('boss', '/群 交流群 火星镇', 'g2')).toContain('没有找到街镇“火星镇”')
    expect(await test.say('boss', '/群 学校群', 'g2')).toContain('请写上学校')
    expect(await test.say('boss', '/群 聊天', 'g2')).toContain('请写明用途')
    expect(await test.say('boss', '/群 交流群')).toContain('请到要设置的群里发送')
    expect(await test.say('boss', '/群 列表')).toBe(
      '已设置 2 个群：\n城关镇交流群（其他，交流群 城关镇）\n第一小学学校群（其他，学校群 第一小学）',
    )
    const speaker = { ...who('u1'), channelId: 'g1', isDirect: false }
    expect((await test.app.access.viewer(speaker)).place).toEqual({
      kind: 'group',
      purpose: 'school',
      school: 'S1',
    })
    expect(await test.say('boss', '/群 取消', 'g1')).toBe('已取消本群的设置。')
    expect((await test.app.access.viewer(speaker)).place).toEqual({ kind: 'group', purpose: 'unknown' })
  })
  it('have a name by which staff know them, or a number that stays', async () => {
    await makeStaff('boss')
    const list = async () => (await test.say('boss', '/群 列表')).split('\n').slice(1)
    expect(await test.say('boss', '/群 名称 一群', 'g1')).toContain('本群还没有设置用途')
    for (const group of ['g1', 'g2', 'g3']) await test.say('boss', '/群 交流群', group)
    expect(await list()).toEqual([1, 2, 3].map((number) => `交流群 ${number} 号（其他，交流群）`))
    expect(await test.say('boss', '/群 名称', 'g2')).toContain('请写上名称')
    expect(await test.say('boss', '/群 名称 江北  片区', 'g2')).toBe('已记下，本群的名称是“江北 片区”。')
    expect(await test.say('boss', '/群', 'g2')).toBe('本群是：交流群，名称“江北 片区”。')
    // Another purpose leaves the name and the number.
    expect(await test.say('boss', '/群 交流群 城关镇', 'g2')).toBe(
      '已设置，本群是：交流群 城关镇，名称“江北 片区”。',
    )
    expect(await test.say('boss', '/群 学校群 第一小学 名称 一小群', 'g1')).toContain('，名称“一小群”')
    expect(await list()).toEqual([
      '交流群（其他，交流群）',
      '江北 片区（其他，交流群 城关镇）',
      '一小群（其他，学校群 第一小学）',
    ])
    await test.say('boss', '/群 取消', 'g2')
    await test.say('boss', '/群 交流群', 'g4')
    expect(await list()).toEqual([
      ...[3, 4].map((number) => `交流群 ${number} 号（其他，交流群）`),
      '一小群（其他，学校群 第一小学）',
    ])
  })
})
