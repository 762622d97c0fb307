import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp } from './app'
import type { TestApp } from './app'

/** Everybody in the roster who has a name of his own. School, town. */
const people: Record<string, { school: string; town: string }> = {
  张三: { school: 'S1', town: '城关镇' },
  李四: { school: 'S1', town: '城关镇' },
  赵六: { school: 'S2', town: '城关镇' },
  钱七: { school: 'S2', town: '城关镇' },
  孙八: { school: 'S3', town: '新堤镇' },
  周九: { school: 'S4', town: '新堤镇' },
}

interface Role {
  self?: string
  knows: (of: { school: string; town: string }) => boolean
}

const roles: Record<string, Role> = {
  staff: { knows: () => true },
  support: { knows: () => false },
  townOffice: { knows: ({ town }) => town === '城关镇' },
  administrator: { self: '张三', knows: ({ school }) => school === 'S1' },
  teacher: { self: '李四', knows: ({ school }) => school === 'S1' },
  judge: { self: '周九', knows: ({ school }) => school === 'S4' },
  retired: { knows: () => false },
  nobody: { knows: () => false },
}

/** A group and the school whose own group it is. */
const places: Record<string, string | undefined> = {
  private: undefined,
  exchange: undefined,
  school1: 'S1',
  school2: 'S2',
  support: undefined,
  staff: undefined,
  unknown: undefined,
}

const questions = [
  ...['/排名', '/排名 本校', '/排名 我', '/排名 全区', '/排名 本镇', '/排名 第二小学', '/排名 全区 小学'],
  ...['/排名 全区 教师', '/排名 本镇 教师', '/排名 本校 教师', '/排名 第二小学 教师', '/排名 新堤镇 教师'],
  ...['/排名 全区 教师 空间登录 评优期', '/排名 全区 教师 本周', '/排名 本校 管理员', '/排名 全区 管理员'],
  ...['/积分', '/积分 李四', '/积分 钱七', '/积分 孙八', '/积分 王芳', '/积分 张三 本周'],
  ...['/明细', '/明细 李四', '/明细 钱七', '/明细 孙八 5月17日'],
  ...['/任务', '/任务 本校', '/任务 第二小学', '/任务 城关镇', '/任务 全区'],
  ...['/开通率', '/开通率 本校', '/开通率 第二小学', '/开通率 全区', '/阶段', '/帮助'],
]

let test: TestApp
beforeAll(async () => {
  test = await startApp()
  const grant = (userId: string, kind: 'staff' | 'support' | 'town', town?: string) =>
    test.app.access.grants.give(
      { platform: 'mock', selfId: '514', userId },
      { kind, label: userId, ...(town !== undefined && { town }) },
    )
  await grant('staff', 'staff')
  await grant('support', 'support')
  await grant('townOffice', 'town', '城关镇')
  await test.bind('administrator', '10001')
  await test.bind('teacher', '10002')
  await test.bind('judge', '40001')
  await test.bind('retired', '10009')
  await test.group('exchange', 'exchange')
  await test.group('school1', 'school', 'S1')
  await test.group('school2', 'school', 'S2')
  await test.group('support', 'support')
  await test.group('staff', 'staff')
})
afterAll(() => test.stop())

/** What the asker has typed and reads again between quotation marks tells nothing new. */
const withoutEcho = (text: string) => text.replace(/“[^”]*”/g, '')

const cases = Object.keys(roles).flatMap((role) =>
  Object.keys(places).map((place) => [role, place] as [role: string, place: string]),
)

describe('whose names come up, whatever is asked', () => {
  it.each(cases)('by %s, place %s', async (role, place) => {
    const { self, knows } = roles[role]!
    const wrong: string[] = []
    const seen = new Set<string>()
    for (const question of questions) {
      const reply = await test.say(role, question, place === 'private' ? undefined : place)
      if (!reply) wrong.push(`${question}: no answer`)
      const text = withoutEcho(reply)
      for (const [name, of] of Object.entries(people)) {
        const plainly = name === self || (knows(of) && (place === 'private' || places[place] === of.school))
        const masked = `${name[0]}*`
        if (text.includes(name)) seen.add(name)
        if (text.includes(name) && !plainly) wrong.push(`${question}: names ${name}`)
        if (text.includes(masked) && (!knows(of) || plainly)) wrong.push(`${question}: says ${masked}`)
      }
    }
    expect(wrong).toEqual([])
    // What may be seen is seen: an answer that names nobody would pass all of the above.
    const [some] = Object.entries(people)
      .filter(([, of]) => knows(of) && (place === 'private' || places[place] === of.school))
      .map(([name]) => name)
      .filter((name) => name !== '周九')
    if (some !== undefined) expect([...seen]).toContain(some)
  })
})
