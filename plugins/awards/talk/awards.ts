import { isPublished, isSecret } from '@space-assistant/core/awards/round'
import type { AwardRoundState } from '@space-assistant/core/awards/round'
import { daysBeyond } from '@space-assistant/core/awards/publicity'
import { isStaff } from '@space-assistant/core/access/viewer'
import { nameFor } from '@space-assistant/core/access/visibility'
import { maskName } from '@space-assistant/core/access/masking'
import { formatDay } from '@space-assistant/core/calendar/day'
import { h } from 'koishi'
import type { Fragment } from 'koishi'
import words from '../words.json'
import type { TargetConditions } from '../boards'
import type { AwardNominee } from '../frame'
import { awardOutcomes } from '../table'
import { boardText, candidateText } from '@space-assistant/core/awards/condition-text'
import { documentAnswer } from './documents'
import { awardRefusal, findAward, findNominee, isWord, tellOutcome } from './talk'
import type { AwardTalk } from './talk'

const LOG_LINES = 20

/** Answers the command of awards: conditions for everybody; boards, steps, verdicts and documents for staff. */
export async function answerAwards(talk: AwardTalk, given: string[]): Promise<Fragment> {
  const [first, ...rest] = given
  if (isWord(words.step, first)) return stepRoundAnswer(talk, rest)
  if (isWord(words.back, first)) return goTo(talk, 'back', { reason: rest.join(' ') })
  if (isWord(words.results, first)) return resultsAnswer(talk)
  // What staff read on the board is for everybody else the published list.
  if (isWord(words.board, first))
    return isStaff(talk.actor.viewer) ? boardAnswer(talk, rest[0]) : resultsAnswer(talk)
  if (isWord(words.verdict, first)) return verdictAnswer(talk, rest)
  if (isWord(words.log, first)) return logAnswer(talk)
  if (isWord(words.documents, first)) return documentAnswer(talk, rest)
  if (isWord(words.state, first) || (!first && isStaff(talk.actor.viewer))) return stateAnswer(talk)
  return conditionsAnswer(talk, given)
}

async function conditionsAnswer(talk: AwardTalk, given: readonly string[]): Promise<Fragment> {
  const { say, awards, actor } = talk
  const named = findAward(talk, given[0])
  const whom = named ? given.slice(1) : given
  const targets = awards.frame.awards
    .filter((award) => !named || award === named)
    .flatMap((award) => {
      const code =
        whom.length || award.subject === 'school' ? findNominee(talk, award, whom) : actor.viewer.account
      return code === undefined ? [] : [{ award: award.name, code }]
    })
  const outcome = await awards.boards.conditions(actor, targets)
  if (!outcome.ok && outcome.code === 'whom-unknown')
    return h.text(say(given.length ? 'whom-unknown' : 'whom-missing', { given: given.join(' ') }))
  if (!outcome.ok) return h.text(awardRefusal(talk, outcome))
  const data = awards.ctx.scoreboard.dataUntil
  const foot = data === undefined ? say('no-data') : say('data-until', { day: formatDay(data) })
  const { state } = await awards.rounds.state()
  const published = isPublished(state) ? say(`published.${state}`) : ''
  return h.text(
    [...outcome.value.map((one) => ownText(talk, one)), foot, published].filter(Boolean).join('\n'),
  )
}

/** Other people's names are masked where others than their school read along. */
function shownName({ actor }: AwardTalk, { account, school, town, name }: AwardNominee): string {
  if (account === undefined) return name
  return (
    nameFor(actor.viewer, { account, school, name, ...(town !== undefined && { town }) }) ?? maskName(name)
  )
}

function ownText(
  talk: AwardTalk,
  { standing, nominee, candidate, outside, published }: TargetConditions,
): string {
  const { say } = talk
  const name = shownName(talk, nominee)
  const award = standing.award.name
  const text = candidate
    ? candidateText(say, standing, { ...candidate, name })
    : say(`outside.${outside ?? 'unranked'}`, { award, name, stage: nominee.stage ?? '' })
  return published ? `${text}\n${say(`published-${published}`, { award, name })}` : text
}

async function stateAnswer(talk: AwardTalk): Promise<Fragment> {
  const { awards, say } = talk
  const { state, publicFrom, publicTo, dataImport, counts, changed } = await awards.boards.overview(
    talk.actor,
  )
  if (!counts) return h.text(say(isSecret(state) ? 'refusal.award-secret' : `state.${state}`))
  const lines = [say(`state.${state}`), say(`next.${state}`)]
  if (publicTo) lines.push(say('public-period', { from: formatDay(publicFrom), to: formatDay(publicTo) }))
  lines.push(...counts.map((one) => say('state-line', one)))
  if (dataImport) lines.push(say('data-stamp', { number: dataImport }))
  if (changed) lines.push(say('data-changed', { count: changed }))
  return h.text(lines.join('\n'))
}

async function stepRoundAnswer(talk: AwardTalk, rest: readonly string[]): Promise<Fragment> {
  const [word, ...more] = rest
  const steps = Object.entries(words.steps) as [AwardRoundState, string[]][]
  const [to] = steps.find(([, list]) => isWord(list, word)) ?? []
  if (!to)
    return h.text(talk.say('which-step', { steps: steps.map(([, [name]]) => name).join(talk.say('and')) }))
  return goTo(talk, to, { force: more.some((one) => isWord(words.force, one)) })
}

async function goTo(
  talk: AwardTalk,
  to: AwardRoundState | 'back',
  how: { reason?: string; force?: boolean },
): Promise<Fragment> {
  const { awards, say } = talk
  const outcome = await awards.rounds.step(talk.actor, { to, ...how })
  if (!outcome.ok) return h.text(awardRefusal(talk, outcome))
  const { round, back } = outcome.value
  const lines = [say(back ? 'stepped-back' : 'stepped', { state: say(`state.${round.state}`) })]
  if (round.state === 'publicity') {
    lines.push(say('public-period', { from: formatDay(round.publicFrom), to: formatDay(round.publicTo) }))
    lines.push(...fitWarnings(talk, round.publicTo))
  }
  if (['publicity', 'commended'].includes(round.state)) lines.push(say('announcement-prepared'))
  if (round.state === 'tallied') lines.push(...(await tallyWarnings(talk)))
  lines.push(say(`next.${round.state}`))
  return h.text(lines.join('\n'))
}

/** What staff should look at before they go on: few sheets, wide spreads, nominees on both sides of the trimming. */
async function tallyWarnings({ awards, say, actor }: AwardTalk): Promise<string[]> {
  const scores = await awards.judging.scores(actor)
  if (!scores.ok) return []
  return scores.value.flatMap(({ award, nominees }) => {
    const all = nominees.map(({ result, nominee }) => ({ ...result, name: nominee?.name ?? result.nominee }))
    const named = all.flatMap(({ flags, name, counted, spread }) =>
      flags
        .filter((flag) => flag !== 'both-sides')
        .map((flag) => say(`tally-${flag}`, { award, name, counted, spread: spread ?? 0 })),
    )
    const isMixed = all.some(({ flags }) => flags.includes('both-sides'))
    return isMixed ? [...named, say('tally-both-sides', { award })] : named
  })
}

/** Says when publicity ends after the last phase, and when nobody has given the holidays. */
function fitWarnings({ awards, say }: AwardTalk, publicTo: number): string[] {
  const { phases } = awards.ctx.schemes.active
  const last = phases.at(-1)
  const warnings: string[] = []
  const beyond = last ? daysBeyond({ from: publicTo, to: publicTo }, last.window.to) : 0
  if (beyond && last)
    warnings.push(say('publicity-beyond', { days: beyond, phase: last.name, end: formatDay(last.window.to) }))
  if (!awards.rounds.publicity().known) warnings.push(say('holidays-unknown'))
  return warnings
}

async function boardAnswer(talk: AwardTalk, word: string | undefined): Promise<Fragment> {
  const { awards, say } = talk
  const award = findAward(talk, word)?.name
  const outcome = await awards.boards.boards(talk.actor, award === undefined ? {} : { award })
  const schoolName = (code: string) => awards.ctx.roster.school(code)?.name ?? code
  return tellOutcome(talk, outcome, (boards) =>
    boards.map((board) => boardText(say, board, schoolName)).join('\n\n'),
  )
}

async function verdictAnswer(talk: AwardTalk, rest: readonly string[]): Promise<Fragment> {
  const { say, awards } = talk
  const [awardWord, ...more] = rest
  const at = more.findIndex((one) => isWord(words.yes, one) || isWord(words.no, one))
  const award = findAward(talk, awardWord)
  if (!award || at < 1) return h.text(say('verdict-how'))
  const code = findNominee(talk, award, more.slice(0, at))
  if (code === undefined) return h.text(say('refusal.unknown-nominee', { nominee: more[0] ?? '' }))
  const yes = isWord(words.yes, more[at])
  const outcome = await awards.rounds.decide(talk.actor, {
    ...{ award: award.name, code, yes },
    reason: more.slice(at + 1).join(' '),
  })
  const name = awards.frame.nominee(award, code)?.name ?? code
  return tellOutcome(talk, outcome, () =>
    say(yes ? 'verdict-yes' : 'verdict-no', { award: award.name, name }),
  )
}

async function logAnswer(talk: AwardTalk): Promise<Fragment> {
  const outcome = await talk.awards.log(talk.actor, LOG_LINES)
  return tellOutcome(talk, outcome, (rows) =>
    rows.length
      ? rows
          .map((row) =>
            talk.say('log-line', {
              ...row,
              act: talk.say(`act.${row.act}`),
              at: new Date(Number(row.at) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' '),
            }),
          )
          .join('\n')
      : talk.say('log-empty'),
  )
}

/** Winners by award, as published. */
export async function resultsAnswer(talk: AwardTalk): Promise<Fragment> {
  const { awards, say, actor } = talk
  const results = await awards.rounds.results(actor)
  if (!results.ok) return h.text(awardRefusal(talk, results))
  const lines = awards.frame.awards.flatMap(({ name }) => {
    const winners = results.value.filter((row) => row.award === name && row.selected === awardOutcomes.in)
    return winners.length
      ? [say('winners', { award: name, names: winners.map((row) => row.name).join(say('and')) })]
      : []
  })
  return h.text(lines.length ? lines.join('\n') : say('refusal.no-results-yet'))
}
