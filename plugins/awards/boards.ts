import { awardRoundStates, isPublished, isSecret } from '@space-assistant/core/awards/round'
import type { AwardRoundState } from '@space-assistant/core/awards/round'
import type { AwardBoard, AwardCandidate, AwardStanding } from '@space-assistant/core/awards/standing'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { schoolOfViewer } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Day } from '@space-assistant/core/calendar/day'
import type { AwardActor, AwardFrame, AwardNominee } from './frame'
import { awardOutcomes } from './table'
import type { AwardResultRow } from './table'
import type { AwardRounds } from './rounds'

/** An award and whom it is asked about, by account or school code. */
export interface AwardTarget {
  award: string
  code: string
}

/** How somebody stands in an award; without a candidate, why there is none. */
export interface TargetConditions {
  standing: AwardStanding
  nominee: AwardNominee
  candidate: AwardCandidate | undefined
  outside: 'stage' | 'not-nominated' | 'unranked' | undefined
  /** What the published list says; undefined before. */
  published: 'in' | 'out' | undefined
}

/** Where the round stands; the counts are for staff. */
export interface AwardOverview {
  state: AwardRoundState
  next: AwardRoundState | undefined
  /** First and last day of publicity; 0 before it is announced. */
  publicFrom: Day
  publicTo: Day
  /** The newest import when it was tallied; 0 before. */
  dataImport: number
  counts?: { award: string; first: number | undefined; population: number; selected: number; open: number }[]
  /** How many results would be others by the data of now; 0 before the tally. */
  changed?: number
}

/** What is shown of conditions and boards, to whom it may be shown. */
export class AwardBoards {
  constructor(
    private readonly frame: AwardFrame,
    private readonly rounds: AwardRounds,
  ) {}

  /** Where the round stands, for everybody; with how many are in and open, for staff. */
  async overview(actor: AwardActor): Promise<AwardOverview> {
    const round = await this.frame.store.round()
    const { state, publicFrom, publicTo } = round
    const next = awardRoundStates[awardRoundStates.indexOf(state) + 1]
    const open = { state, next, publicFrom, publicTo, dataImport: round.dataImport }
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return { ...open, dataImport: 0 }
    const [{ all }, tallied] = [await this.rounds.standings(), await this.tallied(state)]
    const counts = all.map((standing) => {
      const { award, population } = standing
      const count = tallied?.count(award.name) ?? standing.count()
      return { award: award.name, first: award.first, population, ...count }
    })
    const changed = tallied ? (await this.rounds.difference()).length : 0
    return { ...open, counts, changed }
  }

  /** Boards of all awards, or of one, for staff: so many candidates from a position on; without a count, up to N and a few. */
  async boards(
    actor: AwardActor,
    { award, from = 0, count }: { award?: string; from?: number; count?: number } = {},
  ): Promise<Outcome<AwardBoard[]>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    if (award !== undefined && !this.frame.award(award)) return refused('unknown-award', { award })
    const { state } = await this.frame.store.round()
    const [{ all }, tallied] = [await this.rounds.standings(), await this.tallied(state)]
    return done(
      all
        .filter((one) => award === undefined || one.award.name === award)
        .map((standing) => {
          const { name, first = 0 } = standing.award
          const usual = Math.min(first + standing.overBy + SHOWN_BEHIND, SHOWN)
          const candidates = [...standing.candidates(from, count ?? usual)]
          if (!tallied) return { standing, candidates, count: standing.count() }
          const kept = candidates.map((one) => tallied.apply(name, one))
          return { standing, candidates: kept, count: tallied.count(name) }
        }),
    )
  }

  /** The awards that a viewer is asked about when nothing is said: the own ones and those of the own school. */
  ownTargets(viewer: Viewer): AwardTarget[] {
    return this.frame.awards.flatMap(({ name, subject }) => {
      const code = subject === 'school' ? schoolOfViewer(viewer) : viewer.account
      return code !== undefined && this.isSubject(subject, code) ? [{ award: name, code }] : []
    })
  }

  /** Every condition as it stands; refused as a whole for whoever may not know one of them. */
  async conditions(
    actor: AwardActor,
    targets: readonly AwardTarget[] = this.ownTargets(actor.viewer),
  ): Promise<Outcome<TargetConditions[]>> {
    const round = await this.frame.store.round()
    const known = targets.flatMap(({ award: name, code }) => {
      const award = this.frame.award(name)
      const nominee = award && this.isSubject(award.subject, code) && this.frame.nominee(award, code)
      return nominee ? [{ award: name, nominee }] : []
    })
    for (const { nominee } of known) {
      const may = await this.frame.check(actor, { kind: 'conditions', of: nominee })
      if (!may.ok) return may
    }
    if (!known.length) return refused(isSecret(round.state) ? 'award-secret' : 'whom-unknown')
    const [standings, tallied] = [await this.rounds.standings(), await this.tallied(round.state)]
    return done(
      known.flatMap(({ award, nominee }) => {
        const standing = standings.of(award)
        if (!standing) return []
        const { code } = nominee
        const current = standing.candidate(code)
        const candidate = current && tallied ? tallied.apply(award, current) : current
        const outside = candidate ? undefined : outsideOf(standing, nominee)
        const isWinner = tallied?.selected(award, code) === true
        const published = isPublished(round.state) ? (isWinner ? 'in' : 'out') : undefined
        return [{ standing, nominee, candidate, outside, published }]
      }),
    )
  }

  /** Awards of people are asked about for people, those of schools for schools. */
  private isSubject(subject: string, code: string): boolean {
    const { roster } = this.frame.ctx
    if (subject === 'school') return roster.school(code) !== undefined
    return roster.member(code)?.roles.some((role) => role === subject) ?? false
  }

  /** What was tallied and has been decided since; undefined before the tally. */
  private async tallied(state: AwardRoundState): Promise<TalliedResults | undefined> {
    if (state !== 'tallied' && !isPublished(state)) return undefined
    return new TalliedResults(await this.frame.store.rows('space_award_result'))
  }
}

/** How an award came out: data that come after the tally change nothing of it. */
class TalliedResults {
  private readonly outcomes: Map<string, number>

  constructor(private readonly rows: readonly AwardResultRow[]) {
    this.outcomes = new Map(rows.map((row) => [keyOf(row), row.selected]))
  }

  /** null is not decided; false for whoever was not among the first. */
  selected(award: string, code: string): boolean | null {
    const outcome = this.outcomes.get(keyOf({ award, code }))
    return outcome === awardOutcomes.open ? null : outcome === awardOutcomes.in
  }

  apply(award: string, candidate: AwardCandidate): AwardCandidate {
    return { ...candidate, selected: this.selected(award, candidate.code) }
  }

  count(award: string): { selected: number; open: number } {
    const own = this.rows.filter((row) => row.award === award)
    const count = (outcome: number) => own.filter(({ selected }) => selected === outcome).length
    return { selected: count(awardOutcomes.in), open: count(awardOutcomes.open) }
  }
}

const SHOWN_BEHIND = 3
const SHOWN = 40

const keyOf = ({ award, code }: AwardTarget) => JSON.stringify([award, code])

function outsideOf({ award }: AwardStanding, { stage }: AwardNominee): TargetConditions['outside'] {
  const isOut = award.conditions.some(
    (one) => one.kind === 'not-stage' && stage !== undefined && one.stages.includes(stage),
  )
  if (isOut) return 'stage'
  return award.conditions.some(({ kind }) => kind === 'rubric') ? 'not-nominated' : 'unranked'
}
