import { figure } from '@space-assistant/core/scoring/figure'
import { decide } from '@space-assistant/core/identity/visibility'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import type { Member, School } from '@space-assistant/core/scoring/member'
import {
  activationOf,
  activationRate,
  activationState,
  sumActivation,
} from '@space-assistant/core/tasks/activation'
import type { Activation } from '@space-assistant/core/tasks/activation'
import { joined, key, refuse, scopeName } from './frame'
import type { Frame } from './frame'

const lowest = 5
const mostTowns = 30

/** How many spaces are opened in a school, a town or the district; students are counted, never named. */
export function activationAnswer(
  frame: Frame,
  scope: StandingQuery['scope'],
  stage: string | undefined,
): string {
  const { ctx, viewer } = frame
  const decision = decide(viewer, { kind: 'school-figures', scope: { kind: 'district' } })
  if (!decision.allowed) return refuse(frame, decision)
  const schools = ctx.roster.schools().filter((school) => {
    if (scope.kind === 'school') return school.code === scope.code
    return (scope.kind === 'district' || school.town === scope.town) && (!stage || school.stage === stage)
  })
  if (!schools.length) return refuse(frame, { code: 'no-schools', params: {} })
  const each = activations(schools, ctx.roster.members())
  const sum = sumActivation(each.values())
  const where = scopeName(frame, scope)
  return joined([
    ...figures(frame, stage ? `${where} ${stage}` : where, sum),
    scope.kind === 'district' && byTown(frame, each),
    schools.length > 1 && behind(frame, each),
  ])
}

function activations(schools: readonly School[], members: readonly Member[]): Map<School, Activation> {
  const bySchool = new Map<string, Member[]>()
  for (const member of members) {
    const own = bySchool.get(member.school)
    if (own) own.push(member)
    else bySchool.set(member.school, [member])
  }
  return new Map(schools.map((school) => [school, activationOf(school, bySchool.get(school.code) ?? [])]))
}

function figures({ ctx, say }: Frame, where: string, activation: Activation): string[] {
  const rate = activationRate(activation)
  if (rate === null) return [say(key('activation.nobody'), { where })]
  const state = activationState(rate, ctx.schemes.active)
  const { goal = 1, award = 0 } = ctx.schemes.active.activation ?? {}
  const params = { goal: percent(goal), award: percent(award) }
  const missing = Math.ceil(award * (activation.teachers + activation.students))
  const opened = activation.teachersOpened + activation.studentsOpened
  const { teachers, teachersOpened, students, studentsOpened, teachersUnknown, schoolsUnknown } = activation
  const lines = [
    say(key('activation.head'), { where, rate: percent(rate) }) +
      (state ? say(key(`activation.${state}`), { ...params, missing: Math.max(0, missing - opened) }) : ''),
    say(key('activation.counts'), { teachers, teachersOpened, students, studentsOpened }),
  ]
  if (teachersUnknown) lines.push(say(key('activation.teachers-unknown'), { count: teachersUnknown }))
  if (schoolsUnknown) lines.push(say(key('activation.schools-unknown'), { count: schoolsUnknown }))
  return lines
}

/** The towns of the district, those furthest behind first. */
function byTown({ say }: Frame, each: Map<School, Activation>): string {
  const towns = new Map<string, Activation[]>()
  for (const [{ town }, activation] of each) {
    if (town !== undefined) towns.set(town, [...(towns.get(town) ?? []), activation])
  }
  if (towns.size < 2) return ''
  const rates = [...towns].flatMap(([town, activations]) => {
    const rate = activationRate(sumActivation(activations))
    return rate === null ? [] : [{ town, rate }]
  })
  const sorted = rates.sort((a, b) => a.rate - b.rate || (a.town < b.town ? -1 : 1)).slice(0, mostTowns)
  const names = sorted.map(({ town, rate }) =>
    say(key('activation.one'), { school: town, rate: percent(rate) }),
  )
  return say(key('activation.towns'), { names: names.join(say(key('and'))) })
}

/** The schools that are furthest behind. */
function behind({ say }: Frame, each: Map<School, Activation>): string {
  const rates = [...each].flatMap(([school, activation]) => {
    const rate = activationRate(activation)
    return rate === null || rate >= 1 ? [] : [{ school, rate }]
  })
  const last = rates.sort((a, b) => a.rate - b.rate).slice(0, lowest)
  if (!last.length) return ''
  const names = last.map(({ school, rate }) =>
    say(key('activation.one'), { school: school.name, rate: percent(rate) }),
  )
  return say(key('activation.lowest'), { names: names.join(say(key('and'))) })
}

/** Rounded down, so that 99.97 % never reads as 100 %. */
const percent = (share: number) => `${figure(Math.floor(share * 1000 + 1e-9) / 10)}%`
