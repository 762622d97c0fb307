import { isSecret } from '@space-assistant/core/awards/round'
import type { AwardRoundState } from '@space-assistant/core/awards/round'
import { daysBeyond } from '@space-assistant/core/awards/publicity'
import type { AwardStanding } from '@space-assistant/core/awards/standing'
import { isStaff } from '@space-assistant/core/access/viewer'
import { nameFor } from '@space-assistant/core/access/visibility'
import { maskName } from '@space-assistant/core/access/masking'
import { formatDay } from '@space-assistant/core/calendar/day'
import { h } from 'koishi'
import type { Fragment } from 'koishi'
import words from '../words.json'
import type { AwardNominee } from '../frame'
import { awardOutcomes } from '../rounds'
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
  if (isWord(words.board, first)) return boardAnswer(talk, rest[0])
  if (isWord(words.verdict, first)) return verdictAnswer(talk, rest)
  if (isWord(words.log, first)) return logAnswer(talk)
  if (isWord(words.documents, first)) return documentAnswer(talk, rest)
  if (isWord(words.state, first) || (!first && isStaff(talk.actor.viewer))) return stateAnswer(talk)
  return conditionsAnswer(talk, given)
}

async function conditionsAnswer(talk: AwardTalk, given: readonly string[]): Promise<Fragment> {
  const { say, awards } = talk
  const named = findAward(talk, given[0])
  const whom = named ? given.slice(1) : given
  const targets = awards.frame.awards
    .filter((award) => !named || award === named)
    .flatMap((award) => {
      const code =
        whom.length || award.subject === 'school' ? findNominee(talk, award, whom) : talk.actor.viewer.account
      return code === undefined ? [] : [{ award, code }]
    })
    .filter(({ award, code }) => isSubject(talk, award.subject, code))
  if (!targets.length)
    return h.text(say(given.length ? 'whom-unknown' : 'whom-missing', { given: given.join(' ') }))
  const standings = await awards.rounds.standings()
  const parts: string[] = []
  for (const { award, code } of targets) {
    const of = awards.frame.nominee(award, code)
    const standing = standings.of(award.name)
    if (!of || !standing) continue
    const may = await awards.frame.check(talk.actor, { kind: 'conditions', of })
    if (!may.ok) return h.text(awardRefusal(talk, may))
    parts.push(ownText(talk, standing, { code, name: shownName(talk, of), stage: of.stage }))
  }
  const state = await awards.rounds.state()
  const data = talk.awards.ctx.scoreboard.dataUntil
  const foot = data === undefined ? say('no-data') : say('data-until', { day: formatDay(data) })
  const published = await publishedText(talk, state.state)
  return h.text([...parts, foot, published].filter(Boolean).join('\n'))
}

/** Awards of people are asked about for people, those of schools for schools. */
function isSubject({ awards }: AwardTalk, subject: string, code: string): boolean {
  if (subject === 'school') return awards.ctx.roster.school(code) !== undefined
  const member = awards.ctx.roster.member(code)
  return member?.roles.some((role) => role === subject) ?? false
}

/** Other people's names are masked where others than their school read along. */
function shownName({ actor }: AwardTalk, { account, school, town, name }: AwardNominee): string {
  if (account === undefined) return name
  return (
    nameFor(actor.viewer, { account, school, name, ...(town !== undefined && { town }) }) ?? maskName(name)
  )
}

function ownText(
  { say }: AwardTalk,
  standing: AwardStanding,
  of: { code: string; name: string; stage: string | undefined },
): string {
  const candidate = standing.candidate(of.code)
  if (candidate) return candidateText(say, standing, { ...candidate, name: of.name })
  const { award } = standing
  const isOut = award.conditions.some(
    (one) => one.kind === 'not-stage' && of.stage !== undefined && one.stages.includes(of.stage),
  )
  const params = { award: award.name, name: of.name, stage: of.stage ?? '' }
  if (isOut) return say('outside.stage', params)
  const isNominated = award.conditions.some(({ kind }) => kind === 'rubric')
  return say(isNominated ? 'outside.not-nominated' : 'outside.unranked', params)
}

async function publishedText(talk: AwardTalk, state: AwardRoundState): Promise<string> {
  const results = await talk.awards.rounds.results({
    ...talk.actor,
    viewer: { ...talk.actor.viewer, grants: [] },
  })
  return results.ok ? talk.say(`published.${state}`) : ''
}

async function stateAnswer(talk: AwardTalk): Promise<Fragment> {
  const { awards, say } = talk
  const round = await awards.rounds.state()
  const may = await awards.frame.check(talk.actor, { kind: 'steer' })
  if (!may.ok) {
    if (isSecret(round.state)) return h.text(say('refusal.award-secret'))
    return h.text(say(`state.${round.state}`))
  }
  const lines = [say(`state.${round.state}`), say(`next.${round.state}`)]
  if (round.publicTo)
    lines.push(say('public-period', { from: formatDay(round.publicFrom), to: formatDay(round.publicTo) }))
  const standings = await awards.rounds.standings()
  for (const standing of standings.all) {
    const { selected, open } = standing.count()
    const params = { award: standing.award.name, selected, open, population: standing.population }
    lines.push(say('state-line', params))
  }
  if (isKept(round.state)) {
    const difference = await awards.rounds.difference()
    if (difference.length) lines.push(say('data-changed', { count: difference.length }))
  }
  return h.text(lines.join('\n'))
}

const isKept = (state: AwardRoundState) => !['draft', 'nominating', 'checking', 'judging'].includes(state)

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
  if (['publicity', 'commended'].includes(round.state)) {
    await awards.announce(round)
    lines.push(say('announcement-prepared'))
  }
  lines.push(say(`next.${round.state}`))
  return h.text(lines.join('\n'))
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
  const may = await awards.frame.check(talk.actor, { kind: 'steer' })
  if (!may.ok) return h.text(awardRefusal(talk, may))
  const award = findAward(talk, word)
  const standings = await awards.rounds.standings()
  const shown = award ? standings.all.filter((one) => one.award.name === award.name) : standings.all
  const schoolName = (code: string) => awards.ctx.roster.school(code)?.name ?? code
  return h.text(shown.map((standing) => boardText(say, standing, schoolName)).join('\n\n'))
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
export async function winnersText({ awards, say, actor }: AwardTalk): Promise<string> {
  const results = await awards.rounds.results(actor)
  if (!results.ok) return ''
  const lines = awards.frame.awards.flatMap(({ name }) => {
    const winners = results.value.filter((row) => row.award === name && row.selected === awardOutcomes.in)
    return winners.length
      ? [say('winners', { award: name, names: winners.map((row) => row.name).join(say('and')) })]
      : []
  })
  return lines.join('\n')
}
