import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Dice } from '../formats/dice'
import { startApp } from './app'
import type { TestApp } from './app'

// A sample; `npm run fuzz` sends a hundred thousand. A message comes again with its seed.
const messages = Number(process.env['MESSAGES'] ?? 200)
const first = Number(process.env['SEED'] ?? 1)
vi.setConfig({ testTimeout: 120_000 + messages * 60, hookTimeout: 120_000 })

const commands = ['排名', '积分', '明细', '开通率', '任务', '阶段', '帮助']
const names = ['张三', '李四', '王芳', '赵六', '钱七', '孙八', '周九', '马无名']
const words = [
  ...[
    '本校',
    '全区',
    '本镇',
    '第一小学',
    '第二小学',
    '新堤中学',
    'S2',
    '城关镇',
    '教师',
    '管理员',
    '小学',
    '我',
  ],
  ...[
    '本周',
    '上周',
    '评优期',
    '5月1日到5月17日',
    '2022-02-30',
    '空间登录',
    '第2页',
    '前三名',
    '倒数',
    '和',
    '谁高',
  ],
  ...[
    '多少分',
    '排第几',
    '没完成',
    '为什么',
    '的',
    '老师',
    '吗',
    '请问',
    '谢谢',
    '不要',
    '10001',
    '-1',
    '999999999',
  ],
]
const noise = [
  ...[
    '😀',
    '\u200b',
    '\u202e',
    '<at id="1"/>',
    '<b>',
    '&lt;',
    '&amp;',
    '$(排名)',
    '{0}',
    '%s',
    '__proto__',
    'null',
  ],
  ...[
    "'",
    '"',
    '“',
    '\\',
    '\n',
    '\t',
    '　',
    '／',
    '/',
    '--help',
    '-h',
    '`',
    '|',
    ';',
    '甲'.repeat(300),
    '９９',
    '𠮷',
  ],
  ...[
    "' OR 1=1 --",
    '${process.env}',
    '../../etc/passwd',
    'constructor',
    'www.example.com',
    '[CQ:at,qq=all]',
  ],
]

/** The people who write, where they do, and whom they may read there by name. */
const writers: { user: string; group?: string; reads: string[] }[] = [
  { user: 'nobody', reads: [] },
  { user: 'nobody', group: 'exchange', reads: [] },
  { user: 'li', reads: ['张三', '李四', '王芳'] },
  { user: 'li', group: 'exchange', reads: ['李四'] },
  { user: 'li', group: 'own', reads: ['张三', '李四', '王芳'] },
  { user: 'zhao', reads: ['赵六', '钱七', '王芳'] },
  { user: 'zhao', group: 'own', reads: ['赵六'] },
]

/** A command, at least of its name, or a sentence; with all that people and attackers put between. */
function makeMessage(dice: Dice): { text: string; isCommand: boolean } {
  const isCommand = dice.oneIn(1.5)
  const parts: string[] = []
  for (let more = dice.from(0, 6); more > 0; more--)
    parts.push(dice.pick(dice.oneIn(4) ? noise : dice.oneIn(3) ? names : words))
  const rest = parts.join(dice.pick([' ', '', '　']))
  return { text: isCommand ? `/${dice.pick(commands)} ${rest}` : rest, isCommand }
}

let test: TestApp
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-18T09:00:00+08:00'), shouldAdvanceTime: true })
  test = await startApp()
  await test.bind('li', '10002')
  await test.bind('zhao', '20001')
  await test.group('exchange', 'exchange')
  await test.group('own', 'school', 'S1')
})
afterAll(async () => {
  await test.stop()
  vi.useRealTimers()
})

describe('whatever is written', () => {
  it('is answered where a command was addressed, with no error, and tells nobody a name', async () => {
    const faults: string[] = []
    for (let seed = first; seed < first + messages; seed++) {
      const dice = new Dice(seed)
      const { user, group, reads } = dice.pick(writers)
      const { text, isCommand } = makeMessage(dice)
      const reply = await test.say(user, text, group)
      // The bot's own examples are about a Zhang San.
      const told = names
        .slice(1)
        .filter((name) => reply.includes(name) && !reads.includes(name) && !text.includes(name))
      const what = told.length ? `tells ${told.join()}` : isCommand && !reply ? 'silence' : undefined
      const broken = /出了点问题|\bundefined\b|\bNaN\b|\[object|space-[a-z]+\.[a-z]/.exec(reply)?.[0]
      if (what ?? broken)
        faults.push(`seed ${seed}, ${user} in ${group}: ${what ?? broken}: ${text} -> ${reply}`)
    }
    expect(faults).toEqual([])
  })
})
