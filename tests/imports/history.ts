// What imports, and taking them back, have to come to: everything that was kept, worked through again from nothing.
import type { Member, School } from '@space-assistant/core/roster/member'
import type { MemberRole } from '@space-assistant/core/scheme/scheme'
import { parseDay } from '@space-assistant/core/calendar/day'
import { csv } from '../formats/fixture'
import type { Done } from '../scoring/reference'
import { recordsHeader } from './app'

export interface Person {
  account: string
  school: string
  roles: string
  state: string
}

export interface Row {
  account: string
  indicator: string
  day: string
  count: number
  /** For 互动授课: fewer than 15 are not counted. */
  minutes: number
  id: string
}

export type Brought =
  { kind: 'roster'; people: Person[] } | { kind: 'records'; withIds: boolean; rows: Row[] }

const words: Record<string, readonly MemberRole[]> = {
  教师: ['teacher'],
  管理员: ['administrator'],
  '教师、管理员': ['teacher', 'administrator'],
}
const states = { 在岗: 'active', 退休: 'retired', 离岗: 'departed' } as const

export function bytesOf(brought: Brought): Uint8Array {
  if (brought.kind === 'roster') {
    const rows = brought.people.map(({ account, school, roles, state }) => [
      ...[school, `学校${school}`, '东镇', '小学', `人${account}`, account, roles, state],
    ])
    return csv(['学校代码', '学校名称', '街镇', '学段', '姓名', '账号', '角色', '状态'], ...rows)
  }
  const { withIds, rows } = brought
  return csv(
    [...recordsHeader, '时长', ...(withIds ? ['记录编号'] : [])],
    ...rows.map((row) => [
      ...[row.account, row.indicator, row.day, row.count, row.minutes],
      ...(withIds ? [row.id] : []),
    ]),
  )
}

interface Kept {
  id: number
  brought: Brought
  /** Account -> school when it was imported: what a statement covers is settled then. */
  schools: ReadonlyMap<string, string>
}

export class History {
  kept: Kept[] = []

  add(id: number, brought: Brought): void {
    const schools = new Map(this.members().map(({ account, school }) => [account, school]))
    this.kept.push({ id, brought, schools })
  }

  undo(id: number): void {
    this.kept = this.kept.filter((each) => each.id !== id)
  }

  members(): Member[] {
    const people = new Map<string, Person>()
    for (const { brought } of this.kept) {
      if (brought.kind === 'roster') for (const person of brought.people) people.set(person.account, person)
    }
    return [...people.values()].map(({ account, school, roles, state }) => ({
      account,
      name: `人${account}`,
      school,
      roles: words[roles]!,
      state: states[state as keyof typeof states],
    }))
  }

  schools(): School[] {
    const codes = this.kept.flatMap(({ brought }) =>
      brought.kind === 'roster' ? brought.people.map(({ school }) => school) : [],
    )
    return [...new Set(codes)].map((code) => ({ code, name: `学校${code}`, town: '东镇', stage: '小学' }))
  }

  /** Rows that were understood and not replaced, invalid ones included. */
  rows(): Row[] {
    let known: Row[] = []
    const seen = new Set<string>()
    for (const { brought, schools } of this.kept) {
      if (brought.kind === 'roster') continue
      const rows = brought.rows.filter(({ account }) => schools.has(account))
      if (brought.withIds) {
        for (const row of rows) {
          if (!seen.has(row.id)) known.push(row)
          seen.add(row.id)
        }
        continue
      }
      const days = new Set(rows.map(({ day }) => day))
      const covered = new Set(rows.map(({ account }) => schools.get(account)!))
      known = known.filter(({ account, day }) => !(days.has(day) && covered.has(schools.get(account) ?? '')))
      known.push(...rows)
    }
    return known
  }

  done(): Done[] {
    return this.rows()
      .filter(({ indicator, minutes }) => indicator !== '互动授课' || minutes >= 15)
      .map((row) => ({ ...row, day: parseDay(row.day)! }))
  }
}
