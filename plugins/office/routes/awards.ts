import { conditionText } from '@space-assistant/core/awards/condition-text'
import type { AwardCandidate } from '@space-assistant/core/awards/standing'
import { nameFor } from '@space-assistant/core/access/visibility'
import { maskName } from '@space-assistant/core/access/masking'
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
import { nameOfAsker } from './asker'
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
export async function awardActor(ctx: Context, asker: OfficeAsker) {
  return { viewer: asker.viewer, name: await nameOfAsker(ctx, asker), chat: asker.who }
}

/** Gives a refusal of the awards the sentence that the chat has for it. */
export function awardWorded<T>(ctx: Context, asker: OfficeAsker, outcome: RouteOutcome<T>): RouteOutcome<T> {
  return worded(ctx, asker, { outcome, from: `${textsOf}.refusal` })
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
      office.events.tell('awards')
      return answered({ state: outcome.value.round.state })
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

async function roundOf(ctx: Context, asker: OfficeAsker): Promise<OfficeAnswer<'award-round'>> {
  const { boards, frame } = ctx.awards
  const {
    state,
    publicFrom,
    publicTo,
    counts,
    changed = 0,
  } = await boards.overview(await awardActor(ctx, asker))
  return {
    ...{ state, steers: counts !== undefined, changed },
    ...(publicTo && { publicity: pageSpan({ from: publicFrom, to: publicTo }) }),
    awards: frame.awards.map((award) => {
      const count = counts?.find((one) => one.award === award.name)
      const { selected, open, population } = count ?? { selected: 0, open: 0, population: 0 }
      return {
        ...{ name: award.name, subject: award.subject, judged: frame.rubric(award) !== undefined },
        ...(count && { count: { selected, open, population } }),
      }
    }),
  }
}

async function ownConditions(
  ctx: Context,
  asker: OfficeAsker,
): Promise<RouteOutcome<OfficeAnswer<'award-conditions'>>> {
  const found = await ctx.awards.boards.conditions(await awardActor(ctx, asker))
  if (!found.ok && found.code === 'whom-unknown') return answered({ rows: [] })
  if (!found.ok) return awardWorded(ctx, asker, found)
  const say = awardSayer(ctx, asker)
  return answered({
    rows: found.value.map(({ standing, nominee, candidate, outside }) => {
      const params = { award: standing.award.name, name: nominee.name, stage: nominee.stage ?? '' }
      return {
        ...{ award: standing.award.name, name: nominee.name, selected: candidate?.selected ?? false },
        outside: outside ? say(`outside.${outside}`, params) : '',
        conditions: candidate ? conditionsOf(ctx, asker, candidate) : [],
      }
    }),
  })
}

function conditionsOf(ctx: Context, asker: OfficeAsker, { conditions }: AwardCandidate) {
  const say = awardSayer(ctx, asker)
  return conditions.map((state) => ({ met: state.met, text: conditionText(say, state) }))
}

async function boardOf(
  ctx: Context,
  asker: OfficeAsker,
  { award, page, search }: { award: string; page: number; search: string },
): Promise<RouteOutcome<OfficeAnswer<'award-board'>>> {
  const { awards, roster } = ctx
  const actor = await awardActor(ctx, asker)
  const wanted = questionKey(search)
  const from = wanted ? 0 : (page - 1) * PAGE
  const found = await awards.boards.boards(actor, { award, from, count: wanted ? Infinity : PAGE })
  if (!found.ok) return awardWorded(ctx, asker, found)
  const [board] = found.value
  if (!board) return declined('no-such-award')
  const { standing } = board
  const isMeant = ({ name, code, school }: AwardCandidate) =>
    [name, code, roster.school(school)?.name ?? ''].some((text) => questionKey(text).includes(wanted))
  const all = wanted ? board.candidates.filter(isMeant) : board.candidates
  const { offset, ...place } = pageOfList(wanted ? all.length : standing.population, page, PAGE)
  return answered({
    ...place,
    first: standing.award.first ?? 0,
    over: standing.overBy,
    rows: (wanted ? all.slice(offset, offset + PAGE) : all).map((one) => ({
      ...{ code: one.code, rank: one.rank, score: one.score, selected: one.selected },
      name: shownName(asker, standing.award, one),
      school: standing.award.subject === 'school' ? '' : (roster.school(one.school)?.name ?? ''),
      conditions: conditionsOf(ctx, asker, one),
    })),
  })
}

function shownName(
  { viewer }: OfficeAsker,
  { subject }: Award,
  { name, code, school }: AwardCandidate,
): string {
  if (subject === 'school') return name
  return nameFor(viewer, { account: code, school, name }) ?? maskName(name)
}
