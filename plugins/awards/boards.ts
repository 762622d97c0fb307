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
    const { all } = await this.rounds.standings()
    const counts = all.map((standing) => {
      const { award, population } = standing
      return { award: award.name, first: award.first, population, ...standing.count() }
    })
    const isKept = isPublished(state) || state === 'tallied'
    const changed = isKept ? (await this.rounds.difference()).length : 0
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
    const { all } = await this.rounds.standings()
    return done(
      all
        .filter((one) => award === undefined || one.award.name === award)
        .map((standing) => {
          const usual = Math.min((standing.award.first ?? 0) + standing.overBy + SHOWN_BEHIND, SHOWN)
          return { standing, candidates: [...standing.candidates(from, count ?? usual)] }
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
    const [standings, results] = [await this.rounds.standings(), await this.publishedCodes(round.state)]
    return done(
      known.flatMap(({ award, nominee }) => {
        const standing = standings.of(award)
        if (!standing) return []
        const candidate = standing.candidate(nominee.code)
        const outside = candidate ? undefined : outsideOf(standing, nominee)
        const published = results && (results.has(keyOf({ award, code: nominee.code })) ? 'in' : 'out')
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

  private async publishedCodes(state: AwardRoundState): Promise<Set<string> | undefined> {
    if (!isPublished(state)) return undefined
    const rows = await this.frame.store.rows('space_award_result', 'AND selected = ?', [awardOutcomes.in])
    return new Set(rows.map(keyOf))
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
