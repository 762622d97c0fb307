import { h } from 'koishi'
import type { Fragment } from 'koishi'
import words from '../words.json'
import { findAward, findNominee, isWord, tellOutcome } from './talk'
import type { AwardTalk } from './talk'

/** What staff do about judging: panel, assignment, conflicts, void sheets, progress. They never score. */
export async function answerJudgeStaff(
  talk: AwardTalk,
  first: string | undefined,
  rest: string[],
): Promise<Fragment> {
  const { awards, actor, say } = talk
  if (isWord(words.judge, first)) {
    const [name, unit = '', account] = rest
    if (!name) return h.text(say('judge-add-how'))
    const outcome = await awards.panel.add(actor, {
      name,
      unit,
      ...(account !== undefined && { account }),
    })
    return tellOutcome(talk, outcome, () => say('judge-added', { name, unit }))
  }
  if (isWord(words.assign, first)) {
    const apply = isWord(words.submit, rest[0]) || isWord(words.yes, rest[0])
    const seed = Number(/^\d{1,9}$/.exec(rest.at(-1) ?? '')?.[0] ?? 1)
    const outcome = await awards.judging.assign(actor, { seed, apply })
    return tellOutcome(talk, outcome, (plans) => {
      const loads = plans.flatMap(({ sheets }) =>
        [...sheets].map(([judge, list]) => ({ judge, count: list.length })),
      )
      const judges = [...new Set(loads.map(({ judge }) => judge))].map((judge) => {
        const count = loads.filter((one) => one.judge === judge).reduce((sum, one) => sum + one.count, 0)
        return say('load', { judge, count })
      })
      const short = plans.flatMap((plan) =>
        plan.short.map(({ nominee, judges: count }) =>
          say('short', { nominee: nomineeName(talk, plan.award, nominee), count, least: plan.least }),
        ),
      )
      return [say(apply ? 'assigned' : 'assign-preview', { seed }), judges.join(say('and')), ...short].join(
        '\n',
      )
    })
  }
  if (isWord(words.recuse, first) || isWord(words.void, first))
    return staffSheet(talk, isWord(words.void, first), rest)
  return progressAnswer(talk)
}

function nomineeName({ awards: { frame } }: AwardTalk, name: string, code: string): string {
  const award = frame.award(name)
  return (award && frame.nominee(award, code)?.name) ?? code
}

async function staffSheet(
  talk: AwardTalk,
  isVoid: boolean,
  [judge = '', awardWord, who, ...reason]: string[],
): Promise<Fragment> {
  const { awards, say } = talk
  const award = findAward(talk, awardWord)
  const nominee = award && findNominee(talk, award, [who])
  if (!award || nominee === undefined) return h.text(say('staff-sheet-how'))
  const name = awards.frame.nominee(award, nominee)?.name ?? nominee
  if (!isVoid) {
    const outcome = await awards.panel.declareConflict(talk.actor, {
      judge,
      nominee,
      reason: reason.join(' '),
    })
    return tellOutcome(talk, outcome, () => say('conflict-declared', { judge, name }))
  }
  const outcome = await awards.judging.voidSheet(talk.actor, {
    ...{ judge, award: award.name, nominee },
    reason: reason.join(' '),
  })
  return tellOutcome(talk, outcome, () => say('sheet-voided', { judge, name }))
}

async function progressAnswer(talk: AwardTalk): Promise<Fragment> {
  const { awards, say } = talk
  const outcome = await awards.judging.progress(talk.actor)
  return tellOutcome(talk, outcome, ({ judges, short, severity }) => {
    const sum = (of: 'submitted' | 'open') => judges.reduce((all, one) => all + one[of], 0)
    const head = say('judging-head', { submitted: sum('submitted'), all: sum('submitted') + sum('open') })
    const missing = judges
      .filter(({ open }) => open > 0)
      .map(({ name, open }) => say('judge-open', { name, open }))
    return [
      head,
      ...missing,
      ...short.map(({ name, judges: count, least }) => say('short', { nominee: name, count, least })),
      ...severity.map(({ judge, distance, common }) =>
        say('severity', { judge, distance: Math.round(distance * 10) / 10, common }),
      ),
      say('judging-how'),
    ].join('\n')
  })
}
