import { randomInt } from 'node:crypto'
import { publicityPeriod } from '@space-assistant/core/awards/publicity'
import { isObjectionOpen } from '@space-assistant/core/awards/objection'
import { isPublished, stepBackOf, stepRound } from '@space-assistant/core/awards/round'
import type { AwardRoundFacts, AwardRoundState } from '@space-assistant/core/awards/round'
import type { AwardStandings } from '@space-assistant/core/awards/standing'
import { attempt, done, refused, rollback } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { operator } from '@space-assistant/core/access/viewer'
import type {} from 'koishi-plugin-space-imports'
import { dayOf } from '@space-assistant/core/calendar/day'
import type { AwardMessages } from './announcing'
import type { AwardActor, AwardFrame } from './frame'
import { isSheetOpen } from './judging'
import type { SheetBook } from './sheet-book'
import { awardOutcomes } from './table'
import type { AwardCertificateRow, AwardResultRow, AwardRoundRow } from './table'

/** What has become of a step. */
export interface SteppedRound {
  round: AwardRoundRow
  back: boolean
}

/** How results would differ if they were tallied by the data of today. */
export interface ResultDifference {
  award: string
  code: string
  before: AwardResultRow['selected'] | undefined
  after: AwardResultRow['selected'] | undefined
}

/** A round from the draft to the exhibition. */
export class AwardRounds {
  constructor(
    private readonly frame: AwardFrame,
    private readonly book: SheetBook,
    private readonly means: { now: () => Date; messages: AwardMessages },
  ) {}

  /** Where the round stands; no secret. */
  state(): Promise<AwardRoundRow> {
    return this.frame.store.round()
  }

  /** Takes a round to its next state, or one back with a reason. */
  async step(
    actor: AwardActor,
    { to, reason = '', force = false }: { to: AwardRoundState | 'back'; reason?: string; force?: boolean },
  ): Promise<Outcome<SteppedRound>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const { store } = this.frame
    return attempt(() =>
      store.write(async (round) => {
        const goal = to === 'back' ? stepBackOf(round.state) : to
        if (!goal) rollback('no-such-step')
        const facts = await this.facts(round)
        const result = stepRound(facts, { to: goal, reason }, force)
        if (!result.ok) rollback(result.code, { count: result.count ?? 0 })
        await this.enter(result.state, round, result.back)
        const log = {
          actor: actor.name,
          act: result.back ? ('step-back' as const) : ('step' as const),
          subject: store.scheme,
          reason,
        }
        await store.log({ ...log, before: round.state, after: result.state })
        const next = await store.round()
        await this.means.messages.follow(round, next)
        return { round: next, back: result.back }
      }),
    )
  }

  private async facts(round: AwardRoundRow): Promise<AwardRoundFacts> {
    const { store } = this.frame
    const [nominations, sheets, objections, results] = await Promise.all([
      store.rows('space_award_nomination'),
      store.rows('space_award_sheet'),
      store.rows('space_award_objection'),
      store.rows('space_award_result'),
    ])
    const since = objections.filter(({ answeredAt }) => Number(answeredAt) >= round.publicAt)
    return {
      state: round.state,
      unchecked: nominations.filter(({ state }) => state === 'submitted' || state === 'returned').length,
      openSheets: sheets.filter(isSheetOpen).length,
      openObjections: objections.filter(({ state }) => isObjectionOpen(state)).length,
      upheldObjections: since.filter(({ state }) => state === 'upheld').length,
      publicityOver: round.publicTo > 0 && dayOf(this.means.now()) > round.publicTo,
      undecided: results.filter(({ selected }) => selected === awardOutcomes.open).length,
    }
  }

  /** What entering a state brings with it, in the same transaction. */
  private async enter(state: AwardRoundState, round: AwardRoundRow, back: boolean): Promise<void> {
    const { store } = this.frame
    if (state === 'tallied' && !back) await this.tally()
    if (state === 'judging' && back) await store.remove('space_award_result')
    if (state === 'publicity') {
      const { from, to } = this.publicity()
      await store.setRound({ publicFrom: from, publicTo: to, publicAt: this.means.now().getTime() })
    }
    if (back && isPublished(round.state) && !isPublished(state))
      await store.setRound({ publicFrom: 0, publicTo: 0 })
    if (state === 'decided' && !back) await this.copyNames()
    if (state === 'commended' && !back) await this.issueCertificates()
    await store.setRound({ state })
  }

  /** The publicity period if it were announced today: the longest that an award asks for. */
  publicity() {
    const today = dayOf(this.means.now())
    const { calendar } = this.frame.ctx.schemes
    const periods = this.frame.awards.map(({ publicity }) => publicityPeriod(today, publicity, calendar))
    return periods.reduce(
      (longest, one) => (one.to > longest.to ? one : longest),
      periods[0] ?? { from: today + 1, to: today + 1, known: true },
    )
  }

  /** Keeps how every award comes out by the data of this moment; later imports change nothing of it. */
  private async tally(): Promise<void> {
    const { store } = this.frame
    await store.remove('space_award_result')
    await store.put('space_award_result', ...this.outcomesOf(await this.standings()))
    const history = await this.frame.ctx.get('imports')?.history(operator, 1)
    await store.setRound({ dataImport: history?.ok ? (history.value[0]?.id ?? 0) : 0 })
  }

  /** Every award as it stands now; whoever asks for it has checked who may see it. */
  async standings(): Promise<AwardStandings> {
    return this.frame.standings(await this.book.results())
  }

  /** Winners, those not decided, and every nominee who was judged. */
  private outcomesOf(standings: AwardStandings): Omit<AwardResultRow, 'scheme'>[] {
    return standings.all.flatMap((standing) => {
      const { award } = standing
      const isJudged = this.frame.rubric(award) !== undefined
      const rows: Omit<AwardResultRow, 'scheme'>[] = []
      for (const { code, name, school, rank, score, selected } of standing.candidates()) {
        if (selected === false && !isJudged) continue
        const known = this.frame.ctx.roster.school(school)
        rows.push({
          ...{
            award: award.name,
            code,
            name,
            school,
            schoolName: known?.name ?? school,
            town: known?.town ?? '',
          },
          ...{ place: rank ?? 0, score: score ?? 0, link: '', hidden: 0 },
          selected: selected === null ? awardOutcomes.open : selected ? awardOutcomes.in : awardOutcomes.out,
        })
      }
      return rows
    })
  }

  /** What would come out differently by the data of now; empty while nothing newer changes anything. */
  async difference(): Promise<ResultDifference[]> {
    const kept = await this.frame.store.rows('space_award_result')
    const now = this.outcomesOf(await this.standings())
    const key = ({ award, code }: { award: string; code: string }) => JSON.stringify([award, code])
    const [before, after] = [kept, now].map((rows) => new Map(rows.map((row) => [key(row), row])))
    const all = new Map([...(before ?? []), ...(after ?? [])])
    return [...all].flatMap(([at, { award, code }]) => {
      const [old, fresh] = [before?.get(at)?.selected, after?.get(at)?.selected]
      const wasDecided = old !== undefined && fresh === awardOutcomes.open
      return (old ?? awardOutcomes.out) === (fresh ?? awardOutcomes.out) || wasDecided
        ? []
        : [{ award, code, before: old, after: fresh }]
    })
  }

  /** Staff decide: a judgement before the tally, a tie or an open place after it. */
  async decide(
    actor: AwardActor,
    { award, code, yes, reason }: { award: string; code: string; yes: boolean; reason: string },
  ): Promise<Outcome<void>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const known = this.frame.award(award)
    if (!known) return refused('unknown-award', { award })
    if (!this.frame.nominee(known, code)) return refused('unknown-nominee', { nominee: code })
    if (!reason.trim()) return refused('verdict-reason-needed')
    const { store } = this.frame
    return attempt(() =>
      store.write(async ({ state }) => {
        if (isPublished(state)) rollback('published-already')
        const [result] = await store.rows('space_award_result', 'AND award = ? AND code = ?', [award, code])
        if (state === 'tallied') {
          if (!result) rollback('not-a-candidate')
          if (yes && this.frame.rubric(known) && !result.place) rollback('too-few-sheets')
          await store.put('space_award_result', {
            ...result,
            selected: yes ? awardOutcomes.in : awardOutcomes.out,
          })
        } else if (!known.conditions.some(({ kind }) => kind === 'judgement'))
          rollback('no-judgement', { award })
        else await store.put('space_award_verdict', { award, code, verdict: yes ? 1 : 0, reason })
        const log = { actor: actor.name, act: 'verdict' as const, subject: `${award} ${code}`, reason }
        await store.log({ ...log, before: String(result?.selected ?? ''), after: String(yes) })
      }),
    )
  }

  /** Results of everybody; staff see them from the tally on, others once they are published. */
  async results(actor: AwardActor): Promise<Outcome<AwardResultRow[]>> {
    const isStaffNow = (await this.frame.check(actor, { kind: 'steer' })).ok
    const may = isStaffNow ? done(undefined) : await this.frame.check(actor, { kind: 'results' })
    if (!may.ok) return may
    const rows = await this.frame.store.rows('space_award_result', 'ORDER BY award, place, code')
    return done(isStaffNow ? rows : rows.filter(({ selected }) => selected === awardOutcomes.in))
  }

  /** A name that changes later must not change what was decided. */
  private async copyNames(): Promise<void> {
    const { store, ctx } = this.frame
    for (const row of await store.rows('space_award_result')) {
      const award = this.frame.award(row.award)
      const nominee = award && this.frame.nominee(award, row.code)
      if (!nominee) continue
      const town = ctx.roster.school(nominee.school)?.town ?? ''
      await store.put('space_award_result', {
        ...row,
        name: nominee.name,
        schoolName: nominee.schoolName,
        town,
      })
    }
  }

  /**
   * One number for each winner. Whoever has one keeps it, but for another name, which is another certificate; who does
   * not win any more has none that is valid.
   */
  private async issueCertificates(): Promise<void> {
    const { store } = this.frame
    const rows = await store.rows('space_award_result', 'AND selected = 1 ORDER BY place, code')
    // Numbers follow the scheme's order of awards.
    const winners = this.frame.awards.flatMap(({ name }) => rows.filter(({ award }) => award === name))
    const known = await store.rows('space_award_certificate')
    const valid = known.filter(isCertificateValid)
    const [issuedAt, changed] = [this.means.now().getTime(), [] as Omit<AwardCertificateRow, 'scheme'>[]]
    let count = known.length
    for (const { award, code, name, schoolName } of winners) {
      const old = valid.find((one) => one.award === award && one.code === code)
      if (old?.name === name && old.school === schoolName) continue
      const number = `${store.scheme}-${String(++count).padStart(4, '0')}`
      const fresh = { number, award, code, name, school: schoolName, checkNumber: newCheckNumber() }
      changed.push({ ...fresh, replacedBy: '', revokedAt: 0, issuedAt })
      if (old) changed.push({ ...old, replacedBy: number })
    }
    for (const old of valid) {
      const stillWins = winners.some(({ award, code }) => old.award === award && old.code === code)
      if (!stillWins) changed.push({ ...old, revokedAt: issuedAt })
    }
    await store.put('space_award_certificate', ...changed)
  }
}

/** Whether a certificate stands for itself: neither replaced nor taken back. */
export function isCertificateValid({
  replacedBy,
  revokedAt,
}: Pick<AwardCertificateRow, 'replacedBy' | 'revokedAt'>): boolean {
  return replacedBy === '' && Number(revokedAt) === 0
}

/** Six digits that nobody can guess from the number. */
export function newCheckNumber(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}
