import { figure } from '@space-assistant/core/scoring/figure'
import type { Question } from '@space-assistant/core/ranking/question'
import type { Indicator } from '@space-assistant/core/scheme/scheme'
import { key } from './frame'
import type { Frame } from './frame'

/** What a school's score is made of: the mean of each role, and how it is spread over groups of indicators. */
export function schoolReasons({ ctx, say }: Frame, code: string, question: Question): string[] {
  const { board } = ctx.scoreboard
  const { from, to } = question.window
  const scored = (names?: readonly string[]) => board.schoolScore(code, { from, to }, names)
  const terms = scored(question.indicators)?.terms ?? []
  const means = terms.map(({ role, members, points, mean }) => {
    const params = { role: say(key(`subject.${role}`)), members, points: figure(points), mean: figure(mean) }
    return say(key('school.term'), params)
  })
  const parts = partsOf(ctx.schemes.active.indicators, question).map(([name, names]) => {
    return say(key('school.part'), { name, score: figure(scored(names)?.score ?? 0) })
  })
  return [
    means.join(say(key('then'))) + (means.length > 1 ? say(key('school.sum')) : ''),
    parts.length > 1 ? say(key('school.parts'), { parts: parts.join(say(key('and'))) }) : '',
  ]
}

/** Groups by name with their indicators; of a question about some indicators, each of them. */
function partsOf(all: readonly Indicator[], { indicators }: Question): [name: string, names: string[]][] {
  if (indicators) return indicators.map((name) => [name, [name]])
  const ranked = all.filter(({ role }) => role !== 'student')
  return [...new Set(ranked.map(({ group }) => group))].map((group) => {
    return [group, ranked.filter((one) => one.group === group).map(({ name }) => name)]
  })
}
