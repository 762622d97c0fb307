import type { AwardEvidence, AwardSnapshot } from '@space-assistant/core/awards/evidence'
import { decideAwardAccess } from '@space-assistant/core/awards/rights'
import type { AwardRequest, AwardSubjectPlace } from '@space-assistant/core/awards/rights'
import { takesQuota } from '@space-assistant/core/awards/nomination'
import { AwardStandings } from '@space-assistant/core/awards/standing'
import type { RubricResult } from '@space-assistant/core/awards/tally'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Award, Rubric } from '@space-assistant/core/scheme/scheme'
import type { Context } from 'koishi'
import type { ChatRef } from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import type { AwardStore } from './store'
import words from './words.json'

/** Who does something: for the rights, and as the log names it. */
export interface AwardActor {
  viewer: Viewer
  name: string
  /** The chat account, by which a judge is known who is not in the roster; undefined where there is none. */
  chat: ChatRef | undefined
}

/** A nominee as people read it. */
export interface AwardNominee extends AwardSubjectPlace {
  code: string
  name: string
  schoolName: string
}

/** What every part of the awards needs: the scheme in force, the store, who may do what. */
export class AwardFrame {
  constructor(
    readonly ctx: Context,
    readonly store: AwardStore,
  ) {}

  get awards(): readonly Award[] {
    return this.ctx.schemes.active.awards
  }

  award(name: string): Award | undefined {
    return this.awards.find((award) => award.name === name)
  }

  /** The rubric by which judges score an award; undefined where they don't. */
  rubric(award: Award): Rubric | undefined {
    const condition = award.conditions.find(({ kind }) => kind === 'rubric')
    if (condition?.kind !== 'rubric') return undefined
    return this.ctx.schemes.active.rubrics.find(({ name }) => name === condition.rubric)
  }

  /** Whether somebody may, now. */
  async check({ viewer }: AwardActor, request: AwardRequest): Promise<Outcome<void>> {
    const { state } = await this.store.round()
    const access = decideAwardAccess(viewer, request, { state, nominatingStages: words.nominatingStages })
    return access.allowed ? done(undefined) : refused(access.code)
  }

  /** A school or member of the roster, as an award's nominee; undefined when there is none. */
  nominee(award: Award, code: string): AwardNominee | undefined {
    const { roster } = this.ctx
    const member = award.subject === 'school' ? undefined : roster.member(code)
    if (award.subject !== 'school' && !member) return undefined
    const school = roster.school(member?.school ?? code)
    if (!school) return undefined
    const { town, stage } = school
    const place = { school: school.code, schoolName: school.name, town, stage }
    return member
      ? { ...place, code, name: member.name, account: code }
      : { ...place, code, name: school.name }
  }

  /** Every award as it stands now: by the data of this moment, what staff have decided and what judges have given. */
  async standings(rubrics: ReadonlyMap<string, readonly RubricResult[]>): Promise<AwardStandings> {
    const { scoreboard, schemes } = this.ctx
    const [nominations, verdicts, snapshot] = await Promise.all([
      this.store.rows('space_award_nomination'),
      this.store.rows('space_award_verdict'),
      this.snapshot(),
    ])
    const nominees = new Map<string, string[]>()
    for (const { award, nominee, state } of nominations) {
      if (takesQuota(state)) nominees.set(award, [...(nominees.get(award) ?? []), nominee])
    }
    const decided = new Map(
      verdicts.map(({ award, code, verdict }) => [JSON.stringify([award, code]), verdict === 1]),
    )
    const evidence: AwardEvidence = {
      board: scoreboard.board,
      ...(snapshot && { snapshot }),
      nominees,
      rubrics: new Map(
        [...rubrics].map(([award, results]) => [award, new Map(results.map((one) => [one.nominee, one]))]),
      ),
      judgement: (award, code) => decided.get(JSON.stringify([award, code])),
    }
    return new AwardStandings(schemes.active, evidence)
  }

  private async snapshot(): Promise<AwardSnapshot | undefined> {
    if (this.awards.every(({ source }) => source === 'computed')) return undefined
    return this.ctx.scoreboard.report()
  }
}
