import { figure } from '@space-assistant/core/text/figure'
import { decideAccess } from '@space-assistant/core/access/visibility'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import type { Member, School } from '@space-assistant/core/roster/member'
import {
  activationOf,
  activationRate,
  activationState,
  sumActivation,
} from '@space-assistant/core/tasks/activation'
import type { Activation } from '@space-assistant/core/tasks/activation'
import { joinRankingLines, rankingKey, rankingRefusal, scopeName } from './frame'
import type { RankingContext } from './frame'

const lowest = 5
const mostTowns = 30

/** How many spaces are opened in a school, a town or the district; students are counted, never named. */
export function activationAnswer(
  frame: RankingContext,
  scope: StandingQuery['scope'],
  stage: string | undefined,
): string {
  const { ctx, viewer } = frame
  const decision = decideAccess(viewer, { kind: 'school-figures', scope: { kind: 'district' } })
  if (!decision.allowed) return rankingRefusal(frame, decision)
  const schools = ctx.roster.schools().filter((school) => {
    if (scope.kind === 'school') return school.code === scope.code
    return (scope.kind === 'district' || school.town === scope.town) && (!stage || school.stage === stage)
  })
  if (!schools.length) return rankingRefusal(frame, { code: 'no-schools', params: {} })
  const each = activations(schools, ctx.roster.members())
  const sum = sumActivation(each.values())
  const where = scopeName(frame, scope)
  return joinRankingLines([
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

function figures({ ctx, say }: RankingContext, where: string, activation: Activation): string[] {
  const rate = activationRate(activation)
  if (rate === null) return [say(rankingKey('activation.nobody'), { where })]
  const state = activationState(rate, ctx.schemes.active)
  const { goal = 1, award = 0 } = ctx.schemes.active.activation ?? {}
  const params = { goal: percent(goal), award: percent(award) }
  const missing = Math.ceil(award * (activation.teachers + activation.students))
  const opened = activation.teachersOpened + activation.studentsOpened
  const { teachers, teachersOpened, students, studentsOpened, teachersUnknown, schoolsUnknown } = activation
  const lines = [
    say(rankingKey('activation.head'), { where, rate: percent(rate) }) +
      (state
        ? say(rankingKey(`activation.${state}`), { ...params, missing: Math.max(0, missing - opened) })
        : ''),
    say(rankingKey('activation.counts'), { teachers, teachersOpened, students, studentsOpened }),
  ]
  if (teachersUnknown) lines.push(say(rankingKey('activation.teachers-unknown'), { count: teachersUnknown }))
  if (schoolsUnknown) lines.push(say(rankingKey('activation.schools-unknown'), { count: schoolsUnknown }))
  return lines
}

/** The towns of the district, those furthest behind first. */
function byTown({ say }: RankingContext, each: Map<School, Activation>): string {
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
    say(rankingKey('activation.one'), { school: town, rate: percent(rate) }),
  )
  return say(rankingKey('activation.towns'), { names: names.join(say(rankingKey('and'))) })
}

/** The schools that are furthest behind. */
function behind({ say }: RankingContext, each: Map<School, Activation>): string {
  const rates = [...each].flatMap(([school, activation]) => {
    const rate = activationRate(activation)
    return rate === null || rate >= 1 ? [] : [{ school, rate }]
  })
  const last = rates.sort((a, b) => a.rate - b.rate).slice(0, lowest)
  if (!last.length) return ''
  const names = last.map(({ school, rate }) =>
    say(rankingKey('activation.one'), { school: school.name, rate: percent(rate) }),
  )
  return say(rankingKey('activation.lowest'), { names: names.join(say(rankingKey('and'))) })
}

/** Rounded down, so that 99.97 % never reads as 100 %. */
const percent = (share: number) => `${figure(Math.floor(share * 1000 + 1e-9) / 10)}%`
