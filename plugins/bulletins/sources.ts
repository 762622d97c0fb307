import { workdaysSince } from '@space-assistant/core/bulletins/age'
import { collectFacts } from '@space-assistant/core/bulletins/collect'
import type { BulletinFacts } from '@space-assistant/core/bulletins/facts'
import { dayOf } from '@space-assistant/core/calendar/day'
import type { Day, Window } from '@space-assistant/core/calendar/day'
import { activationOf } from '@space-assistant/core/tasks/activation'
import type { Member } from '@space-assistant/core/roster/member'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-imports'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'

/** Names the state of the data that facts are from: imports and rules. */
export function dataKey({ stamp }: BulletinFacts): string {
  return `${stamp.imports} ${stamp.scheme} ${stamp.version}`
}

/** Where the numbers of bulletins come from: the board and the roster as they are now. */
export class BulletinSources {
  constructor(private readonly ctx: Context) {}

  /** Last day with data; undefined without any. */
  get dataUntil(): Day | undefined {
    return this.ctx.scoreboard.dataUntil
  }

  /** Working days since the last day with data. */
  age(now: Date): number {
    const { dataUntil } = this.ctx.scoreboard
    return dataUntil === undefined
      ? Infinity
      : workdaysSince(dataUntil, dayOf(now), this.ctx.schemes.calendar)
  }

  /** The state of the data now, as `dataKey` names it. */
  async newest(): Promise<string> {
    const { active, version } = this.ctx.schemes
    return `${await this.ctx.imports.stamp()} ${active.id} ${version}`
  }

  /** The facts of a window now, compared with the bulletin before. */
  async collect(window: Window, last: BulletinFacts | undefined): Promise<BulletinFacts> {
    const { roster, scoreboard, schemes, imports } = this.ctx
    const { active: scheme } = schemes
    const schools = roster.schools()
    const members = membersOf(roster.members())
    const teachers = scoreboard.board.column({ role: 'teacher', window })
    const { people } = scoreboard.board
    return collectFacts({
      stamp: {
        ...{ window, dataUntil: scoreboard.dataUntil ?? window.to, imports: await imports.stamp() },
        ...{ scheme: scheme.id, schemeName: scheme.name, version: schemes.version },
      },
      standing: scoreboard.standing({ of: 'schools', window, scope: { kind: 'district' } }),
      schools,
      activations: new Map(
        schools.map((school) => [school.code, activationOf(school, members.get(school.code) ?? [])]),
      ),
      teachers: new Map(
        schools.map(({ code }) => {
          const own = (members.get(code) ?? []).filter(isActiveTeacher)
          const active = own.filter(({ account }) => (teachers.values[people.slot(account) ?? -1] ?? 0) > 0)
          return [code, { members: own.length, active: active.length }]
        }),
      ),
      award: scheme.activation?.award,
      last,
    })
  }
}

const isActiveTeacher = ({ state, roles }: Member) => state === 'active' && roles.includes('teacher')

function membersOf(members: readonly Member[]): Map<string, Member[]> {
  const bySchool = new Map<string, Member[]>()
  for (const member of members) {
    const own = bySchool.get(member.school)
    if (own) own.push(member)
    else bySchool.set(member.school, [member])
  }
  return bySchool
}
