import { formatDay } from '../calendar/day'
import type { ConditionState } from './conditions'
import type { AwardBoard, AwardCandidate, AwardStanding } from './standing'
import type { Translate } from '../text/translate'

/** Every condition of an award for one candidate, met, missing or open, with the gap. */
export function candidateText(say: Translate, standing: AwardStanding, candidate: AwardCandidate): string {
  const { award } = standing
  const { name, selected } = candidate
  const head = say(`candidate.${selectedKey(selected)}`, { award: award.name, name })
  return [
    head,
    ...candidate.conditions.map((state) => say(`mark.${metKey(state.met)}`) + conditionText(say, state)),
  ].join('\n')
}

/** One condition in words. */
export function conditionText(say: Translate, state: ConditionState): string {
  const { kind, needed, value, met, gap = {} } = state
  const params = {
    needed: kind === 'activation' ? percent(Number(needed)) : listed(say, needed),
    value: value === null ? '' : kind === 'activation' ? percent(Number(value)) : String(value),
    places: gap.places ?? 0,
    points: gap.points ?? 0,
    spaces: gap.spaces ?? 0,
  }
  const key = value === null && met !== true && kind !== 'judgement' ? 'unknown' : metKey(met)
  return say(`condition.${kind}.${key}`, params)
}

const metKey = (met: boolean | null) => (met === null ? 'open' : met ? 'met' : 'missing')
const selectedKey = (selected: boolean | null) => (selected === null ? 'open' : selected ? 'in' : 'out')

function percent(share: number): string {
  return String(Math.floor(share * 1000 + 1e-6) / 10)
}

function listed(say: Translate, needed: ConditionState['needed']): string {
  return Array.isArray(needed) ? needed.join(say('and')) : String(needed)
}

/** The board of one award for staff: who is in, who is out by what, and a tie over the last place. */
export function boardText(
  say: Translate,
  { standing, candidates, count }: AwardBoard,
  schoolName: (code: string) => string,
): string {
  const { award, population, overBy, reportDay } = standing
  const { selected, open } = count
  const first = award.first ?? 0
  const lines = [say('board.head', { award: award.name, first: first || '-', population, selected, open })]
  if (overBy) lines.push(say('board.over', { count: first + overBy, over: overBy }))
  if (reportDay !== undefined) lines.push(say('board.report', { day: formatDay(reportDay) }))
  for (const candidate of candidates) {
    const { rank, name, school, score, conditions } = candidate
    const short = conditions
      .filter(({ met, kind }) => met === false && kind !== 'rank')
      .map((state) => conditionText(say, state))
    const behind = conditions.find(({ kind, met }) => kind === 'rank' && met === false)
    if (behind) short.push(conditionText(say, behind))
    const state = say(`board.${selectedKey(candidate.selected)}`)
    const who = award.subject === 'school' ? name : say('board.person', { name, school: schoolName(school) })
    const reasons = short.length ? say('board.because', { reasons: short.join(say('and')) }) : ''
    lines.push(say('board.line', { place: rank ?? '-', who, score: score ?? '-', state, reasons }))
  }
  return lines.join('\n')
}
