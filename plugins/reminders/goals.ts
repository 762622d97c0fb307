import type { AskGoal } from '@space-assistant/core/nudges/missing'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-awards'

/**
 * Who has nominated and whether judging is over, as of this moment. Towns and the schools that nominate for themselves
 * are asked to; to others the goal is reached. Judges hear of their sheets from the awards. Without awards nobody knows.
 */
export async function loadPhaseGoals(ctx: Context): Promise<AskGoal> {
  const awards = ctx.get('awards')
  if (!awards) return () => undefined
  const { state, units, stages } = await awards.nominations.progress()
  const schools = ctx.roster.schools()
  const nominating = schools.filter(({ stage }) => stage !== undefined && stages.includes(stage))
  const isOpen = state === 'draft' || state === 'nominating'
  const isJudged = !isOpen && state !== 'checking' && state !== 'judging'
  const asked = [...schools.flatMap(({ town }) => town ?? []), ...nominating.map(({ name }) => name)]
  const all = asked.every((unit) => units.has(unit))
  return (goal, { audience, id }) => {
    if (goal === 'scores') return audience === 'judge' || isJudged ? 'reached' : 'missing'
    if (!isOpen) return 'reached'
    if (audience === 'townOffice') return units.has(id) ? 'reached' : 'missing'
    if (audience === 'staff') return all ? 'reached' : 'missing'
    const school = nominating.find(({ code }) => code === id)
    return school && !units.has(school.name) ? 'missing' : 'reached'
  }
}
