// A small district whose records are written as "indicator: days", for the tables of the tests.
import { readFileSync } from 'node:fs'
import { parseDay } from '@space-assistant/core/calendar/day'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { Board } from '@space-assistant/core/scoring/board'
import type { Member, School } from '@space-assistant/core/roster/member'
import { encode } from '@space-assistant/core/scoring/tallies'

export const day = (text: string) => parseDay(text)!

export function schemeOf(file: string): Scheme {
  const result = loadScheme(readFileSync(file, 'utf8'), file)
  if (!result.ok) throw new Error(result.problems.map(({ path, code }) => `${path} ${code}`).join('\n'))
  return result.value
}

export const shishou = schemeOf('config/schemes/shishou-2021.yml')
export const xinzhou = schemeOf('config/schemes/xinzhou-2022.yml')

export const schools: School[] = [
  { code: 'A', name: '甲小学', town: '城关镇', stage: '小学', students: 100, studentsOpened: 95 },
  { code: 'B', name: '乙中学', town: '城关镇', stage: '初中', students: 50, studentsOpened: 10 },
  { code: 'C', name: '丙小学', town: '河口镇', stage: '小学' },
]

const member = (account: string, school: string, more: Partial<Member> = {}): Member => ({
  account,
  name: `教师${account}`,
  school,
  roles: ['teacher'],
  state: 'active',
  opened: true,
  ...more,
})

export const members: Member[] = [
  member('1', 'A', { roles: ['administrator', 'teacher'] }),
  member('2', 'A'),
  member('3', 'A', { opened: false }),
  member('4', 'A', { state: 'retired' }),
  member('5', 'B'),
  member('6', 'B', { opened: undefined }),
]

/** What each account did: days by indicator, a day as often as it was done. */
export type Done = Record<string, Record<string, string[]>>

export function boardOf(scheme: Scheme, done: Done): Board {
  const board = new Board(scheme)
  board.setRoster(members, schools)
  for (const [account, indicators] of Object.entries(done)) {
    const tallies = Object.entries(indicators).flatMap(([name, days]) =>
      days.map((text) => ({ indicator: board.dictionary.add(name), day: day(text), count: 1 })),
    )
    board.load(account, encode(tallies))
  }
  return board
}
