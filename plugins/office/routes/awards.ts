import { conditionText } from '@space-assistant/core/awards/condition-text'
import type { ConditionState } from '@space-assistant/core/awards/conditions'
import type { AwardCandidate, AwardStanding } from '@space-assistant/core/awards/standing'
import { nameFor } from '@space-assistant/core/access/visibility'
import { maskName } from '@space-assistant/core/access/masking'
import { schoolOfViewer } from '@space-assistant/core/access/viewer'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import type { Award } from '@space-assistant/core/scheme/scheme'
import { questionKey } from '@space-assistant/core/text/normalise'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-awards'
import type { OfficeService } from '../office'
import type { OfficeAsker, RouteHandlers, RouteOutcome } from '../visit'
import { worded } from '../visit'
import { answered, declined, pageOfList } from './answers'
import { pageSpan } from './session'

type AwardRoute =
  | 'award-round'
  | 'award-conditions'
  | 'award-board'
  | 'award-step'
  | 'award-decide'
  | 'award-results'
  | 'award-exhibit'
  | 'award-log'
  | 'award-document'

const PAGE = 50
const LOGGED = 200
const textsOf = 'space-awards'

/** The asker as the awards know people: with the name that the log keeps. */
export async function awardActor({ roster, access }: Context, { viewer, who }: OfficeAsker) {
  const member = viewer.account === undefined ? undefined : roster.member(viewer.account)
  const [grant] = member ? [] : await access.grants.of(who, viewer.account)
  return { viewer, name: member?.name ?? grant?.label ?? who.platform }
}

/** Gives a refusal of the awards the sentence that the chat has for it. */
export function awardWorded<T>(ctx: Context, asker: OfficeAsker, outcome: RouteOutcome<T>): RouteOutcome<T> {
  const own = worded(ctx, asker, { outcome, from: `${textsOf}.refusal` })
  return own.ok || own.text ? own : worded(ctx, asker, { outcome, from: 'space-access.refusal' })
}

/** Texts of the awards in the asker's language. */
export function awardSayer(ctx: Context, { locale }: OfficeAsker): Translate {
  return (key, params = {}) => h.unescape(ctx.i18n.text([locale], [`${textsOf}.${key}`], params))
}

/** Conditions and boards of the awards, and the steps of the round. The service decides who may. */
export function awardRoutes(ctx: Context, office: OfficeService): RouteHandlers<AwardRoute> {
  const { awards } = ctx
  return {
    'award-round': async (asker) => answered(await roundOf(ctx, asker)),
    'award-conditions': async (asker) => ownConditions(ctx, asker),
    'award-board': (asker, input) => boardOf(ctx, asker, input),
    async 'award-step'(asker, { from, ...step }) {
      const { state } = await awards.rounds.state()
      // Somebody else was faster, or this is a second click.
      if (state !== from) return declined('round-changed-meanwhile')
      const outcome = await awards.rounds.step(await awardActor(ctx, asker), step)
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      const { round } = outcome.value
      if (['publicity', 'commended'].includes(round.state)) await awards.announce(round)
      office.events.tell('awards')
      return answered({ state: round.state })
    },
    async 'award-decide'(asker, input) {
      const outcome = await awards.rounds.decide(await awardActor(ctx, asker), input)
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      office.events.tell('awards')
      return answered({})
    },
    async 'award-results'(asker) {
      const outcome = await awards.rounds.results(await awardActor(ctx, asker))
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      const shown = outcome.value.filter(
        ({ selected, hidden }) => selected === IN && (steers(asker) || !hidden),
      )
      return answered({
        rows: shown.map(({ award, code, name, schoolName, link, hidden }) => ({
          ...{ award, code, name, school: schoolName, link, hidden: hidden === 1 },
        })),
      })
    },
    async 'award-exhibit'(asker, input) {
      if (input.link && !/^https?:\/\//.test(input.link)) return declined('exhibit-link')
      const outcome = await awards.certificates.show(await awardActor(ctx, asker), {
        ...{ award: input.award, code: input.code },
        ...(input.link !== undefined && { link: input.link }),
        ...(input.hidden !== undefined && { hidden: input.hidden }),
      })
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      office.events.tell('awards')
      return answered({})
    },
    async 'award-log'(asker) {
      const outcome = await awards.log(await awardActor(ctx, asker), LOGGED)
      if (!outcome.ok) return awardWorded(ctx, asker, outcome)
      const say = awardSayer(ctx, asker)
      return answered({
        rows: outcome.value.map(({ at, actor, act, subject, before, after, reason }) => ({
          ...{ at: new Date(Number(at)).toISOString(), actor, act: say(`act.${act}`) },
          ...{ subject, before, after, reason },
        })),
      })
    },
    async 'award-document'(asker, { kind, of }) {
      const outcome = await awards.documents.make(await awardActor(ctx, asker), kind, of)
      if (!outcome.ok) {
        const isTemplate = outcome.code === 'template' || outcome.code === 'no-template'
        return isTemplate
          ? { ...outcome, text: ctx.documents.explain(outcome) }
          : awardWorded(ctx, asker, outcome)
      }
      const { name, type, bytes } = outcome.value
      return answered({ name, type, base64: Buffer.from(bytes).toString('base64') })
    },
  }
}

/** The value of a result's `selected` for who gets the award. */
const IN = 1
const steers = ({ viewer }: OfficeAsker) => viewer.grants.some(({ kind }) => kind === 'staff')
const isTallied = (state: string) => !['draft', 'nominating', 'checking', 'judging'].includes(state)

async function roundOf(ctx: Context, asker: OfficeAsker): Promise<OfficeAnswer<'award-round'>> {
  const { awards } = ctx
  const { state, publicFrom, publicTo } = await awards.rounds.state()
  const leads = (await awards.frame.check(await awardActor(ctx, asker), { kind: 'steer' })).ok
  const standings = leads ? await awards.rounds.standings() : undefined
  return {
    state,
    steers: leads,
    ...(publicTo && { publicity: pageSpan({ from: publicFrom, to: publicTo }) }),
    changed: leads && isTallied(state) ? (await awards.rounds.difference()).length : 0,
    awards: awards.frame.awards.map((award) => {
      const standing = standings?.of(award.name)
      return {
        ...{ name: award.name, subject: award.subject, judged: awards.frame.rubric(award) !== undefined },
        ...(standing && { count: { ...standing.count(), population: standing.population } }),
      }
    }),
  }
}

async function ownConditions(
  ctx: Context,
  asker: OfficeAsker,
): Promise<RouteOutcome<OfficeAnswer<'award-conditions'>>> {
  const { awards, roster } = ctx
  const { viewer } = asker
  const member = viewer.account === undefined ? undefined : roster.member(viewer.account)
  const school = roster.school(schoolOfViewer(viewer) ?? member?.school ?? '')
  const standings = await awards.rounds.standings()
  const rows: OfficeAnswer<'award-conditions'>['rows'] = []
  for (const award of awards.frame.awards) {
    const isOwn = award.subject !== 'school' && member?.roles.some((role) => role === award.subject)
    const code = award.subject === 'school' ? school?.code : isOwn ? member?.account : undefined
    const of = code === undefined ? undefined : awards.frame.nominee(award, code)
    const standing = standings.of(award.name)
    if (!of || !standing) continue
    const may = await awards.frame.check(await awardActor(ctx, asker), { kind: 'conditions', of })
    if (!may.ok) return awardWorded(ctx, asker, may)
    const found = standing.candidate(of.code)
    rows.push({
      ...{ award: award.name, name: of.name },
      selected: found?.selected ?? false,
      outside: found ? '' : outsideText(awardSayer(ctx, asker), award, of),
      conditions: found ? conditionsOf(ctx, asker, found) : [],
    })
  }
  return answered({ rows })
}

function outsideText(
  say: Translate,
  award: Award,
  { name, stage }: { name: string; stage?: string | undefined },
): string {
  const isOut = award.conditions.some(
    (one) => one.kind === 'not-stage' && stage !== undefined && one.stages.includes(stage),
  )
  const params = { award: award.name, name, stage: stage ?? '' }
  if (isOut) return say('outside.stage', params)
  const isNominated = award.conditions.some(({ kind }) => kind === 'rubric')
  return say(isNominated ? 'outside.not-nominated' : 'outside.unranked', params)
}

function conditionsOf(ctx: Context, asker: OfficeAsker, { conditions }: AwardCandidate) {
  const say = awardSayer(ctx, asker)
  return conditions.map((state: ConditionState) => ({ met: state.met, text: conditionText(say, state) }))
}

async function boardOf(
  ctx: Context,
  asker: OfficeAsker,
  { award, page, search }: { award: string; page: number; search: string },
): Promise<RouteOutcome<OfficeAnswer<'award-board'>>> {
  const { awards, roster } = ctx
  const may = await awards.frame.check(await awardActor(ctx, asker), { kind: 'steer' })
  if (!may.ok) return awardWorded(ctx, asker, may)
  const standing = (await awards.rounds.standings()).of(award)
  if (!standing) return declined('no-such-award')
  const wanted = search.trim() ? [...searched(ctx, standing, search)] : undefined
  const { offset, ...place } = pageOfList(wanted?.length ?? standing.population, page, PAGE)
  const shown = wanted?.slice(offset, offset + PAGE) ?? [...standing.candidates(offset, PAGE)]
  return answered({
    ...place,
    first: standing.award.first ?? 0,
    over: standing.overBy,
    rows: shown.map((one) => ({
      ...{ code: one.code, rank: one.rank, score: one.score, selected: one.selected },
      name: shownName(asker, standing.award, one),
      school: standing.award.subject === 'school' ? '' : (roster.school(one.school)?.name ?? ''),
      conditions: conditionsOf(ctx, asker, one),
    })),
  })
}

function* searched({ roster }: Context, standing: AwardStanding, search: string): Generator<AwardCandidate> {
  const key = questionKey(search)
  for (const one of standing.candidates()) {
    const school = roster.school(one.school)?.name ?? ''
    if ([one.name, one.code, school].some((text) => questionKey(text).includes(key))) yield one
  }
}

function shownName(
  { viewer }: OfficeAsker,
  { subject }: Award,
  { name, code, school }: AwardCandidate,
): string {
  if (subject === 'school') return name
  return nameFor(viewer, { account: code, school, name }) ?? maskName(name)
}
