import { actOnNomination, takesQuota } from '@space-assistant/core/awards/nomination'
import type { NominationAct } from '@space-assistant/core/awards/nomination'
import { isReserve, quotaMeter, shareMeters } from '@space-assistant/core/awards/quota'
import type { QuotaMeter, ShareMeter } from '@space-assistant/core/awards/quota'
import { administers, isStaff, townsOf } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { attempt, done, refused, rollback } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { dayOf, formatDay } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import type { Award } from '@space-assistant/core/scheme/scheme'
import type { AwardRoundState } from '@space-assistant/core/awards/round'
import type { AwardActor, AwardFrame, AwardNominee } from './frame'
import type { AwardNominationRow, AwardRoundRow } from './table'
import words from './words.json'

/** A nomination as its nominator and staff see it. */
export interface NominationView {
  row: AwardNominationRow
  nominee: AwardNominee | undefined
  meter: QuotaMeter
  /** Whether it takes a place of the reserve. */
  isReserve: boolean
}

/** How far the quota of an award is used by one unit. */
export interface NominationMeter {
  award: string
  meter: QuotaMeter
}

/** Towns and schools that have nominated; `stages` are those of the schools that nominate for themselves. */
export interface NominationProgress {
  state: AwardRoundState
  units: ReadonlySet<string>
  stages: readonly string[]
}

/** How large a part of an award's nominees is of a kind that the scheme asks for. */
export interface NominationShare extends ShareMeter {
  award: string
}

/** Who is nominated for what, within quota and until the deadline. */
export class Nominations {
  constructor(
    private readonly frame: AwardFrame,
    private readonly now: () => Date,
  ) {}

  /** Last day on which nominations are taken: that of the phase in which they are due. */
  get deadline(): Day {
    const { phases, period } = this.frame.ctx.schemes.active
    return phases.find(({ goals }) => goals?.includes('nominations'))?.window.to ?? period.to
  }

  /** A draft, which takes no place yet; a second one for the same nominee is the first again. */
  async draft(
    actor: AwardActor,
    given: { award: string; nominee: string; remark?: string },
  ): Promise<Outcome<NominationView>> {
    const award = this.frame.award(given.award)
    if (!award) return refused('unknown-award', { award: given.award })
    const nominee = this.frame.nominee(award, given.nominee)
    if (!nominee) return refused('unknown-nominee', { nominee: given.nominee })
    const may = await this.frame.check(actor, { kind: 'nominate', nominee })
    if (!may.ok) return may
    const fault = this.faultOf(award, nominee)
    if (fault) return fault
    const unit = unitOf(actor.viewer, nominee)
    const { store } = this.frame
    return attempt(() =>
      store.write(async (round) => {
        if (round.state !== 'nominating' || this.today > this.deadline)
          rollback('nominating-closed', { deadline: formatDay(this.deadline) })
        const known = await store.rows('space_award_nomination', 'AND award = ? AND nominee = ?', [
          award.name,
          nominee.code,
        ])
        const [again] = known.filter(({ state }) => state !== 'withdrawn')
        if (again && again.unit !== unit) rollback('nominated-elsewhere', { unit: again.unit })
        if (again && again.state !== 'draft') rollback('already-nominated', { id: again.id })
        const row: AwardNominationRow = again ?? {
          ...{ scheme: store.scheme, id: await store.nextId('space_award_nomination') },
          ...{ award: award.name, nominee: nominee.code, school: nominee.school, unit },
          ...{ state: 'draft', remark: '', reason: '', createdAt: this.now().getTime() },
        }
        const full = { ...row, remark: (given.remark ?? row.remark).slice(0, 500) }
        await store.put('space_award_nomination', full)
        const log = { actor: actor.name, act: 'nominate' as const, subject: `${award.name} ${nominee.code}` }
        if (!again) await store.log({ ...log, after: 'draft', reason: full.remark })
        else if (again.remark !== full.remark)
          await store.log({ ...log, before: again.remark, after: full.remark })
        return this.view(full)
      }),
    )
  }

  private faultOf(award: Award, { account, stage, code }: AwardNominee): Outcome<never> | undefined {
    const member = account === undefined ? undefined : this.frame.ctx.roster.member(account)
    const isActive = member?.state === 'active' && member.roles.some((role) => role === award.subject)
    if (account !== undefined && !isActive) return refused('nominee-not-active', { nominee: code })
    const isOut = award.conditions.some(
      (one) => one.kind === 'not-stage' && stage !== undefined && one.stages.includes(stage),
    )
    if (isOut) return refused('nominee-stage-excluded', { stage: stage ?? '', award: award.name })
    return this.frame.rubric(award) ? undefined : refused('award-not-nominated', { award: award.name })
  }

  /** Submits, withdraws (the nominator), returns, accepts or vetoes (staff) a nomination. */
  async act(
    actor: AwardActor,
    { id, act, reason = '' }: { id: number; act: NominationAct; reason?: string },
  ): Promise<Outcome<NominationView>> {
    const { store } = this.frame
    const [row] = await store.rows('space_award_nomination', 'AND id = ?', [id])
    if (!row || !(await this.maySee(actor, row))) return refused('no-such-nomination', { id })
    const isOwn = act === 'submit' || act === 'withdraw'
    const award = this.frame.award(row.award)
    const nominee = award && this.frame.nominee(award, row.nominee)
    if (!award || !nominee) return refused('no-such-nomination', { id })
    const may = await this.frame.check(actor, isOwn ? { kind: 'nominate', nominee } : { kind: 'steer' })
    if (!may.ok) return may
    return attempt(() => store.write((round) => this.store(actor, { round, award, id, act, reason })))
  }

  private async store(
    actor: AwardActor,
    of: { round: AwardRoundRow; award: Award; id: number; act: NominationAct; reason: string },
  ): Promise<NominationView> {
    const { store } = this.frame
    const { round, id, act, reason } = of
    const [row] = await store.rows('space_award_nomination', 'AND id = ?', [id])
    if (!row) rollback('no-such-nomination', { id })
    const [meter] = await this.meterWith(row)
    const facts = { state: row.state, round: round.state, deadline: this.deadline, today: this.today, meter }
    const result = actOnNomination(facts, act, reason)
    if (!result.ok) {
      const { group, places = 0, reserve, used } = meter
      const params = {
        id,
        deadline: formatDay(this.deadline),
        group,
        places,
        reserve,
        used,
        ...result.params,
      }
      const last = result.code === 'quota-exceeded' ? await this.lastOf(row) : undefined
      rollback(result.code, { ...params, last: last?.id ?? 0 })
    }
    const next = { ...row, state: result.state, reason }
    await store.put('space_award_nomination', next)
    const subject = `${row.award} ${row.nominee}`
    await store.log({
      actor: actor.name,
      act: `nomination-${act}`,
      subject,
      before: row.state,
      after: next.state,
      reason,
    })
    return this.view(next)
  }

  /** Whom to withdraw when there are too many: the one that was nominated last. */
  private async lastOf({ award, unit, id }: AwardNominationRow): Promise<AwardNominationRow | undefined> {
    const rows = await this.frame.store.rows('space_award_nomination', 'AND award = ? ORDER BY id DESC', [
      award,
    ])
    return rows.find((row) => row.unit === unit && row.id !== id && takesQuota(row.state))
  }

  /** How far nominating and judging are, without a nominee: what reminders of a phase rest on. */
  async progress(): Promise<NominationProgress> {
    const { store } = this.frame
    const [{ state }, rows] = await Promise.all([store.round(), store.rows('space_award_nomination')])
    const units = new Set(rows.filter((row) => takesQuota(row.state)).map(({ unit }) => unit))
    return { state, units, stages: words.nominatingStages }
  }

  /** What a viewer may see: staff everything, a nominator the own unit's. */
  async list(actor: AwardActor): Promise<Outcome<NominationView[]>> {
    const { viewer } = actor
    const isNominator =
      townsOf(viewer).length > 0 || viewer.grants.some(({ kind }) => kind === 'administrator')
    if (!isStaff(viewer) && !isNominator) return refused('not-a-nominator')
    if (viewer.place.kind === 'group' && viewer.place.purpose !== 'staff') return refused('private-only')
    const rows = await this.frame.store.rows('space_award_nomination', 'ORDER BY id')
    const own: NominationView[] = []
    for (const row of rows) if (await this.maySee(actor, row)) own.push(await this.view(row))
    return done(own)
  }

  /** The awards for which somebody nominates, with the quota's meter of each unit, used or not. */
  async meters(actor: AwardActor): Promise<Outcome<NominationMeter[]>> {
    const views = await this.list(actor)
    if (!views.ok) return views
    const rows = await this.frame.store.rows('space_award_nomination')
    return done(
      this.frame.awards
        .filter((award) => this.frame.rubric(award))
        .flatMap((award) => {
          const groups = new Set(this.ownGroups(actor.viewer, award))
          for (const { row } of views.value)
            if (row.award === award.name) groups.add(this.groupOf(award, row))
          return [...groups].map((group) => ({
            award: award.name,
            meter: quotaMeter(award.quota, group, this.used(award, rows, group).length),
          }))
        }),
    )
  }

  /** The shares that the scheme asks for, over the nominations that somebody may see. */
  async shares(actor: AwardActor): Promise<Outcome<NominationShare[]>> {
    const views = await this.list(actor)
    if (!views.ok) return views
    return done(
      this.frame.awards.flatMap(({ name, quota }) => {
        const own = views.value.filter(({ row }) => row.award === name && takesQuota(row.state))
        const places = own.map(({ row, nominee }) => nominee ?? { school: row.school })
        return shareMeters(quota?.shares ?? [], places).map((meter) => ({ award: name, ...meter }))
      }),
    )
  }

  /** The groups whose quota somebody uses whatever is nominated: the own town, or the own school that nominates itself. */
  private ownGroups(viewer: Viewer, { quota }: Award): string[] {
    if (quota?.per === 'stage') return []
    const { roster } = this.frame.ctx
    const schools = viewer.grants.flatMap((grant) => {
      const school = grant.kind === 'administrator' ? roster.school(grant.school) : undefined
      return school && words.nominatingStages.includes(school.stage ?? '') ? [school.name] : []
    })
    return [...townsOf(viewer), ...schools]
  }

  /** Whom somebody may nominate for an award: by a part of a name, an account or a code, so many at most. */
  async nominees(
    actor: AwardActor,
    { award: name, text, limit = 20 }: { award: string; text: string; limit?: number },
  ): Promise<Outcome<AwardNominee[]>> {
    const award = this.frame.award(name)
    if (!award) return refused('unknown-award', { award: name })
    const { roster } = this.frame.ctx
    const all = award.subject === 'school' ? roster.schools() : roster.members()
    const found: AwardNominee[] = []
    let refusal: Outcome<never> | undefined
    for (const one of all) {
      if (found.length >= limit) break
      const code = 'account' in one ? one.account : one.code
      if (!(one.name.includes(text) || code === text)) continue
      const nominee = this.frame.nominee(award, code)
      if (!nominee || this.faultOf(award, nominee)) continue
      const may = await this.frame.check(actor, { kind: 'nominate', nominee })
      if (may.ok) found.push(nominee)
      else if (may.code !== 'other-unit') refusal = may
    }
    return found.length || !refusal ? done(found) : refusal
  }

  private async maySee(actor: AwardActor, { unit, school }: AwardNominationRow): Promise<boolean> {
    const { viewer } = actor
    if (townsOf(viewer).includes(unit)) return true
    if (administers(viewer, school) && unit === this.frame.ctx.roster.school(school)?.name) return true
    return isStaff(viewer) && (await this.frame.check(actor, { kind: 'steer' })).ok
  }

  async view(row: AwardNominationRow): Promise<NominationView> {
    const award = this.frame.award(row.award)
    const [meter, position] = await this.meterWith(row)
    const nominee = award && this.frame.nominee(award, row.nominee)
    return { row, nominee, meter, isReserve: takesQuota(row.state) && isReserve(meter, position) }
  }

  /** The quota's meter with this nomination among the used, and how many of them were nominated before it. */
  private async meterWith(row: AwardNominationRow): Promise<[meter: QuotaMeter, position: number]> {
    const award = this.frame.award(row.award)
    if (!award) return [quotaMeter(undefined, row.unit, 1), 0]
    const rows = await this.frame.store.rows('space_award_nomination', 'AND award = ?', [row.award])
    const group = this.groupOf(award, row)
    const used = this.used(award, rows, group).filter(({ id }) => id !== row.id)
    const before = used.filter(({ id }) => id < row.id).length
    return [quotaMeter(award.quota, group, used.length + 1), before]
  }

  private groupOf({ quota }: Award, { unit, school }: AwardNominationRow): string {
    return quota?.per === 'stage' ? (this.frame.ctx.roster.school(school)?.stage ?? '') : unit
  }

  private used(award: Award, rows: readonly AwardNominationRow[], group: string): AwardNominationRow[] {
    return rows.filter(
      (row) => row.award === award.name && takesQuota(row.state) && this.groupOf(award, row) === group,
    )
  }

  private get today(): Day {
    return dayOf(this.now())
  }
}

/** The unit for which somebody nominates: the town of the nominee, else the nominee's own school. */
function unitOf(viewer: Viewer, { town, schoolName }: AwardNominee): string {
  return town !== undefined && townsOf(viewer).includes(town) ? town : schoolName
}
