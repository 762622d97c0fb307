import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Bot } from '../journeys/bot'
import type { Wiring } from '../journeys/bot'

/** Asked by one of the staff in the exchange group: places, scores, shares, groups, people, in words that do not change. */
export const questions = [
  '/排名 全区',
  '/排名 全区 教师',
  '/排名 全区 2022-05-12 到 2022-05-18',
  '/积分 青铺中心小学',
  '/开通率',
  '/群 列表',
  '/绑定 授权 列表',
] as const

const staff = '4001'
const group = '700100'

/** A small installation as the present version makes it: imports, one of the staff, a group. */
export async function makeInstallation(bot: Bot, samples: string): Promise<void> {
  await bot.space('demo', '--files', samples)
  const names = readdirSync(samples)
  const named = (part: string) => join(samples, names.find((name) => name.startsWith(part)) ?? '')
  for (const file of [named('人员名册'), named('学校学生数'), named('行为明细-街镇导出')]) {
    const { code, stderr } = await bot.space('import', '--yes', file)
    if (code) throw new Error(stderr)
  }
  const { stdout } = await bot.space('staff', '张老师')
  await bot.start()
  await bot.whisper(staff, `/绑定 ${stdout.trim()}`)
  await bot.say(group, staff, '/群 交流群')
}

/**
 * What a running installation answers to each question. Platforms never give a number twice, which the made-up one does
 * when it starts anew: messages that the database has seen are not answered again.
 */
export async function askInstallation(bot: Bot, firstId: number): Promise<Record<string, string>> {
  const answers: Record<string, string> = {}
  for (const [index, question] of questions.entries()) {
    answers[question] = await bot.whisper(staff, question, { id: firstId + index, wait: 60_000 })
  }
  return answers
}

export async function createBot(mysql?: NonNullable<Wiring['mysql']>): Promise<Bot> {
  return Bot.create({ scheme: 'xinzhou-2022', ...(mysql && { mysql }) })
}
