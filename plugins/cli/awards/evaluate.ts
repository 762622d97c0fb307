import { nomineeSheets } from '@space-assistant/core/awards/judging'
import type { RubricResult } from '@space-assistant/core/awards/tally'
import { tallySheets } from '@space-assistant/core/awards/tally'
import { quotaMeter } from '@space-assistant/core/awards/quota'
import { AwardStandings } from '@space-assistant/core/awards/standing'
import type { AwardStanding } from '@space-assistant/core/awards/standing'
import type { Day } from '@space-assistant/core/calendar/day'
import type { Award } from '@space-assistant/core/scheme/scheme'
import { text } from '../text'
import { nomineesByAward } from './inputs'
import type { AwardInputs } from './inputs'

/** One award with its rubric's results, best first; empty where judges give no points. */
export interface AwardReport {
  standing: AwardStanding
  rubric: readonly RubricResult[]
}

export interface EvaluatedAwards {
  inputs: AwardInputs
  awards: AwardReport[]
  /** Warnings as sentences. */
  problems: string[]
}

/** How every award stands by what the files say. Judgements of staff are in no file, so they are open. */
export function evaluateInputs(inputs: AwardInputs, asOf: Day | undefined): EvaluatedAwards {
  const { scheme, board, snapshot, nominations, sheets } = inputs
  const nominees = nomineesByAward(nominations ?? sheets)
  const rubrics = new Map<string, RubricResult[]>()
  for (const award of scheme.awards) {
    const condition = award.conditions.find(({ kind }) => kind === 'rubric')
    const rubric =
      condition?.kind === 'rubric' ? scheme.rubrics.find(({ name }) => name === condition.rubric) : undefined
    if (!rubric) continue
    const own = sheets.filter((sheet) => sheet.award === award.name)
    const judged = nomineeSheets(nominees.get(award.name) ?? [], own, { people: board.people, award })
    rubrics.set(award.name, tallySheets(judged, rubric, award.sheets))
  }
  const standings = new AwardStandings(scheme, {
    board,
    ...(asOf !== undefined && { asOf }),
    ...(snapshot && { snapshot }),
    nominees,
    rubrics: new Map(
      [...rubrics].map(([award, results]) => [award, new Map(results.map((one) => [one.nominee, one]))]),
    ),
    judgement: () => undefined,
  })
  const awards = standings.all.map((standing) => ({
    standing,
    rubric: rubrics.get(standing.award.name) ?? [],
  }))
  return { inputs, awards, problems: scheme.awards.flatMap((award) => warningsOf(award, inputs)) }
}

function warningsOf(award: Award, { snapshot, nominations = [], board }: AwardInputs): string[] {
  const warnings: string[] = []
  if (award.source === 'snapshot' && !snapshot)
    warnings.push(text('awards-no-snapshot', { award: award.name }))
  if (!award.quota) return warnings
  const groups = new Map<string, number>()
  for (const { award: name, nominee, nominator } of nominations) {
    if (name !== award.name) continue
    const { people } = board
    const school =
      award.subject === 'school' ? people.school(nominee) : people.school(board.schoolOf(nominee) ?? '')
    const group = award.quota.per === 'stage' ? (school?.stage ?? '') : nominator
    groups.set(group, (groups.get(group) ?? 0) + 1)
  }
  for (const [group, used] of groups) {
    const { places = 0, reserve, over } = quotaMeter(award.quota, group, used)
    if (over)
      warnings.push(text('awards-quota-exceeded', { award: award.name, group, places, reserve, used, over }))
  }
  return warnings
}
